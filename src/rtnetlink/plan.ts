import type { VirtualAddress } from '../config/types.ts';
import { errno, errnoText } from '../lib/errno.ts';
import type { Request } from '../netlink/message.ts';
import { type AddressIdentity, addAddressRequest, deleteAddressRequest, type KernelAddress } from './address.ts';
import type { DesiredAddress } from './desired.ts';
import { routeMessage } from './numbers.ts';

/** One kernel command each. */
export type AddressCommand =
  | { readonly kind: 'addAddress'; readonly ifindex: number; readonly address: VirtualAddress }
  | { readonly kind: 'deleteAddress'; readonly ifindex: number; readonly address: AddressIdentity };

/** A command that the kernel did not carry out, and that was not "already so". */
export interface AddressFailure {
  readonly command: AddressCommand;
  readonly errno: number;
  /** The kernel's own words, when it has some. */
  readonly text?: string;
  /** Netlink sequence number of the refused request. */
  readonly sequence?: number;
}

/**
 * The commands that turn `current`, which holds only addresses that are ours to remove, into `desired`. What differs
 * in scope, label, broadcast or peer is removed and added again. Removals come first: with the primary address of an IPv4
 * subnet the kernel removes its secondaries, which an address just added would be.
 */
export function planAddresses(current: readonly KernelAddress[], desired: readonly DesiredAddress[]): AddressCommand[] {
  const wanted = new Map(desired.map((item) => [identity(item.ifindex, item.address), item]));
  const held = new Set<string>();
  const commands: AddressCommand[] = [];
  for (const address of current) {
    const id = identity(address.ifindex, address);
    const match = wanted.get(id);
    if (match && sameAddress(address, match.address)) held.add(id);
    else commands.push({ kind: 'deleteAddress', ifindex: address.ifindex, address: identityOf(address) });
  }
  for (const [id, { ifindex, address }] of wanted) {
    if (!held.has(id)) commands.push({ kind: 'addAddress', ifindex, address });
  }
  return commands;
}

/** Whether the kernel holds an address the way it is wanted; a label not asked for is the interface's name. */
export function sameAddress(held: KernelAddress, wanted: VirtualAddress): boolean {
  return (
    held.scope === wanted.scope &&
    (wanted.label === undefined || held.label === wanted.label) &&
    (wanted.broadcast === undefined || held.broadcast === wanted.broadcast) &&
    held.peer === wanted.peer?.address
  );
}

function identity(ifindex: number, address: KernelAddress | VirtualAddress): string {
  const peer = typeof address.peer === 'object' ? address.peer.address : address.peer;
  const prefixLength = typeof address.peer === 'object' ? address.peer.prefixLength : address.prefixLength;
  return `${ifindex}|${address.address}|${prefixLength}|${peer ?? ''}`;
}

function identityOf({ address, prefixLength, scope, peer }: KernelAddress): AddressIdentity {
  return { address, prefixLength, scope, ...(peer !== undefined && { peer: { address: peer, prefixLength } }) };
}

export function addressCommandRequest(command: AddressCommand): Request {
  return command.kind === 'addAddress'
    ? addAddressRequest(command.ifindex, command.address)
    : deleteAddressRequest(command.ifindex, command.address);
}

/** What the kernel refuses because it already is so; an interface that is gone took its addresses along. */
const alreadySo: Readonly<Record<AddressCommand['kind'], readonly number[]>> = {
  addAddress: [errno.EEXIST],
  deleteAddress: [errno.EADDRNOTAVAIL, errno.ENODEV],
};

export function isAlreadySo(command: AddressCommand, number: number): boolean {
  return alreadySo[command.kind].includes(number);
}

/** `Netlink: error: Invalid argument(22), type=RTM_NEWADDR(20), seq=5, pid=0`, as keepalived logs it. */
export function addressFailureText({ command, errno: number, sequence = 0 }: AddressFailure): string {
  const type =
    command.kind === 'addAddress'
      ? `RTM_NEWADDR(${routeMessage.newAddress})`
      : `RTM_DELADDR(${routeMessage.deleteAddress})`;
  return `Netlink: error: ${errnoText(number)}(${number}), type=${type}, seq=${sequence}, pid=0`;
}
