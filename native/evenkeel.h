#ifndef EVENKEEL_H
#define EVENKEEL_H

#define _GNU_SOURCE
#define NAPI_VERSION 8

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <uv.h>

/* Per environment (main thread or worker). */
struct addon {
  uv_loop_t *loop;
  /* The class behind every Watch. */
  napi_ref watch_class;
};

#define MAX_ARGUMENTS 8

/* values.c: reading arguments and making results. Readers throw a TypeError and return false. */
bool read_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values);
/* Of a method: what its object wraps. NULL after throwing that this is `expected`. */
void *read_method(napi_env env, napi_callback_info info, size_t count, napi_value *values, const char *expected);
bool read_int(napi_env env, napi_value value, int *out);
bool read_unsigned(napi_env env, napi_value value, uint32_t *out);
bool read_number(napi_env env, napi_value value, double *out);
bool read_text(napi_env env, napi_value value, char *out, size_t size);
bool read_bytes(napi_env env, napi_value value, struct iovec *out);
/* null and undefined give { NULL, 0 }. */
bool read_optional_bytes(napi_env env, napi_value value, struct iovec *out);
napi_value make_number(napi_env env, double value);
napi_value make_bytes(napi_env env, const void *data, size_t length);
/* Throws a NativeError made of errno; always NULL. */
napi_value throw_errno(napi_env env, const char *call);
napi_value throw_type_error(napi_env env, const char *message);
struct addon *addon_of(napi_env env);

/* watch.c */
struct watch {
  uv_poll_t poll;
  napi_env env;
  napi_ref callback;
  napi_async_context context;
  napi_async_cleanup_hook_handle hook;
  /* One for the open handle, one for the JavaScript object. */
  int references;
  int fd;
  bool closing;
  /* Runs inside a handle scope when fd is readable. */
  void (*ready)(struct watch *);
  /* Runs once at close; may be NULL. */
  void (*closed)(struct watch *);
  /* Of a process watch. */
  pid_t process;
  /* Of a hearing socket. */
  void *data;
};
/* Opens a watch on fd that calls `callback`; gives the watch too when `out` is not NULL. NULL after throwing. */
napi_value watch_open(napi_env env, int fd, napi_value callback, void (*ready)(struct watch *),
                      void (*closed)(struct watch *), struct watch **out);
void watch_close(struct watch *watch);
/* Somebody else looks at the descriptor until it resumes. */
void watch_rest(struct watch *watch);
void watch_resume(struct watch *watch);
void watch_call(struct watch *watch, size_t count, const napi_value *arguments);
void watch_close_descriptor(struct watch *watch);
napi_value watch_class_new(napi_env env);

/* Gives back to the calling (forked) process what setPriority, setAffinity and setResourceLimit took. */
void restore_process_settings(void);

/* One per file: puts its functions on `exports`. */
typedef struct {
  const char *name;
  napi_callback function;
} native_function;
bool export_functions(napi_env env, napi_value exports, const native_function *functions, size_t count);
bool export_values(napi_env env, napi_value exports);
bool export_socket(napi_env env, napi_value exports);
bool export_watch(napi_env env, napi_value exports);
bool export_timer(napi_env env, napi_value exports);
bool export_signals(napi_env env, napi_value exports);
bool export_process(napi_env env, napi_value exports);
bool export_spawn(napi_env env, napi_value exports);
bool export_file(napi_env env, napi_value exports);
bool export_interface(napi_env env, napi_value exports);
bool export_hear(napi_env env, napi_value exports);
bool export_repeat(napi_env env, napi_value exports);
bool export_readiness(napi_env env, napi_value exports);
bool export_regex(napi_env env, napi_value exports);
bool export_constants(napi_env env, napi_value exports);

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
