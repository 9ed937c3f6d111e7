import { native } from '../native.ts';

const { SCHED_RR, SCHED_OTHER, SCHED_RESET_ON_FORK, RLIMIT_RTTIME } = native.constants;

/** setpriority(2) of this thread, which runs all of our code. Throws a NativeError. */
export function setNiceness(niceness: number): void {
  native.setPriority(niceness);
}

/** SCHED_RR for this thread, not for programs it starts; undefined is the ordinary policy. Throws a NativeError. */
export function setRealtimePriority(priority: number | undefined): void {
  if (priority === undefined) native.setScheduler(SCHED_OTHER, 0);
  else native.setScheduler(SCHED_RR | SCHED_RESET_ON_FORK, priority);
}

/** sched_setaffinity(2). Throws a NativeError. */
export function setCpuAffinity(cpus: readonly number[]): void {
  native.setAffinity(cpus);
}

/**
 * RLIMIT_RTTIME in microseconds of processor time without a blocking call: SIGXCPU at half of it, SIGKILL at the whole.
 * Throws a NativeError.
 */
export function limitRealtime(limit: number): void {
  native.setResourceLimit(RLIMIT_RTTIME, Math.floor(limit / 2), limit);
}
