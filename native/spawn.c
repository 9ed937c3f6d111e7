/*
 * Programs with another user's rights, in a process group of their own, and this program once more. child_process drops the
 * supplementary groups, can neither undo real-time scheduling and limits nor ask for a signal when the parent dies, and
 * always forks.
 */
#include "evenkeel.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#define MAX_GROUPS 65536
/* Of the channel to the parent, in a process that is this program once more; CHILD_CHANNEL of processes.ts. */
#define CHANNEL 3

struct program {
  char *file;
  /* The first place is kept free for the shell. */
  char **words;
  char **environment;
  /* Makes the process what the program is to find itself in: false with errno where that cannot be. */
  bool (*prepare)(const struct program *program);
  pid_t parent;
  /* Of a script. */
  gid_t *groups;
  uint32_t group_count;
  int uid, gid;
  /* Of this program once more. */
  int channel, detached, silent;
  const char *directory;
};

static void free_list(char **list) {
  for (size_t i = 0; list && list[i]; i++) free(list[i]);
  free(list);
}

/* A NULL-terminated copy; NULL after throwing. */
static char **read_list(napi_env env, napi_value array) {
  uint32_t count;
  if (napi_get_array_length(env, array, &count) != napi_ok) {
    throw_type_error(env, "an array of strings is expected");
    return NULL;
  }
  char **list = calloc((size_t)count + 1, sizeof *list);
  if (!list) {
    throw_errno(env, "calloc");
    return NULL;
  }
  for (uint32_t i = 0; i < count; i++) {
    napi_value element;
    size_t length;
    if (napi_get_element(env, array, i, &element) == napi_ok &&
        napi_get_value_string_utf8(env, element, NULL, 0, &length) == napi_ok && (list[i] = malloc(length + 1)) &&
        napi_get_value_string_utf8(env, element, list[i], length + 1, &length) == napi_ok)
      continue;
    free_list(list);
    throw_type_error(env, "an array of strings is expected");
    return NULL;
  }
  return list;
}

static bool read_groups(napi_env env, napi_value array, struct program *program) {
  if (napi_get_array_length(env, array, &program->group_count) != napi_ok || program->group_count > MAX_GROUPS) {
    throw_type_error(env, "an array of group numbers is expected");
    return false;
  }
  program->groups = calloc((size_t)program->group_count + 1, sizeof *program->groups);
  for (uint32_t i = 0; program->groups && i < program->group_count; i++) {
    napi_value element;
    int group;
    if (napi_get_element(env, array, i, &element) != napi_ok || !read_int(env, element, &group)) return false;
    program->groups[i] = (gid_t)group;
  }
  return program->groups != NULL;
}

static void default_signals(void) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigset_t none;
  sigemptyset(&none);
  for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static void close_others_on_exec(void) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
#endif
  for (int fd = 3; fd < 1024; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);
}

#ifdef SYS_setuid32
#define SET_GROUPS SYS_setgroups32
#define SET_GID SYS_setgid32
#define SET_UID SYS_setuid32
#else
#define SET_GROUPS SYS_setgroups
#define SET_GID SYS_setgid
#define SET_UID SYS_setuid
#endif

/* The C library's own functions would change every thread of the process whose memory this child shares. */
static bool become(const struct program *program) {
  if (geteuid() == 0 && syscall(SET_GROUPS, (size_t)program->group_count, program->groups) != 0) return false;
  return syscall(SET_GID, program->gid) == 0 && syscall(SET_UID, program->uid) == 0;
}

/* Standard input, and the outputs too if `silent`, on /dev/null; otherwise the outputs are ours. */
static bool close_streams(bool silent) {
  int null = open("/dev/null", O_RDWR);
  bool closed = null >= 0 && dup2(null, 0) >= 0 && (!silent || (dup2(null, 1) >= 0 && dup2(null, 2) >= 0));
  if (null > 2) close(null);
  /* The engine has set this for all that it was started with; a descriptor that is not there stays so. */
  for (int fd = 1; fd <= 2; fd++) fcntl(fd, F_SETFD, 0);
  return closed;
}

