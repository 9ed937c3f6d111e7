/* A set of descriptors behind one epoll descriptor, so that thousands of sockets cost the event loop one handle. */
#include "evenkeel.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#define BATCH 128
#define WHOLE_CALL "a readiness set and its arguments are expected"

/* Level-triggered: what does not fit into a batch is reported by the next turn of the loop. */
static void on_ready(struct watch *watch) {
  struct epoll_event events[BATCH];
  napi_env env = watch->env;
  int count = epoll_wait(watch->fd, events, BATCH, 0);
  for (int i = 0; i < count && !watch->closing; i++) {
    napi_handle_scope scope;
    if (napi_open_handle_scope(env, &scope) != napi_ok) return;
    napi_value arguments[2] = {make_number(env, (double)events[i].data.u64), make_number(env, events[i].events)};
    watch_call(watch, 2, arguments);
    napi_close_handle_scope(env, scope);
  }
}

static napi_value apply(napi_env env, struct watch *watch, int operation, napi_value descriptor,
                        struct epoll_event *event) {
  int fd;
  if (!read_int(env, descriptor, &fd)) return NULL;
  if (watch->closing) return make_number(env, -EBADF);
  return make_number(env, epoll_ctl(watch->fd, operation, fd, event) < 0 ? -errno : 0);
}

static napi_value control(napi_env env, napi_callback_info info, int operation) {
  napi_value a[3];
  int events;
  double token;
  struct watch *watch = read_method(env, info, 3, a, WHOLE_CALL);
  if (!watch || !read_int(env, a[1], &events) || !read_number(env, a[2], &token)) return NULL;
  struct epoll_event event = {.events = (uint32_t)events, .data.u64 = token >= 0 ? (uint64_t)token : 0};
  return apply(env, watch, operation, a[0], &event);
}

static napi_value js_add(napi_env env, napi_callback_info info) { return control(env, info, EPOLL_CTL_ADD); }

static napi_value js_change(napi_env env, napi_callback_info info) { return control(env, info, EPOLL_CTL_MOD); }

static napi_value js_remove(napi_env env, napi_callback_info info) {
  napi_value a[1];
  struct watch *watch = read_method(env, info, 1, a, WHOLE_CALL);
  return watch ? apply(env, watch, EPOLL_CTL_DEL, a[0], NULL) : NULL;
}

static napi_value js_readiness(napi_env env, napi_callback_info info) {
  static const native_function methods[] = {{"add", js_add}, {"change", js_change}, {"remove", js_remove}};
  napi_value a[1];
  struct watch *watch;
  if (!read_arguments(env, info, 1, a)) return NULL;
  int fd = epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) return throw_errno(env, "epoll_create1");
  napi_value set = watch_open(env, fd, a[0], on_ready, watch_close_descriptor, &watch);
  if (!set) {
    close(fd);
    return NULL;
  }
  uv_unref((uv_handle_t *)&watch->poll);
  return export_functions(env, set, methods, LENGTH(methods)) ? set : NULL;
}

bool export_readiness(napi_env env, napi_value exports) {
  static const native_function functions[] = {{"readiness", js_readiness}};
  return export_functions(env, exports, functions, LENGTH(functions));
}
