/*
 * Signals, real-time ones too. A signalfd would need them blocked in every thread, but the engine's own threads exist
 * before this code is loaded and would take the default action; so a handler, on whatever thread, writes to a pipe.
 */
#include "evenkeel.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Of the process, as signal actions are; kept open for good so that a handler never meets a closed descriptor. */
static int pipe_ends[2] = {-1, -1};
static struct watch *receiver;
static struct sigaction saved[NSIG];
static bool taken[NSIG];

static void on_signal(int number) {
  int error = errno;
  unsigned char byte = (unsigned char)number;
  if (write(pipe_ends[1], &byte, 1) < 0) {
    /* 64 Ki signals are already waiting. */
  }
  errno = error;
}

static void on_pipe(struct watch *watch) {
  unsigned char numbers[64];
  ssize_t count = read(pipe_ends[0], numbers, sizeof numbers);
  for (ssize_t i = 0; i < count; i++) {
    napi_value number = make_number(watch->env, numbers[i]);
    if (number) watch_call(watch, 1, &number);
  }
}

static void give_back(struct watch *watch) {
  if (receiver != watch) return;
  receiver = NULL;
  for (int number = 1; number < NSIG; number++) {
    if (taken[number]) sigaction(number, &saved[number], NULL);
    taken[number] = false;
  }
}

static bool take(napi_env env, napi_value list, void (*handler)(int)) {
  uint32_t count;
  if (napi_get_array_length(env, list, &count) != napi_ok) {
    throw_type_error(env, "an array of signal numbers is expected");
    return false;
  }
  for (uint32_t i = 0; i < count; i++) {
    napi_value element;
    int number;
    if (napi_get_element(env, list, i, &element) != napi_ok || !read_int(env, element, &number)) return false;
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, before;
    sigfillset(&action.sa_mask);
    if (number <= 0 || number >= NSIG || sigaction(number, &action, &before) < 0) {
      errno = EINVAL;
      throw_errno(env, "sigaction");
      return false;
    }
    if (handler == on_signal && !taken[number]) {
      saved[number] = before;
      taken[number] = true;
    }
  }
  return true;
}

static napi_value js_signals(napi_env env, napi_callback_info info) {
  napi_value a[2];
  struct watch *watch;
  if (!read_arguments(env, info, 2, a)) return NULL;
  if (receiver) {
    errno = EBUSY;
    return throw_errno(env, "sigaction");
  }
  if (pipe_ends[0] < 0 && pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) < 0) return throw_errno(env, "pipe2");
  napi_value object = watch_open(env, pipe_ends[0], a[1], on_pipe, give_back, &watch);
  if (!object) return NULL;
  receiver = watch;
  if (!take(env, a[0], on_signal)) {
    watch_close(watch);
    return NULL;
  }
  return object;
}

static napi_value js_ignore_signals(napi_env env, napi_callback_info info) {
  napi_value a[1];
  if (read_arguments(env, info, 1, a)) take(env, a[0], SIG_IGN);
  return NULL;
}

bool export_signals(napi_env env, napi_value exports) {
  static const native_function functions[] = {
      {"signals", js_signals},
      {"ignoreSignals", js_ignore_signals},
  };
  return export_functions(env, exports, functions, LENGTH(functions));
}
