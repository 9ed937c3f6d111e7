/* The repeater (repeater.h) for JavaScript. */
#include "evenkeel.h"
#include "repeater.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Room for the identification of an IPv4 header. */
#define SHORTEST 6
#define PULSE_MILLISECONDS 200

static struct {
  uv_async_t failed;
  uv_timer_t pulse;
  napi_env env;
  napi_ref callback;
  napi_async_context context;
  bool open;
  int handles;
  napi_async_cleanup_hook_handle hook;
} loop;

/* After a stall the loop first hands out what has arrived meanwhile: another router may be master by now. */
static void on_pulse(uv_timer_t *timer) {
  static bool recovering;
  recovering = repeater_pulse(recovering) && !recovering;
  uv_timer_start(timer, on_pulse, recovering ? 1 : PULSE_MILLISECONDS, 0);
}

static void wake_loop(void) { uv_async_send(&loop.failed); }

static void on_failed(uv_async_t *async) {
  (void)async;
  napi_env env = loop.env;
  napi_handle_scope scope;
  if (!loop.open || napi_open_handle_scope(env, &scope) != napi_ok) return;
  for (int index = 0;; index++) {
    repeater_lock();
    index = repeater_next_failed(index);
    repeater_unlock();
    napi_value callback, receiver, error, argument = make_number(env, index);
    if (index == ABSENT || napi_get_reference_value(env, loop.callback, &callback) != napi_ok ||
        napi_get_global(env, &receiver) != napi_ok)
      break;
    if (napi_make_callback(env, loop.context, receiver, callback, 1, &argument, NULL) == napi_pending_exception &&
        napi_get_and_clear_last_exception(env, &error) == napi_ok)
      napi_fatal_exception(env, error);
  }
  napi_close_handle_scope(env, scope);
}

static void on_handle_closed(uv_handle_t *handle) {
  (void)handle;
  if (--loop.handles == 0 && loop.hook) napi_remove_async_cleanup_hook(loop.hook);
}

static void on_environment_cleanup(napi_async_cleanup_hook_handle handle, void *data) {
  (void)handle;
  (void)data;
  loop.open = false;
  repeater_stop();
  uv_close((uv_handle_t *)&loop.failed, on_handle_closed);
  uv_close((uv_handle_t *)&loop.pulse, on_handle_closed);
}

/* One for the process: `failed` is called with the number of a router whose advert could not be sent. */
static napi_value js_open(napi_env env, napi_callback_info info) {
  napi_value a[1], name, object;
  if (!read_arguments(env, info, 1, a)) return NULL;
  if (loop.open) {
    errno = EBUSY;
    return throw_errno(env, "repeater");
  }
  if (napi_create_object(env, &object) != napi_ok ||
      napi_create_string_utf8(env, "evenkeel.repeat", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_async_init(env, object, name, &loop.context) != napi_ok ||
      napi_create_reference(env, a[0], 1, &loop.callback) != napi_ok)
    return NULL;
  loop.env = env;
  uv_async_init(addon_of(env)->loop, &loop.failed, on_failed);
  uv_timer_init(addon_of(env)->loop, &loop.pulse);
  uv_timer_start(&loop.pulse, on_pulse, PULSE_MILLISECONDS, 0);
  uv_unref((uv_handle_t *)&loop.failed);
  uv_unref((uv_handle_t *)&loop.pulse);
  loop.handles = 2;
  loop.open = true;
  napi_add_async_cleanup_hook(env, on_environment_cleanup, NULL, &loop.hook);
  int error = repeater_start(wake_loop);
  if (error != 0) {
    errno = error;
    return throw_errno(env, "pthread_create");
  }
  return object;
}

static uint8_t *copied(const struct iovec *bytes) {
  if (bytes->iov_len == 0) return NULL;
  uint8_t *copy = malloc(bytes->iov_len);
  if (copy) memcpy(copy, bytes->iov_base, bytes->iov_len);
  return copy;
}

/* (fd, bytes, address, control or null, flags, identification or -1, interval, first) */
static napi_value js_start(napi_env env, napi_callback_info info) {
  napi_value a[8];
  int fd, flags, identification;
  double interval, first_at;
  struct iovec bytes, address, control;
  if (!read_arguments(env, info, 8, a) || !read_int(env, a[0], &fd) || !read_bytes(env, a[1], &bytes) ||
      !read_bytes(env, a[2], &address) || !read_optional_bytes(env, a[3], &control) ||
      !read_int(env, a[4], &flags) || !read_int(env, a[5], &identification) || !read_number(env, a[6], &interval) ||
      !read_number(env, a[7], &first_at))
    return NULL;
  if (bytes.iov_len < SHORTEST) return throw_type_error(env, "an advert is longer");
  struct router fresh = {
      .fd = fd, .flags = flags, .identification = identification,
      .interval = interval, .next_at = first_at,
      .bytes = copied(&bytes), .address = copied(&address), .control = copied(&control),
      .length = bytes.iov_len, .address_length = address.iov_len, .control_length = control.iov_len,
  };
  return make_number(env, repeater_add(&fresh));
}

static bool read_router(napi_env env, napi_callback_info info, int *index, double **out) {
  napi_value a[2];
  size_t length;
  napi_typedarray_type type;
  if (!read_arguments(env, info, 2, a) || !read_int(env, a[0], index)) return false;
  if (napi_get_typedarray_info(env, a[1], &type, &length, (void **)out, NULL, NULL) == napi_ok &&
      type == napi_float64_array && length >= 3 && *index >= 0)
    return true;
  throw_type_error(env, "a Float64Array of 3 is expected");
  return false;
}

static napi_value tell(napi_env env, napi_callback_info info, bool ends) {
  int index;
  double *out, sent = 0;
  if (!read_router(env, info, &index, &out)) return NULL;
  repeater_lock();
  struct router *router = repeater_router(index);
  if (router) {
    sent = router->sent;
    router->sent = 0;
    out[0] = router->sent_at;
    out[1] = router->next_at;
    out[2] = router->identification;
    if (ends) repeater_forget(router);
  }
  repeater_unlock();
  return make_number(env, sent);
}

static napi_value js_sent(napi_env env, napi_callback_info info) { return tell(env, info, false); }

static napi_value js_stop(napi_env env, napi_callback_info info) { return tell(env, info, true); }

/* Before a descriptor is closed, which may then belong to something else. */
static napi_value js_abandon(napi_env env, napi_callback_info info) {
  napi_value a[1];
  int fd;
  if (!read_arguments(env, info, 1, a) || !read_int(env, a[0], &fd)) return NULL;
  repeater_abandon(fd);
  return NULL;
}

bool export_repeat(napi_env env, napi_value exports) {
  static const native_function functions[] = {
      {"openRepeater", js_open},
      {"startRepeating", js_start},
      {"sentRepeatedly", js_sent},
      {"stopRepeating", js_stop},
      {"abandonRepeating", js_abandon},
  };
  return export_functions(env, exports, functions, LENGTH(functions));
}
