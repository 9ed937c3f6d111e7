/* What comes through a socket is received, compared with what is expected, and counted (ear.h). */
#define _GNU_SOURCE
#include "ear.h"
#include "clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define IPV4_HEADER 20
#define LONGEST_AGE 1e6

/* The byte by which expected datagrams are found; equal datagrams have the same. */
static uint8_t key_of(const struct ear *ear, const uint8_t *data, size_t length) {
  size_t at = ear->ipv4 && length > 0 ? (data[0] & 0xfu) * 4 + 1 : 1;
  return at < length ? data[at] : 0;
}

/* Equal but for what every IPv4 datagram has anew: identification and header checksum (RFC 791, section 3.1). */
static bool same_data(const struct ear *ear, const uint8_t *a, const uint8_t *b, size_t length) {
  if (!ear->ipv4 || length < IPV4_HEADER) return memcmp(a, b, length) == 0;
  return memcmp(a, b, 4) == 0 && memcmp(a + 6, b + 6, 4) == 0 && memcmp(a + 12, b + 12, length - 12) == 0;
}

static bool is_timestamp(const struct cmsghdr *message) {
  return message->cmsg_level == SOL_SOCKET && message->cmsg_type == SCM_TIMESTAMPNS;
}

/* In microseconds of the monotonic clock; now, where the kernel does not tell. */
double ear_arrival(const struct ear *ear) {
  struct msghdr message = {.msg_control = ear->control_bytes.iov_base, .msg_controllen = ear->control_length};
  double age = 0;
  for (struct cmsghdr *each = CMSG_FIRSTHDR(&message); each; each = CMSG_NXTHDR(&message, each)) {
    if (!is_timestamp(each)) continue;
    struct timespec at;
    memcpy(&at, CMSG_DATA(each), sizeof at);
    age = clock_now(CLOCK_REALTIME) - microseconds_of(&at);
  }
  /* A step of the wall clock must not make a datagram older than it can be. */
  if (age < 0) age = 0;
  if (age > LONGEST_AGE) age = LONGEST_AGE;
  return clock_now(CLOCK_MONOTONIC) - age;
}

/* Copies all control messages but the timestamp. */
static bool copy_control(const struct ear *ear, uint8_t *rest, size_t *rest_length) {
  struct msghdr message = {.msg_control = ear->control_bytes.iov_base, .msg_controllen = ear->control_length};
  *rest_length = 0;
  for (struct cmsghdr *each = CMSG_FIRSTHDR(&message); each; each = CMSG_NXTHDR(&message, each)) {
    if (is_timestamp(each)) continue;
    if (*rest_length + each->cmsg_len > MAX_CONTROL) return false;
    memcpy(rest + *rest_length, each, each->cmsg_len);
    *rest_length += each->cmsg_len;
  }
  return true;
}

/* Counts what was just received if it is expected. */
static bool is_repeated(struct ear *ear) {
  const uint8_t *data = ear->packet_bytes.iov_base;
  size_t length = (size_t)ear->length;
  if (length > ear->packet_bytes.iov_len) return false;
  uint8_t rest[MAX_CONTROL];
  size_t rest_length;
  for (int i = ear->heads[key_of(ear, data, length)]; i != NONE; i = ear->repeated[i].next) {
    struct repeated *known = &ear->repeated[i];
    if (known->length != length || known->address_length != ear->address_length ||
        memcmp(known->address, ear->source_bytes.iov_base, known->address_length) != 0 ||
        !same_data(ear, known->data, data, length))
      continue;
    if (!copy_control(ear, rest, &rest_length) || rest_length != known->control_length ||
        memcmp(rest, known->control, rest_length) != 0)
      return false;
    known->count++;
    known->last_at = ear_arrival(ear);
    return true;
  }
  return false;
}

bool ear_hears(struct ear *ear, int *left) {
  while (*left > 0) {
    struct msghdr message = {
        .msg_name = ear->source_bytes.iov_base,
        .msg_namelen = (socklen_t)ear->source_bytes.iov_len,
        .msg_iov = &ear->packet_bytes,
        .msg_iovlen = 1,
        .msg_control = ear->control_bytes.iov_base,
        .msg_controllen = ear->control_bytes.iov_len,
    };
    ear->length = recvmsg(ear->fd, &message, MSG_TRUNC);
    if (ear->length < 0) {
      ear->length = NONE;
      if (errno == EAGAIN) return false;
      /* Any other error was the socket's pending one, which reading has cleared. */
      --*left;
      continue;
    }
    --*left;
    /* The kernel tells the whole length of an address that it has cut to its room. */
    ear->address_length =
        message.msg_namelen < ear->source_bytes.iov_len ? message.msg_namelen : ear->source_bytes.iov_len;
    ear->control_length = message.msg_controllen;
    if (!is_repeated(ear)) return true;
    ear->length = NONE;
  }
  return false;
}

static int free_place(struct ear *ear) {
  for (size_t i = 0; i < ear->capacity; i++)
    if (!ear->repeated[i].used) return (int)i;
  size_t capacity = ear->capacity ? 2 * ear->capacity : 16;
  struct repeated *grown = realloc(ear->repeated, capacity * sizeof *grown);
  if (!grown) return NONE;
  memset(grown + ear->capacity, 0, (capacity - ear->capacity) * sizeof *grown);
  int first = (int)ear->capacity;
  ear->repeated = grown;
  ear->capacity = capacity;
  return first;
}

int ear_expect(struct ear *ear, size_t length) {
  if (length > ear->packet_bytes.iov_len) return NONE;
  int place = free_place(ear);
  if (place == NONE) return NONE;
  struct repeated *known = &ear->repeated[place];
  known->length = length;
  known->address_length = ear->address_length;
  if (known->address_length > sizeof known->address || !copy_control(ear, known->control, &known->control_length))
    return NONE;
  known->data = malloc(length ? length : 1);
  if (!known->data) return NONE;
  memcpy(known->data, ear->packet_bytes.iov_base, length);
  memcpy(known->address, ear->source_bytes.iov_base, known->address_length);
  uint8_t key = key_of(ear, known->data, length);
  known->used = true;
  known->count = 0;
  known->last_at = 0;
  known->next = ear->heads[key];
  ear->heads[key] = place;
  ear->expected++;
  return place;
}

struct repeated *ear_expected(const struct ear *ear, int place) {
  return place >= 0 && (size_t)place < ear->capacity && ear->repeated[place].used ? &ear->repeated[place] : NULL;
}

void ear_forget(struct ear *ear, int place) {
  struct repeated *known = ear_expected(ear, place);
  if (!known) return;
  int *link = &ear->heads[key_of(ear, known->data, known->length)];
  while (*link != place) link = &ear->repeated[*link].next;
  *link = known->next;
  free(known->data);
  memset(known, 0, sizeof *known);
  ear->expected--;
}

void ear_open(struct ear *ear) {
  ear->length = NONE;
  for (size_t i = 0; i < sizeof ear->heads / sizeof ear->heads[0]; i++) ear->heads[i] = NONE;
}

void ear_close(struct ear *ear) {
  for (size_t i = 0; i < ear->capacity; i++) free(ear->repeated[i].data);
  free(ear->repeated);
  ear->repeated = NULL;
  ear->capacity = 0;
}
