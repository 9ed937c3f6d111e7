/* timerfd_create(2): microseconds where the event loop's own timers have milliseconds. */
#include "evenkeel.h"
#include "clock.h"

#include <math.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Microseconds: some 285 years, up to which every number is exact. */
#define LATEST 9e15

static napi_value js_monotonic_now(napi_env env, napi_callback_info info) {
  (void)info;
  return make_number(env, clock_now(CLOCK_MONOTONIC));
}

static napi_value js_realtime_now(napi_env env, napi_callback_info info) {
  (void)info;
  return make_number(env, clock_now(CLOCK_REALTIME));
}

static void on_expired(struct watch *watch) {
  uint64_t expirations;
  /* Nothing to read: re-armed after the loop had already seen it expire. */
  if (read(watch->fd, &expirations, sizeof expirations) != sizeof expirations) return;
  uv_unref((uv_handle_t *)&watch->poll);
  watch_call(watch, 0, NULL);
}

static napi_value js_arm(napi_env env, napi_callback_info info) {
  napi_value a[1];
  double at;
  struct watch *watch = read_method(env, info, 1, a, "a timer and its arguments are expected");
  if (!watch || !read_number(env, a[0], &at) || watch->closing) return NULL;
  if (at > LATEST) at = LATEST;
  struct itimerspec deadline = {0};
  if (at > 0) {
    deadline.it_value.tv_sec = (time_t)(at / 1e6);
    deadline.it_value.tv_nsec = (long)(fmod(at, 1e6) * 1000);
  }
  /* All zero would disarm. */
  if (at != 0 && deadline.it_value.tv_sec == 0 && deadline.it_value.tv_nsec == 0) deadline.it_value.tv_nsec = 1;
  if (timerfd_settime(watch->fd, TFD_TIMER_ABSTIME, &deadline, NULL) < 0) return throw_errno(env, "timerfd_settime");
  if (at == 0) uv_unref((uv_handle_t *)&watch->poll);
  else uv_ref((uv_handle_t *)&watch->poll);
  return NULL;
}

static napi_value js_timer(napi_env env, napi_callback_info info) {
  napi_value a[1], arm;
  struct watch *watch;
  if (!read_arguments(env, info, 1, a)) return NULL;
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (fd < 0) return throw_errno(env, "timerfd_create");
  napi_value timer = watch_open(env, fd, a[0], on_expired, watch_close_descriptor, &watch);
  if (!timer) {
    close(fd);
    return NULL;
  }
  uv_unref((uv_handle_t *)&watch->poll);
  if (napi_create_function(env, "arm", NAPI_AUTO_LENGTH, js_arm, NULL, &arm) != napi_ok ||
      napi_set_named_property(env, timer, "arm", arm) != napi_ok)
    return NULL;
  return timer;
}

bool export_timer(napi_env env, napi_value exports) {
  static const native_function functions[] = {
      {"monotonicNow", js_monotonic_now},
      {"realtimeNow", js_realtime_now},
      {"timer", js_timer},
  };
  return export_functions(env, exports, functions, LENGTH(functions));
}
