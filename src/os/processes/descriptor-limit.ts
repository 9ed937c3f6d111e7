import { native } from '../native.ts';

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
