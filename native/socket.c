/* Sockets: socket(7), sendmsg(2), recvmsg(2), ioctl(2). */
#include "evenkeel.h"

#include <errno.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_OPTION_LENGTH 65536

static napi_value js_socket(napi_env env, napi_callback_info info) {
  napi_value a[3];
  int domain, type, protocol;
  if (!read_arguments(env, info, 3, a) || !read_int(env, a[0], &domain) || !read_int(env, a[1], &type) ||
      !read_int(env, a[2], &protocol))
    return NULL;
  int fd = socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
  return fd < 0 ? throw_errno(env, "socket") : make_number(env, fd);
}

static napi_value js_socket_pair(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value pair;
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0) return throw_errno(env, "socketpair");
  if (napi_create_array_with_length(env, 2, &pair) != napi_ok) return NULL;
  for (uint32_t i = 0; i < 2; i++)
    if (napi_set_element(env, pair, i, make_number(env, fds[i])) != napi_ok) return NULL;
  return pair;
}

static napi_value js_close(napi_env env, napi_callback_info info) {
  napi_value a[1];
  int fd;
  if (!read_arguments(env, info, 1, a) || !read_int(env, a[0], &fd)) return NULL;
  /* On Linux the descriptor is gone after EINTR too (close(2)). */
  if (close(fd) < 0 && errno != EINTR) throw_errno(env, "close");
  return NULL;
}

static napi_value js_bind(napi_env env, napi_callback_info info) {
  napi_value a[2];
  int fd;
  struct iovec address;
  if (!read_arguments(env, info, 2, a) || !read_int(env, a[0], &fd) || !read_bytes(env, a[1], &address)) return NULL;
  if (bind(fd, address.iov_base, (socklen_t)address.iov_len) < 0) throw_errno(env, "bind");
  return NULL;
}

static napi_value js_connect(napi_env env, napi_callback_info info) {
  napi_value a[2];
  int fd;
  struct iovec address;
  if (!read_arguments(env, info, 2, a) || !read_int(env, a[0], &fd) || !read_bytes(env, a[1], &address)) return NULL;
  int result = connect(fd, address.iov_base, (socklen_t)address.iov_len);
  return make_number(env, result < 0 ? -errno : 0);
}

static napi_value js_getsockname(napi_env env, napi_callback_info info) {
  napi_value a[1];
  int fd;
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  if (!read_arguments(env, info, 1, a) || !read_int(env, a[0], &fd)) return NULL;
  if (getsockname(fd, (struct sockaddr *)&address, &length) < 0) return throw_errno(env, "getsockname");
  return make_bytes(env, &address, length < sizeof address ? length : sizeof address);
}

static napi_value js_setsockopt(napi_env env, napi_callback_info info) {
  napi_value a[4];
  int fd, level, name, number;
  struct iovec value;
  napi_valuetype type;
  if (!read_arguments(env, info, 4, a) || !read_int(env, a[0], &fd) || !read_int(env, a[1], &level) ||
      !read_int(env, a[2], &name) || napi_typeof(env, a[3], &type) != napi_ok)
    return NULL;
  if (type == napi_number) {
    if (!read_int(env, a[3], &number)) return NULL;
    value = (struct iovec){&number, sizeof number};
  } else if (!read_bytes(env, a[3], &value)) {
    return NULL;
  }
  if (setsockopt(fd, level, name, value.iov_base, (socklen_t)value.iov_len) < 0) throw_errno(env, "setsockopt");
  return NULL;
}

static napi_value js_attach_filter(napi_env env, napi_callback_info info) {
  napi_value a[2];
  int fd;
  struct iovec code;
  if (!read_arguments(env, info, 2, a) || !read_int(env, a[0], &fd) || !read_bytes(env, a[1], &code)) return NULL;
  struct sock_fprog program = {
      .len = (unsigned short)(code.iov_len / sizeof(struct sock_filter)),
      .filter = code.iov_base,
  };
  if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0)
    throw_errno(env, "setsockopt(SO_ATTACH_FILTER)");
  return NULL;
}

