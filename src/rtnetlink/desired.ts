import type { VirtualAddress } from '../config/types.ts';

/** An address that should be on an interface. */
export interface DesiredAddress {
  readonly ifindex: number;
  readonly address: VirtualAddress;
}

export interface DesiredAddresses {
  readonly desired: readonly DesiredAddress[];
  /** Addresses whose interface does not exist now. */
  readonly missing: readonly VirtualAddress[];
}

/** Where `addresses` belong, `indexOf` telling an interface's index as it is now. */
export function desiredAddresses(
  addresses: Iterable<VirtualAddress>,
  indexOf: (name: string) => number | undefined,
): DesiredAddresses {
  const desired: DesiredAddress[] = [];
  const missing: VirtualAddress[] = [];
  for (const address of addresses) {
    const ifindex = indexOf(address.interface);
    if (ifindex === undefined) missing.push(address);
    else desired.push({ ifindex, address });
  }
  return { desired, missing };
}
