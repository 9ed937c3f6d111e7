import type { VirtualAddress, VrrpInstance } from '../../config/types.ts';

const known = new WeakMap<VrrpInstance, readonly VirtualAddress[]>();

/** Every address of an instance, in the order of their announcement; always the same list. */
export function allAddresses(instance: VrrpInstance): readonly VirtualAddress[] {
  const { virtualAddresses, excludedAddresses } = instance;
  if (excludedAddresses.length === 0) return virtualAddresses;
  const all = known.get(instance) ?? [...virtualAddresses, ...excludedAddresses];
  known.set(instance, all);
  return all;
}
