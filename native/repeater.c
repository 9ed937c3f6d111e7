/*
 * Adverts that are sent again and again by a thread of their own: a master in its steady state says the same every
 * interval, and must not fall silent while JavaScript collects garbage, reads a configuration or writes a dump.
 */
#define _GNU_SOURCE
#include "repeater.h"
#include "clock.h"
#include "thread.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/* Where an IPv4 header has its identification (RFC 791, section 3.1). */
#define IDENTIFICATION_AT 4
/* A loop that has not turned for so long is stuck: nobody should believe that this router works. */
#define PATIENCE 3000000.0

/*
 * It has little to do, but must not be late. (A shorter time slice would not help, since hundreds of adverts may be due at once.)
 */
#define AHEAD 10
/* Adverts sent while JavaScript waits for its turn. */
#define STREAK 32

static struct {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  pthread_t thread;
  bool running, ending;
  /* JavaScript waits for the mutex. */
  atomic_int wanted;
  struct router *routers;
  size_t capacity;
  /* Active routers, the earliest first. */
  int *heap;
  size_t heap_length;
  uint64_t order;
  double alive_at;
  /* Runs in the thread. */
  void (*failed)(void);
} state = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static double now(void) { return clock_now(CLOCK_MONOTONIC); }

static bool before(int a, int b) {
  const struct router *x = &state.routers[a], *y = &state.routers[b];
  return x->next_at < y->next_at || (x->next_at == y->next_at && x->order < y->order);
}

static void put(size_t place, int router) {
  state.heap[place] = router;
  state.routers[router].place = place;
}

static void rise(size_t place) {
  int router = state.heap[place];
  while (place > 0 && before(router, state.heap[(place - 1) / 2])) {
    put(place, state.heap[(place - 1) / 2]);
    place = (place - 1) / 2;
  }
  put(place, router);
}

static void sink(size_t place) {
  int router = state.heap[place];
  for (;;) {
    size_t child = 2 * place + 1;
    if (child >= state.heap_length) break;
    if (child + 1 < state.heap_length && before(state.heap[child + 1], state.heap[child])) child++;
    if (!before(state.heap[child], router)) break;
    put(place, state.heap[child]);
    place = child;
  }
  put(place, router);
}

static void deactivate(struct router *router) {
  if (!router->active) return;
  router->active = false;
  size_t place = router->place;
  int last = state.heap[--state.heap_length];
  if (place == state.heap_length) return;
  put(place, last);
  rise(place);
  sink(state.routers[last].place);
}

/* Counts from 1 and goes round without 0, which would ask the kernel for a number of its own (raw(7)). */
static void number(struct router *router) {
  router->identification = router->identification % 0xffff + 1;
  router->bytes[IDENTIFICATION_AT] = (uint8_t)(router->identification >> 8);
  router->bytes[IDENTIFICATION_AT + 1] = (uint8_t)router->identification;
}

