/** The largest weight the kernel takes (atomic_t of struct ip_vs_dest). */
const MAXIMUM_WEIGHT = 0x7fffffff;

/** What the kernel takes of an effective weight. */
export function kernelWeight(weight: number): number {
  return Math.min(Math.max(weight, 0), MAXIMUM_WEIGHT);
}
