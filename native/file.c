/* The file calls that node:fs lacks. */
#include "evenkeel.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/inotify.h>
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

/* Whether another open file holds a lock; asking takes none, so that it is in nobody's way. */
static napi_value js_is_locked(napi_env env, napi_callback_info info) {
  napi_value a[1], locked;
  int fd;
  if (!read_arguments(env, info, 1, a) || !read_int(env, a[0], &fd)) return NULL;
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fcntl(fd, F_OFD_GETLK, &lock) < 0) return throw_errno(env, "fcntl(F_OFD_GETLK)");
  return napi_get_boolean(env, lock.l_type != F_UNLCK, &locked) == napi_ok ? locked : NULL;
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

static napi_value js_inotify(napi_env env, napi_callback_info info) {
  (void)info;
  int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  return make_number(env, fd < 0 ? -errno : fd);
}

static napi_value js_inotify_add_watch(napi_env env, napi_callback_info info) {
  napi_value a[3];
  char path[PATH_MAX];
  int fd;
  uint32_t mask;
  if (!read_arguments(env, info, 3, a) || !read_int(env, a[0], &fd) || !read_text(env, a[1], path, sizeof path) ||
      !read_unsigned(env, a[2], &mask))
    return NULL;
  int watch = inotify_add_watch(fd, path, mask);
  return make_number(env, watch < 0 ? -errno : watch);
}

static napi_value js_inotify_remove_watch(napi_env env, napi_callback_info info) {
  napi_value a[2];
  int fd, watch;
  if (!read_arguments(env, info, 2, a) || !read_int(env, a[0], &fd) || !read_int(env, a[1], &watch)) return NULL;
  return make_number(env, inotify_rm_watch(fd, watch) < 0 ? -errno : 0);
}

bool export_file(napi_env env, napi_value exports) {
  static const native_function functions[] = {
      {"lockFile", js_lock_file},
      {"isLocked", js_is_locked},
      {"mkfifo", js_mkfifo},
      {"inotify", js_inotify},
      {"inotifyAddWatch", js_inotify_add_watch},
      {"inotifyRemoveWatch", js_inotify_remove_watch},
  };
  return export_functions(env, exports, functions, LENGTH(functions));
}
