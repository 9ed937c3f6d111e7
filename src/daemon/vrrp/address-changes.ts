import type { VirtualAddress, VrrpInstance } from '../../config/types.ts';
import type { IpAddress } from '../../lib/ip.ts';
import { allAddresses } from './instance-addresses.ts';
import type { RouterEffects } from './router-effects.ts';

export interface AddressChanges<Address> {
  readonly gone: readonly Address[];
  readonly added: readonly Address[];
}

const noChanges: AddressChanges<never> = { gone: [], added: [] };

/** Addresses that a reload has put on their interfaces so far: whose they were before must leave them there. */
export class ArrivedAddresses {
  readonly #places: Set<string>;

  constructor(addresses: readonly VirtualAddress[]) {
    this.#places = new Set(addresses.map(placeOf));
  }

  add(addresses: readonly VirtualAddress[]): void {
    for (const address of addresses) this.#places.add(placeOf(address));
  }

  has(address: VirtualAddress): boolean {
    return this.#places.has(placeOf(address));
  }
}

/**
 * What a reload takes away and what it adds. As with keepalived, an address with another length, scope, label or interface is
 * both; whatever else is new of one that stays is for the next time it is set.
 */
export function addressChanges<Address extends VirtualAddress>(
  before: readonly Address[],
  after: readonly Address[],
): AddressChanges<Address> {
  // Most reloads change nothing here, which is told without the text of thousands of addresses.
  if (before.length === after.length && before.every((address, i) => isSame(address, after[i]))) return noChanges;
  const old = new Set(before.map(identityOf));
  const wanted = new Set(after.map(identityOf));
  return {
    gone: before.filter((address) => !wanted.has(identityOf(address))),
    added: after.filter((address) => !old.has(identityOf(address))),
  };
}

function isSame(one: VirtualAddress, other: VirtualAddress | undefined): boolean {
  return (
    one.address === other?.address &&
    lengthOf(one) === lengthOf(other) &&
    one.scope === other.scope &&
    one.label === other.label &&
    one.interface === other.interface
  );
}

function identityOf(address: VirtualAddress): string {
  return `${placeOf(address)} ${address.scope} ${address.label ?? ''}`;
}

/** What the kernel finds an address by. */
function placeOf(address: VirtualAddress): string {
  return `${address.address}/${lengthOf(address)} ${address.interface}`;
}

/** With a peer it is the peer's length that counts. */
function lengthOf({ prefixLength, peer }: VirtualAddress): number {
  return peer?.prefixLength ?? prefixLength;
}

/** Takes off and puts on what differs between two configurations of a master, and tells of it on the way. */
export function exchangeHoldings(
  before: VrrpInstance,
  after: VrrpInstance,
  effects: RouterEffects,
  arrived: ArrivedAddresses,
  tell: {
    readonly gone: (address: VirtualAddress) => void;
    readonly setting: () => void;
    readonly added: (addresses: readonly VirtualAddress[]) => void;
  },
): void {
  const { gone, added } = addressChanges(allAddresses(before), allAddresses(after));
  effects.routing.drop(before, after);
  for (const address of gone) tell.gone(address);
  const leaving = gone.filter((address) => !arrived.has(address));
  if (leaving.length > 0) effects.removeAddresses(leaving, false);
  tell.setting();
  arrived.add(added);
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
