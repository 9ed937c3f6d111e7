/* Readiness of descriptors on the event loop, over uv_poll_t. */
#include "evenkeel.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static void release(struct watch *watch) {
  if (--watch->references == 0) free(watch);
}

static void on_handle_closed(uv_handle_t *handle) {
  struct watch *watch = handle->data;
  napi_async_cleanup_hook_handle hook = watch->hook;
  release(watch);
  if (hook) napi_remove_async_cleanup_hook(hook);
}

void watch_close(struct watch *watch) {
  if (watch->closing) return;
  watch->closing = true;
  uv_close((uv_handle_t *)&watch->poll, on_handle_closed);
  if (watch->closed) watch->closed(watch);
  napi_delete_reference(watch->env, watch->callback);
  napi_async_destroy(watch->env, watch->context);
}

void watch_close_descriptor(struct watch *watch) { close(watch->fd); }

static void on_environment_cleanup(napi_async_cleanup_hook_handle handle, void *data) {
  (void)handle;
  watch_close(data);
}

void watch_call(struct watch *watch, size_t count, const napi_value *arguments) {
  napi_env env = watch->env;
  napi_value callback, receiver, error;
  if (watch->closing || napi_get_reference_value(env, watch->callback, &callback) != napi_ok ||
      napi_get_global(env, &receiver) != napi_ok)
    return;
  if (napi_make_callback(env, watch->context, receiver, callback, count, arguments, NULL) == napi_pending_exception &&
      napi_get_and_clear_last_exception(env, &error) == napi_ok)
    napi_fatal_exception(env, error);
}

static void on_poll(uv_poll_t *poll, int status, int events) {
  struct watch *watch = poll->data;
  (void)events;
  /* libuv stops a handle whose descriptor reports POLLERR; the error itself waits in the socket for recvmsg. */
  if (status < 0) watch_resume(watch);
  napi_handle_scope scope;
  if (napi_open_handle_scope(watch->env, &scope) != napi_ok) return;
  /* The callback may close the watch, whose memory then lives until the loop has closed the handle. */
  napi_env env = watch->env;
  watch->ready(watch);
  napi_close_handle_scope(env, scope);
}

void watch_rest(struct watch *watch) { uv_poll_stop(&watch->poll); }

void watch_resume(struct watch *watch) { uv_poll_start(&watch->poll, UV_READABLE, on_poll); }

static void on_object_collected(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  release(data);
}

static bool start(napi_env env, struct watch *watch, napi_value object, napi_value callback) {
  napi_value name;
  int status = uv_poll_init(addon_of(env)->loop, &watch->poll, watch->fd);
  if (status < 0) {
    errno = -status;
    throw_errno(env, "epoll_ctl");
    return false;
  }
  watch->poll.data = watch;
  watch->references = 1;
  if (napi_create_string_utf8(env, "evenkeel.watch", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_async_init(env, object, name, &watch->context) != napi_ok ||
      napi_create_reference(env, callback, 1, &watch->callback) != napi_ok ||
      napi_wrap(env, object, watch, on_object_collected, NULL, NULL) != napi_ok) {
    watch->closing = true;
    uv_close((uv_handle_t *)&watch->poll, on_handle_closed);
    throw_type_error(env, "cannot watch");
    return false;
  }
  watch->references = 2;
  napi_add_async_cleanup_hook(env, on_environment_cleanup, watch, &watch->hook);
  watch_resume(watch);
  return true;
}

napi_value watch_open(napi_env env, int fd, napi_value callback, void (*ready)(struct watch *),
                      void (*closed)(struct watch *), struct watch **out) {
  napi_value class, object;
  napi_valuetype type;
  if (napi_typeof(env, callback, &type) != napi_ok || type != napi_function)
    return throw_type_error(env, "a function is expected");
  if (napi_get_reference_value(env, addon_of(env)->watch_class, &class) != napi_ok ||
      napi_new_instance(env, class, 0, NULL, &object) != napi_ok)
    return NULL;
  struct watch *watch = calloc(1, sizeof *watch);
  if (!watch) return throw_errno(env, "calloc");
  watch->env = env;
  watch->fd = fd;
  watch->ready = ready;
  watch->closed = closed;
  if (!start(env, watch, object, callback)) {
    if (watch->references == 0) free(watch);
    return NULL;
  }
  if (out) *out = watch;
  return object;
}

static napi_value js_new(napi_env env, napi_callback_info info) {
  napi_value this;
  return napi_get_cb_info(env, info, NULL, NULL, &this, NULL) == napi_ok ? this : NULL;
}

static napi_value js_close(napi_env env, napi_callback_info info) {
  struct watch *watch = read_method(env, info, 0, NULL, "a watch is expected");
  if (watch) watch_close(watch);
  return NULL;
}

napi_value watch_class_new(napi_env env) {
  static const napi_property_descriptor methods[] = {
      {"close", NULL, js_close, NULL, NULL, NULL, napi_default_method, NULL},
  };
  napi_value class;
  return napi_define_class(env, "Watch", NAPI_AUTO_LENGTH, js_new, NULL, LENGTH(methods), methods, &class) == napi_ok
             ? class
             : NULL;
}

static void on_readable(struct watch *watch) { watch_call(watch, 0, NULL); }

static napi_value js_watch(napi_env env, napi_callback_info info) {
  napi_value a[2];
  int fd;
  if (!read_arguments(env, info, 2, a) || !read_int(env, a[0], &fd)) return NULL;
  return watch_open(env, fd, a[1], on_readable, NULL, NULL);
}

bool export_watch(napi_env env, napi_value exports) {
  static const native_function functions[] = {{"watch", js_watch}};
  return export_functions(env, exports, functions, LENGTH(functions));
}
