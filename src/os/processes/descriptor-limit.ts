import { native } from '../native.ts';

/** Set by the launcher: the soft limit of open files before the engine raised it to the hard one. */
export const STARTED_WITH = 'EVENKEEL_DESCRIPTORS';

/** Has programs that this process starts get the soft limit of open files that it was started with itself. */
export function passOnDescriptorLimit(): void {
  const soft = process.env[STARTED_WITH];
  if (soft === undefined || !/^(\d+|unlimited)$/.test(soft)) return;
  native.noteResourceLimit(native.constants.RLIMIT_NOFILE, soft === 'unlimited' ? Infinity : Number(soft));
}

/** Lets this process open `wanted` descriptors, or as many as it may: the limit that then holds. */
export function raiseDescriptorLimit(wanted: number): number {
  const { RLIMIT_NOFILE } = native.constants;
  const [soft, hard] = native.getResourceLimit(RLIMIT_NOFILE);
  if (soft >= wanted) return soft;
  try {
    native.setResourceLimit(RLIMIT_NOFILE, wanted, Math.max(hard, wanted));
    return wanted;
  } catch {
    // Without CAP_SYS_RESOURCE, or beyond fs.nr_open, the hard limit is the end.
    native.setResourceLimit(RLIMIT_NOFILE, Math.min(wanted, hard), hard);
    return Math.min(wanted, hard);
  }
}
