/* Threads beside JavaScript's (thread.h). */
#define _GNU_SOURCE
#include "thread.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST 4
#define LOWEST_NICENESS -20

/* struct sched_attr (sched_setattr(2)), whose header clashes with the C library's. */
struct scheduling {
  uint32_t size, policy;
  uint64_t flags;
  int32_t niceness;
  uint32_t priority;
  uint64_t slice, deadline, period;
};

static struct started {
  void *(*work)(void *);
  int ahead;
  /* 0 before the thread runs and after its end. */
  _Atomic pid_t id;
} started[MOST];
static int count;

static void follow_scheduling(const struct started *one) {
  pid_t main = getpid(), thread = one->id;
  if (thread == 0) return;
  struct scheduling scheduling = {.size = sizeof scheduling};
  cpu_set_t processors;
  if (syscall(SYS_sched_getattr, main, &scheduling, sizeof scheduling, 0) == 0) {
    if (scheduling.policy == SCHED_OTHER) scheduling.niceness -= one->ahead;
    if (scheduling.niceness < LOWEST_NICENESS) scheduling.niceness = LOWEST_NICENESS;
    syscall(SYS_sched_setattr, thread, &scheduling, 0);
  }
  if (sched_getaffinity(main, sizeof processors, &processors) == 0)
    sched_setaffinity(thread, sizeof processors, &processors);
}

void threads_follow_scheduling(void) {
  for (int i = 0; i < count; i++) follow_scheduling(&started[i]);
}

static void *run(void *argument) {
  struct started *self = argument;
  self->id = (pid_t)syscall(SYS_gettid);
  follow_scheduling(self);
  void *result = self->work(NULL);
  self->id = 0;
  return result;
}

int thread_start(pthread_t *thread, void *(*work)(void *), int ahead) {
  sigset_t all, usual;
  if (count == MOST) return EAGAIN;
  started[count] = (struct started){.work = work, .ahead = ahead};
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &usual);
  int error = pthread_create(thread, NULL, run, &started[count]);
  pthread_sigmask(SIG_SETMASK, &usual, NULL);
  if (error == 0) count++;
  return error;
}
