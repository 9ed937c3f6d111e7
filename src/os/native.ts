import { createRequire } from 'node:module';

/** A failed system call: its name, arguments as text, and errno. */
export interface NativeError extends Error {
  /** Symbolic name, e.g. "ENOBUFS". */
  readonly code: string;
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
  close(fd: number): void;
  bind(fd: number, address: Uint8Array): void;
  /** connect(2): 0 or -errno. */
  connect(fd: number, address: Uint8Array): number;
  getsockname(fd: number): Uint8Array;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array | number): void;
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
   * `readable`, and watching goes on: the reader sees the error from recvmsg.
   */
  watch(fd: number, readable: () => void): Watch;
  /** A timerfd on CLOCK_MONOTONIC, for precision below Node's milliseconds. */
  timer(expired: () => void): NativeTimer;
  /** CLOCK_MONOTONIC in microseconds. */
  monotonicNow(): number;
  /** Delivers each of `signals` (numbers, real-time ones too) through a signalfd. Must be called before other threads matter: it blocks them. */
  signals(signals: readonly number[], received: (signal: number) => void): Watch;
  interfaceIndex(name: string): number;
  setProcessName(name: string): void;
  setParentDeathSignal(signal: number): void;
  setChildSubreaper(): void;
  /** setns(2) into the network namespace at `path`. */
  enterNetworkNamespace(path: string): void;
  /** unshare(CLONE_NEWNS), make / a slave mount, bind `source` over `target`. */
  bindMountPrivately(source: string, target: string): void;
  setScheduler(policy: number, priority: number): void;
  setPriority(niceness: number): void;
  setResourceLimit(resource: number, soft: number, hard: number): void;
  setAffinity(cpus: readonly number[]): void;
  /** F_OFD_SETLK write lock on the whole file: false when another holds it. */
  lockFile(fd: number): boolean;
  mkfifo(path: string, mode: number): void;
  /** Terminates the calling process by restoring the default action of `signal` and raising it. */
  raiseDefault(signal: number): void;
  readonly constants: Readonly<Record<string, number>>;
}

export interface NativeTimer extends Watch {
  /** Arms for an absolute monotonic time in microseconds; 0 disarms; a past time fires at once. */
  arm(at: number): void;
}

const require = createRequire(import.meta.url);

/** The loaded addon. */
export const native: Native = require('#native');
