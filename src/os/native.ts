import { createRequire } from 'node:module';
import type { ConstantName } from './constants.ts';

/** A failed system call: its name, arguments as text, and errno. */
export interface NativeError extends Error {
  /** Symbolic name, e.g. "ENOBUFS". */
  readonly code: string;
  /** Positive, as in errno.h. */
  readonly errno: number;
  readonly syscall: string;
}

/** Filled by recvmsg; reused between calls so that receiving allocates nothing. */
export interface ReceivedMessage {
  length: number;
  addressLength: number;
  controlLength: number;
  flags: number;
}

/** A handle whose callback runs on the event loop. */
export interface Watch {
  close(): void;
}

/**
 * The addon in native/: thin system calls, each throwing a NativeError. Calls marked "-errno" return a negative
 * errno instead where failing is normal and must not allocate.
 */
export interface Native {
  /** socket(2); SOCK_CLOEXEC and SOCK_NONBLOCK are always added. */
  socket(domain: number, type: number, protocol: number): number;
  /** socketpair(2) of AF_UNIX and SOCK_STREAM, with the same flags. */
  socketPair(): [number, number];
  close(fd: number): void;
  bind(fd: number, address: Uint8Array): void;
  /** connect(2): 0 or -errno. */
  connect(fd: number, address: Uint8Array): number;
  getsockname(fd: number): Uint8Array;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array | number): void;
  /** SO_ATTACH_FILTER: `code` is an array of struct sock_filter (linux/filter.h). */
  attachFilter(fd: number, code: Uint8Array): void;
  getsockopt(fd: number, level: number, name: number, length: number): Uint8Array;
  /** sendmsg(2): bytes sent or -errno. */
  sendmsg(fd: number, data: Uint8Array, address: Uint8Array | null, control: Uint8Array | null, flags: number): number;
  /** recvmsg(2): bytes received or -errno; lengths and flags go to `received`. */
  recvmsg(
    fd: number,
    data: Uint8Array,
    address: Uint8Array | null,
    control: Uint8Array | null,
    flags: number,
    received: ReceivedMessage,
  ): number;
  /** ioctl(2) with a buffer argument, changed in place: result or -errno. */
  ioctl(fd: number, request: number, argument: Uint8Array): number;
  /**
   * Calls `readable` whenever `fd` has input. An error condition on the socket (netlink overrun) is also delivered as
   * `readable`, and watching goes on: the reader sees the error from recvmsg. Close the watch before the descriptor.
   */
  watch(fd: number, readable: () => void): Watch;
  /**
   * A datagram socket of a virtual router (`family` AF_INET: datagrams begin with the IP header) that receives into the
   * three buffers. `readable` is called when there is something to hand over and answers with `drain`, which calls
   * `heard` for each datagram, with the length it had on the wire, that of its control messages, and when the kernel
   * received it: microseconds of CLOCK_MONOTONIC.
   */
  hear(
    fd: number,
    family: number,
    packet: Uint8Array,
    source: Uint8Array,
    control: Uint8Array,
    readable: () => void,
    heard: (length: number, controlLength: number, arrivedAt: number) => void,
  ): HearingSocket;
  /**
   * Opens the thread that sends adverts again and again, one in a process (EBUSY). It pauses while the event loop does
   * not turn for three seconds. `failed` is told the number of a sender whose advert could not be sent, which has stopped.
   */
  openRepeater(failed: (sender: number) => void): object;
  /**
   * Sends `bytes` at `firstAt` and then `interval` after each time, both in microseconds of CLOCK_MONOTONIC. Each time
   * the identification of their IPv4 header goes one up from `identification`, unless that is -1. The sender's number,
   * or -1 without memory.
   */
  startRepeating(
    fd: number,
    bytes: Uint8Array,
    address: Uint8Array,
    control: Uint8Array | null,
    flags: number,
    identification: number,
    interval: number,
    firstAt: number,
  ): number;
  /** How often it has sent since this was asked last; `out` gets when it last did, when it will, the identification. */
  sentRepeatedly(sender: number, out: Float64Array): number;
  /** The same, and the end of it. */
  stopRepeating(sender: number, out: Float64Array): number;
  /** Nothing more is sent through `fd`; what was sent can still be asked for. To be called before it is closed. */
  abandonRepeating(fd: number): void;
  /**
   * A set of descriptors that costs the event loop one handle: `ready` gets the token of each that is ready and the
   * EPOLL bits that say for what, again and again while it lasts. Does not keep the process alive.
   */
  readiness(ready: (token: number, events: number) => void): ReadinessSet;
  /**
   * Compiles a pattern with PCRE2's compile options (pcre2api(3)): an error text when it is wrong, null where the
   * system has no libpcre2-8.
   */
  compileRegex(pattern: Uint8Array, options: number): NativeRegex | string | null;
  /** A timerfd on CLOCK_MONOTONIC, for precision below Node's milliseconds. Keeps the process alive while armed. */
  timer(expired: () => void): NativeTimer;
  /** CLOCK_MONOTONIC in microseconds. */
  monotonicNow(): number;
  /** CLOCK_REALTIME in microseconds, only ever to be compared with a timestamp of the kernel's. */
  realtimeNow(): number;
  /**
   * Delivers each of `signals` (numbers, real-time ones too) to `received`, in the order of arrival. One at a time in a
   * process (EBUSY); closing gives the former actions back. Keeps the process alive: it may be all that a daemon waits for.
   */
  signals(signals: readonly number[], received: (signal: number) => void): Watch;
  /** SIG_IGN; programs started through `spawn` get the default actions back. */
  ignoreSignals(signals: readonly number[]): void;
  /** if_nametoindex(3); throws ENODEV when there is none. */
  interfaceIndex(name: string): number;
  setProcessName(name: string): void;
  setParentDeathSignal(signal: number): void;
  setChildSubreaper(): void;
  /** setns(2) of this thread into the network namespace at `path`; threads and processes started later follow. */
  enterNetworkNamespace(path: string): void;
  /** unshare(CLONE_NEWNS) of this thread, make / a slave mount, bind `source` over `target`. */
  bindMountPrivately(source: string, target: string): void;
  setScheduler(policy: number, priority: number): void;
  /** setpriority(2); like limits and affinity, programs started through `spawn` get the former value back. */
  setPriority(niceness: number): void;
  /** setrlimit(2); Infinity is RLIM_INFINITY. */
  setResourceLimit(resource: number, soft: number, hard: number): void;
  /** getrlimit(2): soft and hard. */
  getResourceLimit(resource: number): [number, number];
  /** The soft limit that programs started through `spawn` get, whatever this process's own is. */
  noteResourceLimit(resource: number, soft: number): void;
  setAffinity(cpus: readonly number[]): void;
  /** F_OFD_SETLK write lock on the whole file: false when another holds it. */
  lockFile(fd: number): boolean;
  /** F_OFD_GETLK: whether another open file holds a lock. */
  isLocked(fd: number): boolean;
  mkfifo(path: string, mode: number): void;
  /** inotify_init1(2): a descriptor, to be closed with `close`, or -errno. */
  inotify(): number;
  /** inotify_add_watch(2): the watch's number or -errno. */
  inotifyAddWatch(fd: number, path: string, mask: number): number;
  /** inotify_rm_watch(2): 0 or -errno. */
  inotifyRemoveWatch(fd: number, watch: number): number;
  /** ETHTOOL_GLINK (linux/ethtool.h) over any socket: 1, 0 or -errno. */
  ethtoolLink(fd: number, name: string): number;
  /**
   * Starts a program in its own process group, with standard streams on /dev/null, default signal actions, no other
   * descriptor, and SIGTERM when this process dies. As root it takes `groups`, `gid` and `uid`. A file that is neither
   * binary nor has an interpreter line is run by /bin/sh. `file` is executed, which a script sees as its own name; one without
   * a slash is looked for in PATH. The process or -errno of whatever kept it from starting.
   */
  spawn(
    file: string,
    argv: readonly string[],
    environment: readonly string[],
    uid: number,
    gid: number,
    groups: readonly number[],
  ): number;
  /**
   * Starts a program in our own name: `channel` becomes its descriptor 3, standard input is /dev/null, and so are the outputs
   * if it is `silent`; every other descriptor is closed. A `detached` one leads a session of its own. It begins in `directory`,
   * or in ours where that is empty. The process or -errno of whatever kept it from starting.
   */
  spawnSelf(
    file: string,
    argv: readonly string[],
    environment: readonly string[],
    channel: number,
    detached: 0 | 1,
    silent: 0 | 1,
    directory: string,
  ): number;
  /**
   * Calls once with the exit status (-1 after a signal) and the signal (0 after an exit) of a spawned process; with -1 and 0
   * where somebody else has waited for it.
   */
  watchProcess(pid: number, exited: (status: number, signal: number) => void): Watch;
  /**
   * Waits for exited children nobody knows, which a subreaper inherits, up to the first exited one of `known`.
   * The number reaped.
   */
  reapOrphans(known: readonly number[]): number;
  /** The groups of a user as at log-in (getgrouplist(3)), `gid` among them. */
  groupsOf(uid: number, gid: number): number[];
  /** Symbolic name and strerror(3) text of a positive errno. */
  describeError(errno: number): [code: string, text: string];
  readonly constants: Readonly<Record<ConstantName, number>>;
}

