/** Of a virtual router that owns its addresses (RFC 5798, section 5.2.4). */
export const ownerPriority = 255;
/** The highest of one that does not. */
export const highestPriority = 254;

export function isOwner({ priority }: { readonly priority: number }): boolean {
  return priority === ownerPriority;
}
