/*
 * A datagram socket whose repeated datagrams are counted here instead of being handed to JavaScript: in its steady
 * state a VRRP backup hears the same advert again and again, which moves a deadline and nothing else. While some are
 * expected, a thread listens (listener.c), and wakes JavaScript for all else.
 */
#include "evenkeel.h"
#include "ear.h"

#include <stdlib.h>

/* Datagrams taken in one turn: a flood must not keep the loop from its deadlines. */
#define BURST 256
/* Taken before deadlines are judged, for which whatever came in time counts. */
#define LONG_BURST 16384

/* An ear of JavaScript's. */
struct hearing {
  struct ear ear;
  struct watch *watch;
  /* The loop does not look at the socket, the thread does. */
  bool resting;
  bool draining;
  napi_ref heard, packet, source, control;
  struct hearing *next;
};

/* The listener of this process, with the environment that it wakes. */
static struct {
  uv_async_t found;
  napi_env env;
  struct hearing *all;
  size_t resting;
  bool open, refused;
  napi_async_cleanup_hook_handle hook;
} listener;

/* One at a time: what JavaScript does about one may close others. */
static void on_found(uv_async_t *async) {
  (void)async;
  struct hearing *each = listener.all;
  while (each) {
    listener_lock();
    bool found = each->ear.found;
    each->ear.found = false;
    listener_unlock();
    napi_handle_scope scope;
    if (found && napi_open_handle_scope(listener.env, &scope) == napi_ok) {
      watch_call(each->watch, 0, NULL);
      napi_close_handle_scope(listener.env, scope);
    }
    each = found ? listener.all : each->next;
  }
}

static void wake_loop(void) { uv_async_send(&listener.found); }

static void on_async_closed(uv_handle_t *handle) {
  (void)handle;
  if (listener.hook) napi_remove_async_cleanup_hook(listener.hook);
}

static void on_environment_cleanup(napi_async_cleanup_hook_handle handle, void *data) {
  (void)handle;
  (void)data;
  listener_stop();
  uv_close((uv_handle_t *)&listener.found, on_async_closed);
}

static bool open_listener(napi_env env) {
  if (listener.open || listener.refused) return listener.open && listener.env == env;
  listener.env = env;
  uv_async_init(addon_of(env)->loop, &listener.found, on_found);
  uv_unref((uv_handle_t *)&listener.found);
  napi_add_async_cleanup_hook(env, on_environment_cleanup, NULL, &listener.hook);
  listener.open = listener_start(wake_loop);
  listener.refused = !listener.open;
  return listener.open;
}

/* The loop looks at the socket itself, or, where the thread does, lives on for it. */
static void rest(struct hearing *hearing, bool resting) {
  if (hearing->resting == resting) return;
  hearing->resting = resting;
  if (resting) watch_rest(hearing->watch);
  else if (!hearing->watch->closing) watch_resume(hearing->watch);
  listener.resting += resting ? 1 : (size_t)-1;
  if (listener.resting > 0) uv_ref((uv_handle_t *)&listener.found);
  else uv_unref((uv_handle_t *)&listener.found);
}

/* Nothing waits for JavaScript any more. */
static void listen_on(napi_env env, struct hearing *hearing) {
  struct ear *ear = &hearing->ear;
  if (ear->listened) return;
  bool given = false;
  if (ear->expected > 0 && open_listener(env)) {
    listener_lock();
    given = listener_give(ear);
    listener_unlock();
  }
  rest(hearing, given);
}

/* JavaScript is woken only for what it does not know yet; it answers by draining. */
static void on_ready(struct watch *watch) {
  struct hearing *hearing = watch->data;
  int left = BURST;
  if (hearing->ear.length != NONE || ear_hears(&hearing->ear, &left)) watch_call(watch, 0, NULL);
}

static void hand_over(napi_env env, struct hearing *hearing) {
  napi_value heard, receiver;
  struct ear *ear = &hearing->ear;
  napi_value arguments[] = {make_number(env, (double)ear->length), make_number(env, (double)ear->control_length),
                            make_number(env, ear_arrival(ear))};
  ear->length = NONE;
  if (napi_get_reference_value(env, hearing->heard, &heard) == napi_ok && napi_get_global(env, &receiver) == napi_ok)
    napi_call_function(env, receiver, heard, LENGTH(arguments), arguments, NULL);
}

/* NULL, after throwing or not, where there is nothing to hear any more. */
static struct hearing *hearing_of(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
  struct watch *watch = read_method(env, info, count, values, "a hearing socket and its arguments are expected");
  return watch && !watch->closing ? watch->data : NULL;
}

/* What comes is counted; the first that is to be handed over makes the ear JavaScript's. */
static bool take(struct hearing *hearing, int *left) {
  struct ear *ear = &hearing->ear;
  listener_lock();
  bool found = ear->length != NONE || ear_hears(ear, left);
  if (found) listener_take(ear);
  ear->found = false;
  listener_unlock();
  return found;
}

