/*
 * A datagram socket whose repeated datagrams are counted here instead of being handed to JavaScript: in its steady
 * state a VRRP backup hears the same advert again and again, which moves a deadline and nothing else.
 */
#include "evenkeel.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Datagrams taken in one turn: a flood must not keep the loop from its deadlines. */
#define BURST 256
/* Taken before deadlines are judged, for which whatever came in time counts. */
#define LONG_BURST 16384
/* Control messages other than the timestamp: hop limit and destination of IPv6. */
#define MAX_CONTROL 128
#define IPV4_HEADER 20
#define NONE -1
#define LONGEST_AGE 1e6

/* A datagram that is expected to come again. */
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
  struct watch *watch;
  int fd;
  bool ipv4, draining;
  napi_ref heard, packet, source, control;
  struct iovec packet_bytes, source_bytes, control_bytes;
  /* What next() has received; length NONE when there is nothing. */
  ssize_t length;
  size_t address_length, control_length;
  /* What is expected again, by the virtual router identifier. */
  int heads[256];
  struct repeated *repeated;
  size_t capacity;
};

static double now_of(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec * 1e6 + (double)(now.tv_nsec / 1000);
}

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

/* When the kernel received it, in microseconds of the monotonic clock; now, where that is not told. */
static double arrival_of(const struct ear *ear) {
  struct msghdr message = {.msg_control = ear->control_bytes.iov_base, .msg_controllen = ear->control_length};
  double age = 0;
  for (struct cmsghdr *each = CMSG_FIRSTHDR(&message); each; each = CMSG_NXTHDR(&message, each)) {
    if (!is_timestamp(each)) continue;
    struct timespec at;
    memcpy(&at, CMSG_DATA(each), sizeof at);
    age = now_of(CLOCK_REALTIME) - ((double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1000);
  }
  /* A step of the wall clock must not make a datagram older than it can be. */
  if (age < 0) age = 0;
  if (age > LONGEST_AGE) age = LONGEST_AGE;
  return now_of(CLOCK_MONOTONIC) - age;
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
    known->last_at = arrival_of(ear);
    return true;
  }
  return false;
}

