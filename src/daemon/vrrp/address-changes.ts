import type { VirtualAddress, VrrpInstance } from '../../config/types.ts';
import type { IpAddress } from '../../lib/ip.ts';
import { allAddresses } from './instance-addresses.ts';
import type { RouterEffects } from './router-effects.ts';

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

/** Takes off and puts on what differs between two configurations of a master, and tells of it on the way. */
export function exchangeHoldings(
  before: VrrpInstance,
  after: VrrpInstance,
  effects: RouterEffects,
  tell: {
    readonly gone: (address: VirtualAddress) => void;
    readonly added: (addresses: readonly VirtualAddress[]) => void;
  },
): void {
  const { gone, added } = addressChanges(allAddresses(before), allAddresses(after));
  effects.routing.drop(before, after);
  for (const address of gone) tell.gone(address);
  if (gone.length > 0) effects.removeAddresses(gone, false);
  if (added.length > 0) {
    effects.addAddresses(added);
    tell.added(added);
  }
  effects.routing.extend(before, after);
}

/** Whether `address` is one of the instance's own on `interface` and removal by others matters. */
export function isOwnAddress(instance: VrrpInstance, address: IpAddress, interfaceName: string): boolean {
  return allAddresses(instance).some(
    (own) => own.address === address && own.interface === interfaceName && !own.noTrack,
  );
}
