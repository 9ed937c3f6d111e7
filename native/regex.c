/* PCRE2 (pcre2api(3)) where the system has it: loaded at run time, so that neither building nor installing needs it. */
#include "evenkeel.h"

#include <dlfcn.h>
#include <stdlib.h>

typedef struct pcre2_code pcre2_code;
typedef struct pcre2_match_data pcre2_match_data;
typedef struct pcre2_match_context pcre2_match_context;

static struct {
  void *library;
  pcre2_code *(*compile)(const uint8_t *, size_t, uint32_t, int *, size_t *, void *);
  void (*code_free)(pcre2_code *);
  int (*jit_compile)(pcre2_code *, uint32_t);
  pcre2_match_data *(*match_data_create)(const pcre2_code *, void *);
  void (*match_data_free)(pcre2_match_data *);
  int (*match)(const pcre2_code *, const uint8_t *, size_t, size_t, uint32_t, pcre2_match_data *, pcre2_match_context *);
  size_t *(*get_ovector_pointer)(pcre2_match_data *);
  int (*get_error_message)(int, uint8_t *, size_t);
} pcre2;

/* pcre2.h: PCRE2_NO_JIT, PCRE2_ERROR_JIT_STACKLIMIT. */
#define NO_JIT 0x2000u
#define JIT_STACK_LIMIT (-46)

static bool load(void) {
  if (pcre2.library) return true;
  void *library = dlopen("libpcre2-8.so.0", RTLD_NOW | RTLD_LOCAL);
  if (!library) return false;
  static const struct {
    void *function;
    const char *name;
  } symbols[] = {
      {&pcre2.compile, "pcre2_compile_8"},
      {&pcre2.code_free, "pcre2_code_free_8"},
      {&pcre2.jit_compile, "pcre2_jit_compile_8"},
      {&pcre2.match_data_create, "pcre2_match_data_create_from_pattern_8"},
      {&pcre2.match_data_free, "pcre2_match_data_free_8"},
      {&pcre2.match, "pcre2_match_8"},
      {&pcre2.get_ovector_pointer, "pcre2_get_ovector_pointer_8"},
      {&pcre2.get_error_message, "pcre2_get_error_message_8"},
  };
  for (size_t i = 0; i < LENGTH(symbols); i++) {
    void *symbol = dlsym(library, symbols[i].name);
    if (!symbol) {
      dlclose(library);
      return false;
    }
    *(void **)symbols[i].function = symbol;
  }
  pcre2.library = library;
  return true;
}

static void on_collected(napi_env env, void *code, void *hint) {
  (void)env;
  (void)hint;
  pcre2.code_free(code);
}

/* search(subject, from): the offset of the first match, or -1. */
static napi_value js_search(napi_env env, napi_callback_info info) {
  napi_value a[2];
  struct iovec subject;
  double from;
  pcre2_code *code = read_method(env, info, 2, a, "a pattern and its arguments are expected");
  if (!code || !read_bytes(env, a[0], &subject) || !read_number(env, a[1], &from)) return NULL;
  pcre2_match_data *data = pcre2.match_data_create(code, NULL);
  if (!data) return make_number(env, -1);
  /* An empty array has no address, which the library refuses. */
  const uint8_t *text = subject.iov_base ? subject.iov_base : (const uint8_t *)"";
  int matched = -1;
  if (from >= 0 && from <= (double)subject.iov_len) {
    matched = pcre2.match(code, text, subject.iov_len, (size_t)from, 0, data, NULL);
    /* The interpreter keeps its state on the heap. */
    if (matched == JIT_STACK_LIMIT)
      matched = pcre2.match(code, text, subject.iov_len, (size_t)from, NO_JIT, data, NULL);
  }
  double at = matched >= 0 ? (double)pcre2.get_ovector_pointer(data)[0] : -1;
  pcre2.match_data_free(data);
  return make_number(env, at);
}

/* compileRegex(pattern, options): an object with search, a text that says what is wrong, or null without PCRE2. */
static napi_value js_compile(napi_env env, napi_callback_info info) {
  static const native_function methods[] = {{"search", js_search}};
  napi_value a[2], result;
  struct iovec pattern;
  uint32_t options;
  int error;
  size_t offset;
  if (!read_arguments(env, info, 2, a) || !read_bytes(env, a[0], &pattern) || !read_unsigned(env, a[1], &options))
    return NULL;
  if (!load()) return napi_get_null(env, &result) == napi_ok ? result : NULL;
  const uint8_t *text = pattern.iov_base ? pattern.iov_base : (const uint8_t *)"";
  pcre2_code *code = pcre2.compile(text, pattern.iov_len, options, &error, &offset, NULL);
  if (!code) {
    uint8_t message[256];
    int length = pcre2.get_error_message(error, message, sizeof message);
    if (length < 0) length = 0;
    return napi_create_string_utf8(env, (const char *)message, (size_t)length, &result) == napi_ok ? result : NULL;
  }
  /* PCRE2_JIT_COMPLETE; without JIT the interpreter does it. */
  pcre2.jit_compile(code, 1);
  if (napi_create_object(env, &result) != napi_ok || !export_functions(env, result, methods, LENGTH(methods)) ||
      napi_wrap(env, result, code, on_collected, NULL, NULL) != napi_ok) {
    pcre2.code_free(code);
    return throw_type_error(env, "cannot keep the pattern");
  }
  return result;
}

bool export_regex(napi_env env, napi_value exports) {
  static const native_function functions[] = {{"compileRegex", js_compile}};
  return export_functions(env, exports, functions, LENGTH(functions));
}
