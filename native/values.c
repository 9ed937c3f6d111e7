/* Between JavaScript values and C. */
#include "evenkeel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct addon *addon_of(napi_env env) {
  void *data = NULL;
  napi_get_instance_data(env, &data);
  return data;
}

napi_value throw_type_error(napi_env env, const char *message) {
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", message);
  return NULL;
}

bool read_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
  size_t given = count;
  if (napi_get_cb_info(env, info, &given, values, NULL, NULL) != napi_ok || given < count) {
    throw_type_error(env, "too few arguments");
    return false;
  }
  return true;
}

void *read_method(napi_env env, napi_callback_info info, size_t count, napi_value *values, const char *expected) {
  napi_value this;
  size_t given = count;
  void *wrapped;
  if (napi_get_cb_info(env, info, &given, values, &this, NULL) == napi_ok && given >= count &&
      napi_unwrap(env, this, &wrapped) == napi_ok)
    return wrapped;
  throw_type_error(env, expected);
  return NULL;
}

bool read_int(napi_env env, napi_value value, int *out) {
  if (napi_get_value_int32(env, value, out) == napi_ok) return true;
  throw_type_error(env, "a number is expected");
  return false;
}

bool read_unsigned(napi_env env, napi_value value, uint32_t *out) {
  if (napi_get_value_uint32(env, value, out) == napi_ok) return true;
  throw_type_error(env, "a number is expected");
  return false;
}

bool read_number(napi_env env, napi_value value, double *out) {
  if (napi_get_value_double(env, value, out) == napi_ok) return true;
  throw_type_error(env, "a number is expected");
  return false;
}

bool read_text(napi_env env, napi_value value, char *out, size_t size) {
  size_t length;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok) {
    throw_type_error(env, "a string is expected");
    return false;
  }
  if (length >= size) {
    errno = ENAMETOOLONG;
    throw_errno(env, "argument");
    return false;
  }
  return napi_get_value_string_utf8(env, value, out, size, &length) == napi_ok;
}

bool read_bytes(napi_env env, napi_value value, struct iovec *out) {
  bool typed = false;
  napi_typedarray_type type;
  if (napi_is_typedarray(env, value, &typed) == napi_ok && typed &&
      napi_get_typedarray_info(env, value, &type, &out->iov_len, &out->iov_base, NULL, NULL) == napi_ok &&
      type == napi_uint8_array)
    return true;
  throw_type_error(env, "a Uint8Array is expected");
  return false;
}

bool read_optional_bytes(napi_env env, napi_value value, struct iovec *out) {
  napi_valuetype type;
  if (napi_typeof(env, value, &type) == napi_ok && (type == napi_null || type == napi_undefined)) {
    out->iov_base = NULL;
    out->iov_len = 0;
    return true;
  }
  return read_bytes(env, value, out);
}

napi_value make_number(napi_env env, double value) {
  napi_value number;
  return napi_create_double(env, value, &number) == napi_ok ? number : NULL;
}

napi_value make_bytes(napi_env env, const void *data, size_t length) {
  napi_value buffer, bytes;
  void *target;
  if (napi_create_arraybuffer(env, length, &target, &buffer) != napi_ok) return NULL;
  if (length > 0) memcpy(target, data, length);
  return napi_create_typedarray(env, napi_uint8_array, length, buffer, 0, &bytes) == napi_ok ? bytes : NULL;
}

static void name_of_errno(int number, char *name, size_t size) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 32)
  const char *known = strerrorname_np(number);
  if (known) {
    snprintf(name, size, "%s", known);
    return;
  }
#endif
  uv_err_name_r(number > 0 ? -number : UV_UNKNOWN, name, size);
}

napi_value throw_errno(napi_env env, const char *call) {
  int number = errno;
  char name[64], text[192];
  name_of_errno(number, name, sizeof name);
  snprintf(text, sizeof text, "%s: %s", call, strerror(number));
  napi_value code, message, error, syscall;
  if (napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &code) == napi_ok &&
      napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &message) == napi_ok &&
      napi_create_string_utf8(env, call, NAPI_AUTO_LENGTH, &syscall) == napi_ok &&
      napi_create_error(env, code, message, &error) == napi_ok &&
      napi_set_named_property(env, error, "errno", make_number(env, number)) == napi_ok &&
      napi_set_named_property(env, error, "syscall", syscall) == napi_ok)
    napi_throw(env, error);
  return NULL;
}

static napi_value js_describe_error(napi_env env, napi_callback_info info) {
  napi_value a[1], pair, code, text;
  char name[64];
  int number;
  if (!read_arguments(env, info, 1, a) || !read_int(env, a[0], &number)) return NULL;
  name_of_errno(number, name, sizeof name);
  if (napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &code) != napi_ok ||
      napi_create_string_utf8(env, strerror(number), NAPI_AUTO_LENGTH, &text) != napi_ok ||
      napi_create_array_with_length(env, 2, &pair) != napi_ok || napi_set_element(env, pair, 0, code) != napi_ok ||
      napi_set_element(env, pair, 1, text) != napi_ok)
    return NULL;
  return pair;
}

bool export_values(napi_env env, napi_value exports) {
  static const native_function functions[] = {{"describeError", js_describe_error}};
  return export_functions(env, exports, functions, LENGTH(functions));
}