export interface NativeTimer extends Watch {
  /** Arms for an absolute monotonic time in microseconds; 0 disarms; a past time fires at once. */
  arm(at: number): void;
}

export interface HearingSocket extends Watch {
  /** Hands over what has arrived, a burst at most. */
  drain(): void;
  /**
   * To be called by `heard`, with its length: from now on such datagrams are counted instead. They are equal in data,
   * except the identification and checksum of an IPv4 header, in source and in control messages, except the timestamp.
   * A number, or -1 where that cannot be.
   */
  countRepeats(length: number): number;
  /** How many came since this was asked last; `out` gets when the last came, by its timestamp, on CLOCK_MONOTONIC. */
  repeats(number: number, out: Float64Array): number;
  /** They are handed over again. */
  hearAgain(number: number): void;
}

/** Descriptors leave the set when they are closed. */
export interface ReadinessSet extends Watch {
  /** epoll_ctl(2): 0 or -errno. */
  add(fd: number, events: number, token: number): number;
  change(fd: number, events: number, token: number): number;
  /** For a descriptor that stays open. */
  remove(fd: number): number;
}

export interface NativeRegex {
  /** Offset of the first match from `from` on; -1 when there is none, or finding out takes too long. */
  search(subject: Uint8Array, from: number): number;
}

// src/bin/bundle.mjs puts the addon's path into these lines.
const require = createRequire(import.meta.url);

/** The loaded addon. */
export const native: Native = require('#native');
