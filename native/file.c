/* The file calls that node:fs lacks. */
#include "evenkeel.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static napi_value js_lock_file(napi_env env, napi_callback_info info) {
  napi_value a[1], locked;
  int fd;
  if (!read_arguments(env, info, 1, a) || !read_int(env, a[0], &fd)) return NULL;
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  int result = fcntl(fd, F_OFD_SETLK, &lock);
  if (result < 0 && errno != EAGAIN && errno != EACCES) return throw_errno(env, "fcntl(F_OFD_SETLK)");
  return napi_get_boolean(env, result == 0, &locked) == napi_ok ? locked : NULL;
}

static napi_value js_mkfifo(napi_env env, napi_callback_info info) {
  napi_value a[2];
  char path[PATH_MAX];
  int mode;
  if (!read_arguments(env, info, 2, a) || !read_text(env, a[0], path, sizeof path) || !read_int(env, a[1], &mode))
    return NULL;
  if (mkfifo(path, (mode_t)mode) < 0) throw_errno(env, "mkfifo");
  return NULL;
}

bool export_file(napi_env env, napi_value exports) {
  static const native_function functions[] = {{"lockFile", js_lock_file}, {"mkfifo", js_mkfifo}};
  return export_functions(env, exports, functions, LENGTH(functions));
}
