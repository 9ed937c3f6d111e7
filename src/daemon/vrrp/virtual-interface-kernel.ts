import { errnoText } from '../../lib/errno.ts';
import type { IpAddress } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import { routeScope } from '../../lib/routing-numbers.ts';
import { NetlinkConnection } from '../../netlink/connection.ts';
import type { Request } from '../../netlink/message.ts';
import { native } from '../../os/native.ts';
import { interfaceIndex } from '../../os/sockets/interface-index.ts';
import { openNetlinkSocket } from '../../os/sockets/netlink-socket.ts';
import { addAddressRequest, deleteAddressRequest } from '../../rtnetlink/address.ts';
import type { LinkEvent } from '../../rtnetlink/event.ts';
import { decodeLink, type Link } from '../../rtnetlink/link.ts';
import {
  type InterfaceSettingValues,
  interfaceSettingsRequest,
  linkByNameRequest,
} from '../../rtnetlink/virtual-link.ts';
import { linkLocalLength } from '../../vrrp/virtual-mac.ts';
import type { Interfaces } from './interfaces.ts';

const { NETLINK_ROUTE } = native.constants;

/** What the kernel is asked to do to virtual interfaces. What that changes is known here at once, before the kernel tells of it. */
export class VirtualInterfaceKernel {
  readonly #interfaces: Interfaces;
  readonly #log: Log;
  /** Indexes of interfaces that were removed here, of which the kernel has yet to tell. */
  readonly #removed = new Set<number>();
  #connection: NetlinkConnection | undefined;

  constructor(interfaces: Interfaces, log: Log) {
    this.#interfaces = interfaces;
    this.#log = log;
  }

  /** Whether it was done; otherwise the log says why not. `what` goes on from `Unable to`. */
  request(what: string, request: Request): boolean {
    const [answer] = this.#open().transact([request]);
    if (!answer || answer.errno === 0) return true;
    const why = answer.text === undefined ? '' : ` (${answer.text})`;
    this.#log({ level: 'info', message: `Unable to ${what}: ${errnoText(answer.errno)}${why}` });
    return false;
  }

  /** The interface as it is now. */
  read(name: string): Link | undefined {
    const found = this.#open().query(linkByNameRequest(name), decodeLink);
    return found.ok ? found.value : undefined;
  }

  /** An interface is there, and like this. */
  learn(link: Link): void {
    this.#interfaces.update({ type: 'link', change: 'present', own: true, link });
  }

  /** An interface was removed here. */
  forget(link: Link): void {
    this.#removed.add(link.ifindex);
    this.#interfaces.update({ type: 'link', change: 'gone', own: true, link });
  }

  /** The event is an echo of such a removal. */
  isEcho({ change, link: { ifindex } }: LinkEvent): boolean {
    return change === 'gone' ? this.#removed.delete(ifindex) : this.#removed.has(ifindex);
  }

  addAddress(
    ifindex: number,
    address: IpAddress,
    prefixLength: number,
    scope: number,
    preferredLifetime: number | undefined,
  ): void {
    const request = addAddressRequest(ifindex, {
      address,
      prefixLength,
      scope,
      interface: '',
      noDad: true,
      flags: 0,
      noTrack: true,
      ...(preferredLifetime !== undefined && { preferredLifetime }),
    });
    this.request(`add ${address} to interface ${ifindex}`, request);
    const known = { ifindex, address, prefixLength, scope, flags: 0 };
    this.#interfaces.update({ type: 'address', change: 'present', own: true, address: known });
  }

  removeLinkLocal(ifindex: number, address: IpAddress): void {
    const known = { ifindex, address, prefixLength: linkLocalLength, scope: routeScope.link, flags: 0 };
    this.request(`remove ${address} from interface ${ifindex}`, deleteAddressRequest(ifindex, known));
    this.#interfaces.update({ type: 'address', change: 'gone', own: true, address: known });
  }

  /** Settings of the kernel for one interface; false where it refuses. */
  setUp(name: string, settings: InterfaceSettingValues): boolean {
    const ifindex = interfaceIndex(name);
    return ifindex !== undefined && this.request(`set up ${name}`, interfaceSettingsRequest(ifindex, settings));
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  #open(): NetlinkConnection {
    this.#connection ??= new NetlinkConnection(openNetlinkSocket({ protocol: NETLINK_ROUTE }));
    return this.#connection;
  }
}