static napi_value js_drain(napi_env env, napi_callback_info info) {
  struct hearing *hearing = hearing_of(env, info, 0, NULL);
  if (!hearing || hearing->draining) return NULL;
  struct watch *watch = hearing->watch;
  int left = LONG_BURST;
  hearing->draining = true;
  bool thrown = false;
  for (bool found = take(hearing, &left); found && !thrown; found = !watch->closing && ear_hears(&hearing->ear, &left)) {
    napi_handle_scope scope;
    if (napi_open_handle_scope(env, &scope) != napi_ok) break;
    hand_over(env, hearing);
    napi_close_handle_scope(env, scope);
    napi_is_exception_pending(env, &thrown);
  }
  hearing->draining = false;
  /* Closed meanwhile, which had to wait for the end of this. */
  if (watch->closing) watch->closed(watch);
  else listen_on(env, hearing);
  return NULL;
}

/* The datagram that is being handed over is counted from now on: its number, or -1 where that cannot be. */
static napi_value js_count_repeats(napi_env env, napi_callback_info info) {
  napi_value a[1];
  double length;
  struct hearing *hearing = hearing_of(env, info, 1, a);
  if (!hearing || !read_number(env, a[0], &length)) return hearing ? NULL : make_number(env, NONE);
  int place = NONE;
  listener_lock();
  bool here = !hearing->ear.listened;
  if (here && length >= 0 && length <= (double)hearing->ear.packet_bytes.iov_len)
    place = ear_expect(&hearing->ear, (size_t)length);
  listener_unlock();
  return make_number(env, place);
}

/* How many came since this was asked last; when the last of them came goes to the first element of a Float64Array. */
static napi_value js_repeats(napi_env env, napi_callback_info info) {
  napi_value a[2];
  int place;
  double *out, count = 0;
  size_t length;
  napi_typedarray_type type;
  struct hearing *hearing = hearing_of(env, info, 2, a);
  if (!hearing || !read_int(env, a[0], &place)) return hearing ? NULL : make_number(env, 0);
  if (napi_get_typedarray_info(env, a[1], &type, &length, (void **)&out, NULL, NULL) != napi_ok ||
      type != napi_float64_array || length < 1)
    return throw_type_error(env, "a Float64Array is expected");
  listener_lock();
  struct repeated *known = ear_expected(&hearing->ear, place);
  if (known) {
    count = known->count;
    out[0] = known->last_at;
    known->count = 0;
  }
  listener_unlock();
  return make_number(env, count);
}

/* From now on it is handed over again. */
static napi_value js_hear_again(napi_env env, napi_callback_info info) {
  napi_value a[1];
  int place;
  struct hearing *hearing = hearing_of(env, info, 1, a);
  if (!hearing || !read_int(env, a[0], &place)) return NULL;
  listener_lock();
  ear_forget(&hearing->ear, place);
  listener_unlock();
  return NULL;
}

static void unlink_hearing(struct hearing *hearing) {
  struct hearing **link = &listener.all;
  while (*link && *link != hearing) link = &(*link)->next;
  if (*link) *link = hearing->next;
}

static void on_closed(struct watch *watch) {
  struct hearing *hearing = watch->data;
  if (!hearing) return;
  listener_lock();
  listener_take(&hearing->ear);
  listener_unlock();
  rest(hearing, false);
  if (hearing->draining) return;
  watch->data = NULL;
  unlink_hearing(hearing);
  napi_ref references[] = {hearing->heard, hearing->packet, hearing->source, hearing->control};
  for (size_t i = 0; i < LENGTH(references); i++)
    if (references[i]) napi_delete_reference(watch->env, references[i]);
  ear_close(&hearing->ear);
  free(hearing);
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
  struct hearing *hearing = calloc(1, sizeof *hearing);
  if (!hearing) return throw_errno(env, "calloc");
  struct ear *ear = &hearing->ear;
  ear_open(ear);
  ear->fd = fd;
  ear->ipv4 = family == AF_INET;
  ear->packet_bytes = packet;
  ear->source_bytes = source;
  ear->control_bytes = control;
  napi_value object = watch_open(env, fd, a[5], on_ready, on_closed, &hearing->watch);
  if (!object) {
    free(hearing);
    return NULL;
  }
  hearing->watch->data = hearing;
  hearing->next = listener.all;
  listener.all = hearing;
  if (napi_create_reference(env, a[2], 1, &hearing->packet) != napi_ok ||
      napi_create_reference(env, a[3], 1, &hearing->source) != napi_ok ||
      napi_create_reference(env, a[4], 1, &hearing->control) != napi_ok ||
      napi_create_reference(env, a[6], 1, &hearing->heard) != napi_ok ||
      !export_functions(env, object, methods, LENGTH(methods))) {
    watch_close(hearing->watch);
    return throw_type_error(env, "cannot hear");
  }
  return object;
}

bool export_hear(napi_env env, napi_value exports) {
  static const native_function functions[] = {{"hear", js_hear}};
  return export_functions(env, exports, functions, LENGTH(functions));
}