static bool prepare_script(const struct program *program) {
  setpgid(0, 0);
  restore_process_settings();
  close_others_on_exec();
  if (!close_streams(true) || !become(program)) return false;
  /* After the change of user, which would clear it. */
  prctl(PR_SET_PDEATHSIG, (unsigned long)SIGTERM);
  if (getppid() != program->parent) _exit(1);
  return true;
}

static bool prepare_self(const struct program *program) {
  if (program->detached) setsid();
  close_others_on_exec();
  /* Where a standard stream is closed, the channel may have its number. */
  int channel = fcntl(program->channel, F_DUPFD_CLOEXEC, CHANNEL + 1);
  if (channel < 0 || !close_streams(program->silent) || dup2(channel, CHANNEL) < 0) return false;
  return program->directory[0] == '\0' || chdir(program->directory) == 0;
}

/* In the child of vfork(2): system calls only, and never back to the caller. */
static _Noreturn void run(struct program *program, int report) {
  if (program->prepare(program)) {
    default_signals();
    execvpe(program->file, &program->words[1], program->environment);
    if (errno == ENOEXEC) {
      program->words[0] = "/bin/sh";
      program->words[1] = program->file;
      execve(program->words[0], program->words, program->environment);
    }
  }
  int error = errno;
  if (write(report, &error, sizeof error) < 0) _exit(126);
  _exit(127);
}

/* The process, or -errno of whatever kept the program from starting. */
static int start(struct program *program) {
  int report[2], error = 0;
  sigset_t all, before;
  if (pipe2(report, O_CLOEXEC) < 0) return -errno;
  /* Out of the way of the descriptors that the program gets. */
  int told = fcntl(report[1], F_DUPFD_CLOEXEC, CHANNEL + 1);
  error = errno;
  close(report[1]);
  if (told < 0) {
    close(report[0]);
    return -error;
  }
  program->parent = getpid();
  /* The child must not run this process's handlers. */
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  /* fork(2) would copy the page tables of the whole engine, which takes milliseconds. */
  pid_t process = vfork();
  if (process == 0) run(program, told);
  error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(told);
  if (process < 0) {
    close(report[0]);
    return -error;
  }
  ssize_t count;
  do count = read(report[0], &error, sizeof error);
  while (count < 0 && errno == EINTR);
  close(report[0]);
  if (count != sizeof error) return process;
  while (waitpid(process, NULL, 0) < 0 && errno == EINTR) continue;
  return -error;
}

/* The first three arguments are the file, its words and its environment; the process, or -errno of what kept it from starting. */
static napi_value start_with(napi_env env, const napi_value *a, struct program *program) {
  napi_value result = NULL;
  char file[PATH_MAX];
  char **arguments = NULL;
  if (!read_text(env, a[0], file, sizeof file) || !(arguments = read_list(env, a[1]))) return NULL;
  size_t count = 0;
  while (arguments[count]) count++;
  program->file = file;
  program->words = calloc(count + 2, sizeof *program->words);
  program->environment = read_list(env, a[2]);
  if (count > 0 && program->words && program->environment) {
    memcpy(program->words + 1, arguments, count * sizeof *arguments);
    result = make_number(env, start(program));
  } else if (count == 0) {
    throw_type_error(env, "no program");
  }
  free(program->words);
  free_list(arguments);
  free_list(program->environment);
  return result;
}

static napi_value js_spawn(napi_env env, napi_callback_info info) {
  napi_value a[6], result = NULL;
  struct program program = {.prepare = prepare_script};
  if (!read_arguments(env, info, 6, a)) return NULL;
  if (read_int(env, a[3], &program.uid) && read_int(env, a[4], &program.gid) && read_groups(env, a[5], &program))
    result = start_with(env, a, &program);
  free(program.groups);
  return result;
}

static napi_value js_spawn_self(napi_env env, napi_callback_info info) {
  napi_value a[7];
  char directory[PATH_MAX];
  struct program program = {.prepare = prepare_self, .directory = directory};
  if (!read_arguments(env, info, 7, a) || !read_int(env, a[3], &program.channel) ||
      !read_int(env, a[4], &program.detached) || !read_int(env, a[5], &program.silent) ||
      !read_text(env, a[6], directory, sizeof directory))
    return NULL;
  return start_with(env, a, &program);
}