/* Receives until there is a datagram to hand over; false when there is none, or the burst is used up. */
static bool next(struct ear *ear, int *left) {
  while (*left > 0 && !ear->watch->closing) {
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

/* JavaScript is woken only for what it does not know yet; it answers by draining. */
static void on_ready(struct watch *watch) {
  struct ear *ear = watch->data;
  int left = BURST;
  if (ear->length != NONE || next(ear, &left)) watch_call(watch, 0, NULL);
}

static void hand_over(napi_env env, struct ear *ear) {
  napi_value heard, receiver;
  napi_value arguments[] = {make_number(env, (double)ear->length), make_number(env, (double)ear->control_length),
                            make_number(env, arrival_of(ear))};
  ear->length = NONE;
  if (napi_get_reference_value(env, ear->heard, &heard) == napi_ok && napi_get_global(env, &receiver) == napi_ok)
    napi_call_function(env, receiver, heard, LENGTH(arguments), arguments, NULL);
}

static struct ear *ear_of(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
  napi_value this;
  size_t given = count;
  void *data;
  if (napi_get_cb_info(env, info, &given, values, &this, NULL) != napi_ok || given < count ||
      napi_unwrap(env, this, &data) != napi_ok) {
    throw_type_error(env, "not a hearing socket");
    return NULL;
  }
  struct watch *watch = data;
  return watch->closing ? NULL : watch->data;
}

static napi_value js_drain(napi_env env, napi_callback_info info) {
  struct ear *ear = ear_of(env, info, 0, NULL);
  if (!ear || ear->draining) return NULL;
  struct watch *watch = ear->watch;
  int left = LONG_BURST;
  ear->draining = true;
  bool thrown = false;
  while (!thrown && !watch->closing && (ear->length != NONE || next(ear, &left))) {
    napi_handle_scope scope;
    if (napi_open_handle_scope(env, &scope) != napi_ok) break;
    hand_over(env, ear);
    napi_close_handle_scope(env, scope);
    napi_is_exception_pending(env, &thrown);
  }
  ear->draining = false;
  if (watch->closing) watch->closed(watch);
  return NULL;
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

/* The datagram that is being handed over is counted from now on: its number, or -1 where that cannot be. */
static napi_value js_count_repeats(napi_env env, napi_callback_info info) {
  napi_value a[1];
  double length;
  struct ear *ear = ear_of(env, info, 1, a);
  if (!ear || !read_number(env, a[0], &length)) return ear ? NULL : make_number(env, NONE);
  if (!(length >= 0 && length <= (double)ear->packet_bytes.iov_len)) return make_number(env, NONE);
  int place = free_place(ear);
  if (place == NONE) return make_number(env, NONE);
  struct repeated *known = &ear->repeated[place];
  known->length = (size_t)length;
  known->address_length = ear->address_length;
  if (known->address_length > sizeof known->address || !copy_control(ear, known->control, &known->control_length))
    return make_number(env, NONE);
  known->data = malloc(known->length ? known->length : 1);
  if (!known->data) return make_number(env, NONE);
  memcpy(known->data, ear->packet_bytes.iov_base, known->length);
  memcpy(known->address, ear->source_bytes.iov_base, known->address_length);
  uint8_t key = key_of(ear, known->data, known->length);
  known->used = true;
  known->count = 0;
  known->last_at = 0;
  known->next = ear->heads[key];
  ear->heads[key] = place;
  return make_number(env, place);
}

static struct repeated *repeated_of(napi_env env, napi_callback_info info, struct ear **ear, napi_value *second) {
  napi_value a[2];
  int place;
  *ear = ear_of(env, info, second ? 2 : 1, a);
  if (!*ear || !read_int(env, a[0], &place)) return NULL;
  if (second) *second = a[1];
  if (place < 0 || (size_t)place >= (*ear)->capacity || !(*ear)->repeated[place].used) return NULL;
  return &(*ear)->repeated[place];
}

/* How many came since this was asked last; when the last of them came goes to the first element of a Float64Array. */
static napi_value js_repeats(napi_env env, napi_callback_info info) {
  struct ear *ear;
  napi_value target;
  struct repeated *known = repeated_of(env, info, &ear, &target);
  if (!known) return make_number(env, 0);
  double count = known->count;
  known->count = 0;
  double *out;
  size_t length;
  napi_typedarray_type type;
  if (napi_get_typedarray_info(env, target, &type, &length, (void **)&out, NULL, NULL) != napi_ok ||
      type != napi_float64_array || length < 1)
    return throw_type_error(env, "a Float64Array is expected");
  out[0] = known->last_at;
  return make_number(env, count);
}

static void forget(struct repeated *known) {
  free(known->data);
  memset(known, 0, sizeof *known);
}

/* From now on it is handed over again. */
static napi_value js_hear_again(napi_env env, napi_callback_info info) {
  struct ear *ear;
  struct repeated *known = repeated_of(env, info, &ear, NULL);
  if (!known) return NULL;
  int place = (int)(known - ear->repeated);
  int *link = &ear->heads[key_of(ear, known->data, known->length)];
  while (*link != place) link = &ear->repeated[*link].next;
  *link = known->next;
  forget(known);
  return NULL;
}

static void on_closed(struct watch *watch) {
  struct ear *ear = watch->data;
  if (!ear || ear->draining) return;
  watch->data = NULL;
  for (size_t i = 0; i < ear->capacity; i++)
    if (ear->repeated[i].used) forget(&ear->repeated[i]);
  napi_ref references[] = {ear->heard, ear->packet, ear->source, ear->control};
  for (size_t i = 0; i < LENGTH(references); i++)
    if (references[i]) napi_delete_reference(watch->env, references[i]);
  free(ear->repeated);
  free(ear);
}

static napi_value js_hear(napi_env env, napi_callback_info info) {
  static const native_function methods[] = {
      {"drain", js_drain}, {"countRepeats", js_count_repeats}, {"repeats", js_repeats}, {"hearAgain", js_hear_again}};
  napi_value a[7];
  int fd, family;
  struct iovec packet, source, control;
  if (!read_arguments(env, info, 7, a) || !read_int(env, a[0], &fd) || !read_int(env, a[1], &family) ||
      !read_bytes(env, a[2], &packet) || !read_bytes(env, a[3], &source) || !read_bytes(env, a[4], &control))
    return NULL;
  struct ear *ear = calloc(1, sizeof *ear);
  if (!ear) return throw_errno(env, "calloc");
  ear->fd = fd;
  ear->ipv4 = family == AF_INET;
  ear->length = NONE;
  ear->packet_bytes = packet;
  ear->source_bytes = source;
  ear->control_bytes = control;
  for (size_t i = 0; i < LENGTH(ear->heads); i++) ear->heads[i] = NONE;
  napi_value object = watch_open(env, fd, a[5], on_ready, on_closed, &ear->watch);
  if (!object) {
    free(ear);
    return NULL;
  }
  ear->watch->data = ear;
  if (napi_create_reference(env, a[2], 1, &ear->packet) != napi_ok ||
      napi_create_reference(env, a[3], 1, &ear->source) != napi_ok ||
      napi_create_reference(env, a[4], 1, &ear->control) != napi_ok ||
      napi_create_reference(env, a[6], 1, &ear->heard) != napi_ok || !export_functions(env, object, methods, LENGTH(methods))) {
    watch_close(ear->watch);
    return throw_type_error(env, "cannot hear");
  }
  return object;
}

bool export_hear(napi_env env, napi_value exports) {
  static const native_function functions[] = {{"hear", js_hear}};
  return export_functions(env, exports, functions, LENGTH(functions));
}
