/* What a process sets for itself: name, namespaces, scheduling, limits. */
#include "evenkeel.h"
#include "thread.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <net/if.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define RESOURCES 16

static struct {
  bool niceness_set, affinity_set, limit_set[RESOURCES];
  int niceness;
  cpu_set_t affinity;
  struct rlimit limit[RESOURCES];
} original;

void restore_process_settings(void) {
  struct sched_param parameter = {0};
  int policy = sched_getscheduler(0);
  if ((policy == SCHED_RR || policy == SCHED_FIFO) && sched_setscheduler(0, SCHED_OTHER, &parameter) < 0) return;
  if (original.niceness_set) setpriority(PRIO_PROCESS, 0, original.niceness);
  if (original.affinity_set) sched_setaffinity(0, sizeof original.affinity, &original.affinity);
  for (int resource = 0; resource < RESOURCES; resource++)
    if (original.limit_set[resource]) setrlimit((__rlimit_resource_t)resource, &original.limit[resource]);
}

static napi_value js_interface_index(napi_env env, napi_callback_info info) {
  napi_value a[1];
  char name[IF_NAMESIZE];
  if (!read_arguments(env, info, 1, a) || !read_text(env, a[0], name, sizeof name)) return NULL;
  unsigned index = if_nametoindex(name);
  return index == 0 ? throw_errno(env, "if_nametoindex") : make_number(env, index);
}

static napi_value js_set_process_name(napi_env env, napi_callback_info info) {
  napi_value a[1];
  char name[256];
  if (!read_arguments(env, info, 1, a) || !read_text(env, a[0], name, sizeof name)) return NULL;
  if (prctl(PR_SET_NAME, name) < 0) throw_errno(env, "prctl(PR_SET_NAME)");
  return NULL;
}

static napi_value js_set_parent_death_signal(napi_env env, napi_callback_info info) {
  napi_value a[1];
  int number;
  if (!read_arguments(env, info, 1, a) || !read_int(env, a[0], &number)) return NULL;
  if (prctl(PR_SET_PDEATHSIG, (unsigned long)number) < 0) throw_errno(env, "prctl(PR_SET_PDEATHSIG)");
  return NULL;
}

static napi_value js_set_child_subreaper(napi_env env, napi_callback_info info) {
  (void)info;
  if (prctl(PR_SET_CHILD_SUBREAPER, 1UL) < 0) throw_errno(env, "prctl(PR_SET_CHILD_SUBREAPER)");
  return NULL;
}

static napi_value js_enter_network_namespace(napi_env env, napi_callback_info info) {
  napi_value a[1];
  char path[PATH_MAX];
  if (!read_arguments(env, info, 1, a) || !read_text(env, a[0], path, sizeof path)) return NULL;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return throw_errno(env, "open");
  int result = setns(fd, CLONE_NEWNET), error = errno;
  close(fd);
  errno = error;
  if (result < 0) throw_errno(env, "setns");
  return NULL;
}

static napi_value js_bind_mount_privately(napi_env env, napi_callback_info info) {
  napi_value a[2];
  char source[PATH_MAX], target[PATH_MAX];
  if (!read_arguments(env, info, 2, a) || !read_text(env, a[0], source, sizeof source) ||
      !read_text(env, a[1], target, sizeof target))
    return NULL;
  if (unshare(CLONE_NEWNS) < 0) return throw_errno(env, "unshare");
  if (mount("", "/", NULL, MS_REC | MS_SLAVE, NULL) < 0) return throw_errno(env, "mount(MS_SLAVE)");
  if (mount(source, target, NULL, MS_BIND, NULL) < 0) throw_errno(env, "mount(MS_BIND)");
  return NULL;
}

static napi_value js_set_scheduler(napi_env env, napi_callback_info info) {
  napi_value a[2];
  int policy;
  struct sched_param parameter;
  if (!read_arguments(env, info, 2, a) || !read_int(env, a[0], &policy) ||
      !read_int(env, a[1], &parameter.sched_priority))
    return NULL;
  if (sched_setscheduler(0, policy, &parameter) < 0) return throw_errno(env, "sched_setscheduler");
  threads_follow_scheduling();
  return NULL;
}

static napi_value js_set_priority(napi_env env, napi_callback_info info) {
  napi_value a[1];
  int niceness;
  if (!read_arguments(env, info, 1, a) || !read_int(env, a[0], &niceness)) return NULL;
  int before = getpriority(PRIO_PROCESS, 0);
  if (setpriority(PRIO_PROCESS, 0, niceness) < 0) return throw_errno(env, "setpriority");
  if (!original.niceness_set) original.niceness = before;
  original.niceness_set = true;
  threads_follow_scheduling();
  return NULL;
}

