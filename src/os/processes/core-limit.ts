import { native } from '../native.ts';

/** The soft limit of core files that the daemon was started with, for its children: what they start is to have it again. */
export const CORES_STARTED_WITH = 'EVENKEEL_CORES';

/** Lets this process, and the children that it forks, leave core files of any size (core(5)). */
export function allowCores(): void {
  const { RLIMIT_CORE } = native.constants;
  const [soft] = native.getResourceLimit(RLIMIT_CORE);
  process.env[CORES_STARTED_WITH] = soft === Infinity ? 'unlimited' : String(soft);
  native.setResourceLimit(RLIMIT_CORE, Infinity, Infinity);
}

/** Has programs that this child starts get the limit of core files that the daemon was started with. */
export function passOnCoreLimit(): void {
  const soft = process.env[CORES_STARTED_WITH];
  if (soft === undefined || !/^(\d+|unlimited)$/.test(soft)) return;
  native.noteResourceLimit(native.constants.RLIMIT_CORE, soft === 'unlimited' ? Infinity : Number(soft));
}
