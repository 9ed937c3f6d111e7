/* Requests about interfaces whose argument holds a pointer, which a buffer cannot. */
#include "evenkeel.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>

static napi_value js_ethtool_link(napi_env env, napi_callback_info info) {
  napi_value a[2];
  char name[IFNAMSIZ];
  int fd;
  if (!read_arguments(env, info, 2, a) || !read_int(env, a[0], &fd) || !read_text(env, a[1], name, sizeof name))
    return NULL;
  struct ethtool_value value = {.cmd = ETHTOOL_GLINK};
  struct ifreq request = {.ifr_data = (void *)&value};
  memcpy(request.ifr_name, name, sizeof name);
  return make_number(env, ioctl(fd, SIOCETHTOOL, &request) < 0 ? -errno : (int)value.data);
}

bool export_interface(napi_env env, napi_value exports) {
  static const native_function functions[] = {{"ethtoolLink", js_ethtool_link}};
  return export_functions(env, exports, functions, LENGTH(functions));
}