static rlim_t limit_of(double value) { return value >= 0 && value < 0x1p63 ? (rlim_t)value : RLIM_INFINITY; }

static napi_value js_set_resource_limit(napi_env env, napi_callback_info info) {
  napi_value a[3];
  int resource;
  double soft, hard;
  struct rlimit before;
  if (!read_arguments(env, info, 3, a) || !read_int(env, a[0], &resource) || !read_number(env, a[1], &soft) ||
      !read_number(env, a[2], &hard))
    return NULL;
  struct rlimit limit = {limit_of(soft), limit_of(hard)};
  if (resource < 0 || resource >= RESOURCES || getrlimit((__rlimit_resource_t)resource, &before) < 0 ||
      setrlimit((__rlimit_resource_t)resource, &limit) < 0) {
    if (resource < 0 || resource >= RESOURCES) errno = EINVAL;
    return throw_errno(env, "setrlimit");
  }
  if (!original.limit_set[resource]) original.limit[resource] = before;
  original.limit_set[resource] = true;
  return NULL;
}

/* For a limit that was changed before any code of ours ran. */
static napi_value js_note_resource_limit(napi_env env, napi_callback_info info) {
  napi_value a[2];
  int resource;
  double soft;
  if (!read_arguments(env, info, 2, a) || !read_int(env, a[0], &resource) || !read_number(env, a[1], &soft)) return NULL;
  if (resource < 0 || resource >= RESOURCES) {
    errno = EINVAL;
    return throw_errno(env, "getrlimit");
  }
  if (!original.limit_set[resource] && getrlimit((__rlimit_resource_t)resource, &original.limit[resource]) < 0)
    return throw_errno(env, "getrlimit");
  original.limit[resource].rlim_cur = limit_of(soft);
  original.limit_set[resource] = true;
  return NULL;
}

static napi_value js_get_resource_limit(napi_env env, napi_callback_info info) {
  napi_value a[1], pair;
  int resource;
  struct rlimit limit;
  if (!read_arguments(env, info, 1, a) || !read_int(env, a[0], &resource)) return NULL;
  if (getrlimit((__rlimit_resource_t)resource, &limit) < 0) return throw_errno(env, "getrlimit");
  double soft = limit.rlim_cur == RLIM_INFINITY ? INFINITY : (double)limit.rlim_cur;
  double hard = limit.rlim_max == RLIM_INFINITY ? INFINITY : (double)limit.rlim_max;
  if (napi_create_array_with_length(env, 2, &pair) != napi_ok ||
      napi_set_element(env, pair, 0, make_number(env, soft)) != napi_ok ||
      napi_set_element(env, pair, 1, make_number(env, hard)) != napi_ok)
    return NULL;
  return pair;
}

static napi_value js_set_affinity(napi_env env, napi_callback_info info) {
  napi_value a[1], element;
  uint32_t count;
  cpu_set_t before, set;
  CPU_ZERO(&set);
  if (!read_arguments(env, info, 1, a)) return NULL;
  if (napi_get_array_length(env, a[0], &count) != napi_ok) return throw_type_error(env, "an array is expected");
  for (uint32_t i = 0; i < count; i++) {
    int cpu;
    if (napi_get_element(env, a[0], i, &element) != napi_ok || !read_int(env, element, &cpu)) return NULL;
    if (cpu >= 0 && cpu < CPU_SETSIZE) CPU_SET((size_t)cpu, &set);
  }
  if (sched_getaffinity(0, sizeof before, &before) < 0 || sched_setaffinity(0, sizeof set, &set) < 0)
    return throw_errno(env, "sched_setaffinity");
  if (!original.affinity_set) original.affinity = before;
  original.affinity_set = true;
  threads_follow_scheduling();
  return NULL;
}

bool export_process(napi_env env, napi_value exports) {
  static const native_function functions[] = {
      {"interfaceIndex", js_interface_index},
      {"setProcessName", js_set_process_name},
      {"setParentDeathSignal", js_set_parent_death_signal},
      {"setChildSubreaper", js_set_child_subreaper},
      {"enterNetworkNamespace", js_enter_network_namespace},
      {"bindMountPrivately", js_bind_mount_privately},
      {"setScheduler", js_set_scheduler},
      {"setPriority", js_set_priority},
      {"setResourceLimit", js_set_resource_limit},
      {"getResourceLimit", js_get_resource_limit},
      {"noteResourceLimit", js_note_resource_limit},
      {"setAffinity", js_set_affinity},
  };
  return export_functions(env, exports, functions, LENGTH(functions));
}
