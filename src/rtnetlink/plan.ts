import type { VirtualAddress } from '../config/types.ts';
import { errno, errnoText } from '../lib/errno.ts';
import type { Request } from '../netlink/message.ts';
import { type AddressIdentity, addAddressRequest, deleteAddressRequest } from './address.ts';
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
