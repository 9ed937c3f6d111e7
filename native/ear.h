/*
 * A datagram socket of virtual routers and what is expected to come through it again, without anything of JavaScript; and
 * the thread that listens to such sockets while JavaScript has nothing to decide.
 */
#ifndef EAR_H
#define EAR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#define NONE -1
/* Control messages other than the timestamp: hop limit and destination of IPv6. */
#define MAX_CONTROL 128

/* A datagram that is expected to come again. Times are microseconds of CLOCK_MONOTONIC. */
struct repeated {
  bool used;
  int next;
  uint8_t *data;
  size_t length, address_length, control_length;
  uint8_t address[sizeof(struct sockaddr_in6)];
  uint8_t control[MAX_CONTROL];
  double count, last_at;
};

struct ear {
  int fd;
  bool ipv4;
  /* The thread has it: then nothing here is touched without the lock. */
  bool listened;
  /* The thread has come upon what is not expected, and given it back. */
  bool found;
  struct iovec packet_bytes, source_bytes, control_bytes;
  /* What was received last and is to be handed over; length NONE when there is nothing. */
  ssize_t length;
  size_t address_length, control_length;
  /* What is expected again, by the virtual router identifier. */
  int heads[256];
  struct repeated *repeated;
  size_t capacity, expected;
};

/* Expects nothing yet. */
void ear_open(struct ear *ear);
/* Receives at most `left` datagrams until there is one that is not expected. */
bool ear_hears(struct ear *ear, int *left);
/* When the kernel received what was received last. */
double ear_arrival(const struct ear *ear);
/* Expects what was received last, of that length, from now on: its place, or NONE where that cannot be. */
int ear_expect(struct ear *ear, size_t length);
/* NULL for a place that is not used. */
struct repeated *ear_expected(const struct ear *ear, int place);
void ear_forget(struct ear *ear, int place);
void ear_close(struct ear *ear);

/* Starts the thread, once; `found` runs in it when ears have come upon something. False where the system has no thread. */
bool listener_start(void (*found)(void));
/* Nothing runs in the thread any more. */
void listener_stop(void);
void listener_lock(void);
void listener_unlock(void);
/* These two need the lock. The thread counts what comes until it finds something else; false where that cannot be. */
bool listener_give(struct ear *ear);
void listener_take(struct ear *ear);

#endif
