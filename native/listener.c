/*
 * The thread that listens to ears (ear.h). The event loop's own turn costs more than all else about an advert that was
 * expected: so it is left out, until something comes that is not.
 */
#define _GNU_SOURCE
#include "ear.h"
#include "thread.h"

#include <sys/epoll.h>
#include <unistd.h>

/* Sockets that are looked at, and datagrams of each that are taken, before others may have the lock. */
#define SOCKETS 16
#define BURST 64

static struct {
  pthread_mutex_t mutex;
  int epoll;
  bool running, stopped;
  /* Counts the ears that were taken: what epoll told before may be gone. */
  unsigned taken;
  void (*found)(void);
} state = {.mutex = PTHREAD_MUTEX_INITIALIZER};

void listener_lock(void) { pthread_mutex_lock(&state.mutex); }

void listener_unlock(void) { pthread_mutex_unlock(&state.mutex); }

bool listener_give(struct ear *ear) {
  if (!state.running || state.stopped) return false;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = ear};
  ear->listened = epoll_ctl(state.epoll, EPOLL_CTL_ADD, ear->fd, &event) == 0;
  return ear->listened;
}

void listener_take(struct ear *ear) {
  if (!ear->listened) return;
  ear->listened = false;
  state.taken++;
  epoll_ctl(state.epoll, EPOLL_CTL_DEL, ear->fd, NULL);
}

static void listen_to(const struct epoll_event *events, int count) {
  unsigned taken = state.taken;
  bool found = false;
  /* What was taken meanwhile may be an ear that is no more; the others will be told again. */
  for (int i = 0; i < count && taken == state.taken; i++) {
    struct ear *ear = events[i].data.ptr;
    int left = BURST;
    if (!ear_hears(ear, &left)) continue;
    listener_take(ear);
    taken = state.taken;
    ear->found = found = true;
  }
  if (found) state.found();
}

static void *work(void *nothing) {
  (void)nothing;
  struct epoll_event events[SOCKETS];
  for (unsigned taken = 0;;) {
    int count = epoll_wait(state.epoll, events, SOCKETS, -1);
    listener_lock();
    if (!state.stopped && count > 0 && taken == state.taken) listen_to(events, count);
    taken = state.taken;
    listener_unlock();
  }
  return NULL;
}

bool listener_start(void (*found)(void)) {
  if (state.running) return true;
  state.epoll = epoll_create1(EPOLL_CLOEXEC);
  if (state.epoll < 0) return false;
  state.found = found;
  pthread_t thread;
  state.running = thread_start(&thread, work, 0) == 0;
  if (!state.running) close(state.epoll);
  return state.running;
}

void listener_stop(void) {
  listener_lock();
  state.stopped = true;
  listener_unlock();
}