static bool transmit(const struct router *router) {
  struct iovec data = {router->bytes, router->length};
  struct msghdr message = {
      .msg_name = router->address,
      .msg_namelen = (socklen_t)router->address_length,
      .msg_iov = &data,
      .msg_iovlen = 1,
      .msg_control = router->control,
      .msg_controllen = router->control_length,
  };
  ssize_t sent;
  do sent = sendmsg(router->fd, &message, router->flags | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent >= 0;
}

/* What fails is left to JavaScript, which tries the same advert again and says why it cannot be sent. */
static void advertise(struct router *router) {
  int identification = router->identification;
  if (identification != ABSENT) number(router);
  if (!transmit(router)) {
    router->identification = identification;
    router->failed = true;
    deactivate(router);
    state.failed();
    return;
  }
  router->sent++;
  router->sent_at = now();
  router->next_at = router->sent_at + router->interval;
  router->order = state.order++;
  sink(router->place);
}

static void wait_until(double at) {
  struct timespec time = {(time_t)(at / 1e6), 0};
  time.tv_nsec = (long)((at - (double)time.tv_sec * 1e6) * 1000);
  pthread_cond_timedwait(&state.changed, &state.mutex, &time);
}

static void *work(void *nothing) {
  (void)nothing;
  prctl(PR_SET_TIMERSLACK, 1UL);
  const struct timespec moment = {.tv_nsec = 30000};
  unsigned streak = 0;
  pthread_mutex_lock(&state.mutex);
  while (!state.ending) {
    double time = now();
    if (state.heap_length == 0 || time - state.alive_at > PATIENCE) {
      pthread_cond_wait(&state.changed, &state.mutex);
      continue;
    }
    struct router *first = &state.routers[state.heap[0]];
    if (first->next_at > time) {
      wait_until(first->next_at);
      continue;
    }
    advertise(first);
    if (atomic_load(&state.wanted) == 0 || ++streak % STREAK != 0) continue;
    /* A moment for JavaScript to take the mutex; waiting until it has would make adverts as late as it is. */
    pthread_mutex_unlock(&state.mutex);
    nanosleep(&moment, NULL);
    pthread_mutex_lock(&state.mutex);
  }
  pthread_mutex_unlock(&state.mutex);
  return NULL;
}

void repeater_lock(void) {
  atomic_fetch_add(&state.wanted, 1);
  pthread_mutex_lock(&state.mutex);
  atomic_fetch_sub(&state.wanted, 1);
}

void repeater_unlock(void) { pthread_mutex_unlock(&state.mutex); }

int repeater_start(void (*failed)(void)) {
  state.failed = failed;
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&state.changed, &monotonic);
  pthread_condattr_destroy(&monotonic);
  state.alive_at = now();
  int error = thread_start(&state.thread, work, AHEAD);
  state.running = error == 0;
  return error;
}

void repeater_stop(void) {
  repeater_lock();
  state.ending = true;
  pthread_cond_signal(&state.changed);
  repeater_unlock();
  if (state.running) pthread_join(state.thread, NULL);
  state.running = false;
}

bool repeater_pulse(bool afresh) {
  repeater_lock();
  bool stuck = now() - state.alive_at > PATIENCE;
  if (!stuck || afresh) {
    state.alive_at = now();
    if (stuck) pthread_cond_signal(&state.changed);
  }
  repeater_unlock();
  return stuck;
}

void repeater_forget(struct router *router) {
  deactivate(router);
  free(router->bytes);
  free(router->address);
  free(router->control);
  memset(router, 0, sizeof *router);
}

/* A number for the router: the lowest that is free. */
static int unused(void) {
  for (size_t i = 0; i < state.capacity; i++)
    if (!state.routers[i].used) return (int)i;
  size_t capacity = state.capacity ? 2 * state.capacity : 64;
  struct router *routers = realloc(state.routers, capacity * sizeof *routers);
  if (routers) state.routers = routers;
  int *heap = realloc(state.heap, capacity * sizeof *heap);
  if (heap) state.heap = heap;
  if (!routers || !heap) return ABSENT;
  memset(routers + state.capacity, 0, (capacity - state.capacity) * sizeof *routers);
  int first = (int)state.capacity;
  state.capacity = capacity;
  return first;
}

int repeater_add(struct router *fresh) {
  repeater_lock();
  int index = fresh->bytes && fresh->address ? unused() : ABSENT;
  if (index == ABSENT) {
    repeater_forget(fresh);
  } else {
    fresh->used = fresh->active = true;
    fresh->order = state.order++;
    state.routers[index] = *fresh;
    put(state.heap_length++, index);
    rise(state.routers[index].place);
    if (state.heap[0] == index) pthread_cond_signal(&state.changed);
  }
  repeater_unlock();
  return index;
}

struct router *repeater_router(int index) {
  return index >= 0 && (size_t)index < state.capacity && state.routers[index].used ? &state.routers[index] : NULL;
}

int repeater_next_failed(int from) {
  for (size_t i = (size_t)from; i < state.capacity; i++) {
    if (!state.routers[i].failed) continue;
    state.routers[i].failed = false;
    return (int)i;
  }
  return ABSENT;
}

void repeater_abandon(int fd) {
  repeater_lock();
  for (size_t i = 0; i < state.capacity; i++)
    if (state.routers[i].active && state.routers[i].fd == fd) deactivate(&state.routers[i]);
  repeater_unlock();
}
