/* Time as JavaScript has it: microseconds in a double. */
#ifndef CLOCK_H
#define CLOCK_H

#include <time.h>

static inline double microseconds_of(const struct timespec *time) {
  return (double)time->tv_sec * 1e6 + (double)(time->tv_nsec / 1000);
}

static inline double clock_now(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return microseconds_of(&now);
}

#endif
