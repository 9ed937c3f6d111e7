import type { VirtualAddress } from '../../config/types.ts';

export interface AddressChanges {
  readonly gone: readonly VirtualAddress[];
  readonly added: readonly VirtualAddress[];
}

const noChanges: AddressChanges = { gone: [], added: [] };

/** What a reload takes away and what it adds; an address with another property is both. */
export function addressChanges(before: readonly VirtualAddress[], after: readonly VirtualAddress[]): AddressChanges {
  // Most reloads change nothing here, which is told without the text of thousands of addresses.
  if (before.length === after.length && before.every((address, i) => isSame(address, after[i]))) return noChanges;
  const old = new Set(before.map(textOf));
  const wanted = new Set(after.map(textOf));
  return {
    gone: before.filter((address) => !wanted.has(textOf(address))),
    added: after.filter((address) => !old.has(textOf(address))),
  };
}

function isSame(one: VirtualAddress, other: VirtualAddress | undefined): boolean {
  if (other === undefined) return false;
  const { peer, ...rest } = one;
  const { peer: otherPeer, ...otherRest } = other;
  const keys = Object.keys(rest) as (keyof typeof rest)[];
  return (
    keys.length === Object.keys(otherRest).length &&
    keys.every((key) => rest[key] === otherRest[key]) &&
    peer?.address === otherPeer?.address &&
    peer?.prefixLength === otherPeer?.prefixLength
  );
}

function textOf(address: VirtualAddress): string {
  return JSON.stringify(address);
}
