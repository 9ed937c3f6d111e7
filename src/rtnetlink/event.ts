import type { Message } from '../netlink/message.ts';
import { decodeAddress, type KernelAddress } from './address.ts';
import { decodeLink, type Link } from './link.ts';
import { routeMessage } from './numbers.ts';

export interface LinkEvent {
  readonly type: 'link';
  /** `present` reports a new link as well as any change of a known one. */
  readonly change: 'present' | 'gone';
  readonly link: Link;
  /** Caused by a request of this process. */
  readonly own: boolean;
}

export interface AddressEvent {
  readonly type: 'address';
  /** `present` reports a new address as well as any change of a known one. */
  readonly change: 'present' | 'gone';
  readonly address: KernelAddress;
  /** Caused by a request of this process. */
  readonly own: boolean;
}

/**
 * What a message of the groups link, ipv4Address and ipv6Address reports; undefined for anything else.
 * `ownPortId` is the port of the socket that this process changes links and addresses through.
 */
export function decodeEvent(message: Message, ownPortId: number): LinkEvent | AddressEvent | undefined {
  const own = message.portId === ownPortId;
  switch (message.type) {
    case routeMessage.newLink:
    case routeMessage.deleteLink: {
      const link = decodeLink(message);
      const change = message.type === routeMessage.newLink ? 'present' : 'gone';
      return link && { type: 'link', change, link, own };
    }
    case routeMessage.newAddress:
    case routeMessage.deleteAddress: {
      const address = decodeAddress(message);
      const change = message.type === routeMessage.newAddress ? 'present' : 'gone';
      return address && { type: 'address', change, address, own };
    }
    default:
      return undefined;
  }
}
