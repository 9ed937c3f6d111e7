/* The thread that repeats adverts, without anything of JavaScript. */
#ifndef REPEATER_H
#define REPEATER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ABSENT -1

/* One virtual router. Times are microseconds of CLOCK_MONOTONIC. */
struct router {
  bool used, active, failed;
  int fd, flags;
  /* Of the last advert; ABSENT where the kernel numbers. */
  int identification;
  double interval, next_at, sent_at, sent;
  /* Of equal deadlines the earlier one set comes first. */
  uint64_t order;
  /* Place in the heap. */
  size_t place;
  uint8_t *bytes, *address, *control;
  size_t length, address_length, control_length;
};

/* Starts the thread; `failed` runs in it when a router could not send. 0 or an errno. */
int repeater_start(void (*failed)(void));
void repeater_stop(void);
/* Adds an active router, whose memory passes to the repeater: its index, or ABSENT without memory. */
int repeater_add(struct router *fresh);
/* The loop turns. Answers whether it did not for too long; then nothing is sent until it begins `afresh`. */
bool repeater_pulse(bool afresh);
/* Nothing is sent through fd any more. */
void repeater_abandon(int fd);
/* While the repeater is locked, routers stay as they are and nothing is sent. */
void repeater_lock(void);
void repeater_unlock(void);
/* These four need the lock. NULL for an index that is not used. */
struct router *repeater_router(int index);
/* The first failed router from an index on, which is failed no more; or ABSENT. */
int repeater_next_failed(int from);
/* Ends it and frees its memory. */
void repeater_forget(struct router *router);

#endif
