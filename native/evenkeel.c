/* Thin system calls for src/os; the contract is src/os/native.ts. */
#include "evenkeel.h"

#include <stdlib.h>

bool export_functions(napi_env env, napi_value exports, const native_function *functions, size_t count) {
  for (size_t i = 0; i < count; i++) {
    napi_value function;
    if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, NULL, &function) !=
            napi_ok ||
        napi_set_named_property(env, exports, functions[i].name, function) != napi_ok)
      return false;
  }
  return true;
}

static void free_addon(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free(data);
}

NAPI_MODULE_INIT() {
  struct addon *addon = calloc(1, sizeof *addon);
  if (!addon) return throw_errno(env, "calloc");
  if (napi_set_instance_data(env, addon, free_addon, NULL) != napi_ok) {
    free(addon);
    return NULL;
  }
  napi_value class = watch_class_new(env);
  if (!class || napi_get_uv_event_loop(env, &addon->loop) != napi_ok ||
      napi_create_reference(env, class, 1, &addon->watch_class) != napi_ok)
    return NULL;
  bool exported = export_socket(env, exports) && export_watch(env, exports) && export_timer(env, exports) &&
                  export_signals(env, exports) && export_process(env, exports) && export_spawn(env, exports) &&
                  export_file(env, exports) && export_readiness(env, exports) && export_hear(env, exports) &&
                  export_repeat(env, exports) && export_regex(env, exports) && export_interface(env, exports) &&
                  export_values(env, exports) &&
                  export_constants(env, exports);
  return exported ? exports : NULL;
}