static napi_value js_getsockopt(napi_env env, napi_callback_info info) {
  napi_value a[4];
  int fd, level, name, size;
  char value[MAX_OPTION_LENGTH];
  if (!read_arguments(env, info, 4, a) || !read_int(env, a[0], &fd) || !read_int(env, a[1], &level) ||
      !read_int(env, a[2], &name) || !read_int(env, a[3], &size))
    return NULL;
  if (size < 0 || size > MAX_OPTION_LENGTH) {
    errno = EINVAL;
    return throw_errno(env, "getsockopt");
  }
  socklen_t length = (socklen_t)size;
  if (getsockopt(fd, level, name, value, &length) < 0) return throw_errno(env, "getsockopt");
  return make_bytes(env, value, length);
}

/* The first four arguments: a descriptor, the data, and an address and control messages, which may be missing. */
struct message {
  int fd;
  struct iovec data, address, control;
  struct msghdr header;
};

static bool read_message(napi_env env, const napi_value *a, struct message *message) {
  if (!read_int(env, a[0], &message->fd) || !read_bytes(env, a[1], &message->data) ||
      !read_optional_bytes(env, a[2], &message->address) || !read_optional_bytes(env, a[3], &message->control))
    return false;
  message->header = (struct msghdr){
      .msg_name = message->address.iov_base,
      .msg_namelen = (socklen_t)message->address.iov_len,
      .msg_iov = &message->data,
      .msg_iovlen = 1,
      .msg_control = message->control.iov_base,
      .msg_controllen = message->control.iov_len,
  };
  return true;
}

static napi_value js_sendmsg(napi_env env, napi_callback_info info) {
  napi_value a[5];
  int flags;
  struct message message;
  if (!read_arguments(env, info, 5, a) || !read_message(env, a, &message) || !read_int(env, a[4], &flags)) return NULL;
  ssize_t sent;
  do sent = sendmsg(message.fd, &message.header, flags | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return make_number(env, sent < 0 ? -errno : (double)sent);
}

static bool report_received(napi_env env, napi_value received, const struct msghdr *message, ssize_t length) {
  return napi_set_named_property(env, received, "length", make_number(env, (double)length)) == napi_ok &&
         napi_set_named_property(env, received, "addressLength", make_number(env, message->msg_namelen)) == napi_ok &&
         napi_set_named_property(env, received, "controlLength", make_number(env, (double)message->msg_controllen)) ==
             napi_ok &&
         napi_set_named_property(env, received, "flags", make_number(env, message->msg_flags)) == napi_ok;
}

static napi_value js_recvmsg(napi_env env, napi_callback_info info) {
  napi_value a[6];
  int flags;
  struct message message;
  if (!read_arguments(env, info, 6, a) || !read_message(env, a, &message) || !read_int(env, a[4], &flags)) return NULL;
  ssize_t length;
  do length = recvmsg(message.fd, &message.header, flags);
  while (length < 0 && errno == EINTR);
  if (length < 0) return make_number(env, -errno);
  return report_received(env, a[5], &message.header, length) ? make_number(env, (double)length) : NULL;
}

static napi_value js_ioctl(napi_env env, napi_callback_info info) {
  napi_value a[3];
  int fd;
  uint32_t request;
  struct iovec argument;
  if (!read_arguments(env, info, 3, a) || !read_int(env, a[0], &fd) || !read_unsigned(env, a[1], &request) ||
      !read_bytes(env, a[2], &argument))
    return NULL;
  int result = ioctl(fd, request, argument.iov_base);
  return make_number(env, result < 0 ? -errno : result);
}

bool export_socket(napi_env env, napi_value exports) {
  static const native_function functions[] = {
      {"socket", js_socket},
      {"socketPair", js_socket_pair},
      {"close", js_close},
      {"bind", js_bind},
      {"connect", js_connect},
      {"getsockname", js_getsockname},
      {"setsockopt", js_setsockopt},
      {"getsockopt", js_getsockopt},
      {"sendmsg", js_sendmsg},
      {"recvmsg", js_recvmsg},
      {"ioctl", js_ioctl},
      {"attachFilter", js_attach_filter},
  };
  return export_functions(env, exports, functions, LENGTH(functions));
}