/* Readable when the process has ended; every now and then where the kernel (before 5.3) or a sandbox has no pidfd_open. */
static int open_exit_watch(pid_t process) {
  int fd = (int)syscall(SYS_pidfd_open, process, 0);
  if (fd >= 0 || (errno != ENOSYS && errno != EPERM)) return fd;
  const struct timespec moment = {.tv_nsec = 20000000};
  const struct itimerspec often = {.it_interval = moment, .it_value = moment};
  fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (fd >= 0) timerfd_settime(fd, 0, &often, NULL);
  return fd;
}

static void on_exited(struct watch *watch) {
  int status = 0;
  pid_t ended = waitpid(watch->process, &status, WNOHANG);
  if (ended == 0) {
    /* A tick of the timer, which must be read; of a pidfd nothing can be. */
    uint64_t ticks;
    (void)!read(watch->fd, &ticks, sizeof ticks);
    return;
  }
  /* Where somebody else has collected the status nobody knows it. */
  bool exited = ended == watch->process && WIFEXITED(status);
  bool killed = ended == watch->process && WIFSIGNALED(status);
  napi_value arguments[2] = {
      make_number(watch->env, exited ? WEXITSTATUS(status) : -1),
      make_number(watch->env, killed ? WTERMSIG(status) : 0),
  };
  watch_call(watch, 2, arguments);
  watch_close(watch);
}

static napi_value js_watch_process(napi_env env, napi_callback_info info) {
  napi_value a[2];
  int process;
  struct watch *watch;
  if (!read_arguments(env, info, 2, a) || !read_int(env, a[0], &process)) return NULL;
  int fd = open_exit_watch(process);
  if (fd < 0) return throw_errno(env, "pidfd_open");
  napi_value object = watch_open(env, fd, a[1], on_exited, watch_close_descriptor, &watch);
  if (!object) {
    close(fd);
    return NULL;
  }
  watch->process = process;
  return object;
}

static napi_value js_reap_orphans(napi_env env, napi_callback_info info) {
  napi_value a[1], element;
  uint32_t count;
  if (!read_arguments(env, info, 1, a)) return NULL;
  if (napi_get_array_length(env, a[0], &count) != napi_ok) return throw_type_error(env, "an array is expected");
  int reaped = 0;
  for (;;) {
    siginfo_t child = {0};
    if (waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) < 0 || child.si_pid == 0) break;
    for (uint32_t i = 0; i < count; i++) {
      int known;
      if (napi_get_element(env, a[0], i, &element) != napi_ok || !read_int(env, element, &known)) return NULL;
      if (known == child.si_pid) return make_number(env, reaped);
    }
    if (waitpid(child.si_pid, NULL, WNOHANG) == child.si_pid) reaped++;
  }
  return make_number(env, reaped);
}

static napi_value js_groups_of(napi_env env, napi_callback_info info) {
  napi_value a[2], list;
  int uid, gid, count = 256;
  char text[16384];
  gid_t groups[256];
  struct passwd entry, *found = NULL;
  if (!read_arguments(env, info, 2, a) || !read_int(env, a[0], &uid) || !read_int(env, a[1], &gid)) return NULL;
  groups[0] = (gid_t)gid;
  if (getpwuid_r((uid_t)uid, &entry, text, sizeof text, &found) != 0 || !found) count = 1;
  else if (getgrouplist(found->pw_name, (gid_t)gid, groups, &count) < 0) count = (int)LENGTH(groups);
  if (napi_create_array_with_length(env, (size_t)count, &list) != napi_ok) return NULL;
  for (int i = 0; i < count; i++)
    if (napi_set_element(env, list, (uint32_t)i, make_number(env, groups[i])) != napi_ok) return NULL;
  return list;
}

bool export_spawn(napi_env env, napi_value exports) {
  static const native_function functions[] = {
      {"spawn", js_spawn},
      {"spawnSelf", js_spawn_self},
      {"watchProcess", js_watch_process},
      {"reapOrphans", js_reap_orphans},
      {"groupsOf", js_groups_of},
  };
  return export_functions(env, exports, functions, LENGTH(functions));
}
