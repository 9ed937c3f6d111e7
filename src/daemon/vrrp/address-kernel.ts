import type { VirtualAddress } from '../../config/types.ts';
import { addressFamily } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import { NetlinkConnection } from '../../netlink/connection.ts';
import { encodedBeforehand, type KernelError, messagesIn, type Request } from '../../netlink/message.ts';
import { native } from '../../os/native.ts';
import { interfaceIndex } from '../../os/sockets/interface-index.ts';
import { openNetlinkSocket } from '../../os/sockets/netlink-socket.ts';
import type { NetlinkSocket } from '../../ports/netlink.ts';
import { addressesRequest, decodeAddress, type KernelAddress } from '../../rtnetlink/address.ts';
import { desiredAddresses } from '../../rtnetlink/desired.ts';
import { type AddressEvent, decodeEvent, type LinkEvent } from '../../rtnetlink/event.ts';
import { decodeLink, type Link, linksRequest } from '../../rtnetlink/link.ts';
import { routeGroup } from '../../rtnetlink/numbers.ts';
import {
  type AddressCommand,
  type AddressFailure,
  addressCommandRequest,
  addressFailureText,
  isAlreadySo,
} from '../../rtnetlink/plan.ts';
import { answered, overrunLine } from '../kernel-answer.ts';
import { rememberedIndex } from './remembered-index.ts';

const { NETLINK_ROUTE } = native.constants;

/** Events looked at before others get a turn: those of a thousand new addresses must not hold up their announcements. */
const EVENTS_A_TURN = 32;

/** Events were lost: this is how things are now. */
export interface Resync {
  readonly type: 'resync';
  readonly links: readonly Link[];
  readonly addresses: readonly KernelAddress[];
}

export type InterfaceEvent = LinkEvent | AddressEvent | Resync;

/** Requests that are encoded already. */
interface Prepared {
  /** Interfaces by name, as they were then. */
  readonly places: ReadonlyMap<string, number>;
  readonly commands: readonly AddressCommand[];
  readonly requests: readonly Request[];
}

/** What an address kernel needs of the world. */
export interface NetlinkPorts {
  openSocket(options: { readonly protocol: number; readonly groups?: readonly number[] }): NetlinkSocket;
  interfaceIndex(name: string): number | undefined;
}

/** Sockets for links and addresses in the current network namespace. Throws a SystemError. */
export function openAddressKernel(log: Log, ports: Partial<NetlinkPorts> = {}): AddressKernel {
  return new AddressKernel(log, { openSocket: openNetlinkSocket, interfaceIndex, ...ports });
}

/** Links and addresses of the kernel: read, changed in batches, and watched. Calls are synchronous. */
export class AddressKernel {
  readonly #log: Log;
  readonly #indexOf: (name: string) => number | undefined;
  /** Opened before anything is read, so that no change falls between reading and watching. */
  readonly #events: NetlinkSocket;
  readonly #connection: NetlinkConnection;
  readonly #expected = new ExpectedRemovals();
  /** Indices of interfaces by the name they had when addresses were added to them last. */
  readonly #places = new Map<string, number>();
  #listener: ((event: InterfaceEvent) => void) | undefined;
  readonly #prepared = new WeakMap<readonly VirtualAddress[], Prepared>();

  constructor(log: Log, ports: NetlinkPorts) {
    this.#log = log;
    this.#indexOf = ports.interfaceIndex;
    this.#events = ports.openSocket({ protocol: NETLINK_ROUTE, groups: Object.values(routeGroup) });
    this.#connection = new NetlinkConnection(ports.openSocket({ protocol: NETLINK_ROUTE }));
  }

  /** Throws a SystemError. */
  links(): Link[] {
    return answered('link dump', this.#connection.dump(linksRequest(), decodeLink));
  }

  /** Throws a SystemError. */
  addresses(): KernelAddress[] {
    return answered('address dump', this.#connection.dump(addressesRequest(), decodeAddress));
  }

  /** Adds what is not there yet; the rest is logged and returned. */
  addAddresses(addresses: readonly VirtualAddress[]): AddressFailure[] {
    const indexOf = rememberedIndex(this.#indexOf);
    for (const { interface: name } of addresses) {
      const ifindex = indexOf(name);
      if (ifindex !== undefined) this.#places.set(name, ifindex);
    }
    const prepared = this.#prepared.get(addresses);
    if (prepared && [...prepared.places].every(([name, ifindex]) => indexOf(name) === ifindex)) {
      return this.#carryOut(prepared.commands, prepared.requests, false);
    }
    const { desired, missing } = desiredAddresses(addresses, indexOf);
    for (const { address, interface: name } of missing) {
      const message = `Not adding address ${address} to ${name} since interface doesn't exist`;
      this.#log({ level: 'info', message });
    }
    return this.apply(desired.map(({ ifindex, address }) => ({ kind: 'addAddress', ifindex, address })));
  }

  /** Does now what `addAddresses`, given the same list, need not do then. */
  prepare(addresses: readonly VirtualAddress[]): void {
    const { desired, missing } = desiredAddresses(addresses, rememberedIndex(this.#indexOf));
    if (missing.length > 0) return;
    const commands = desired.map(({ ifindex, address }) => ({ kind: 'addAddress', ifindex, address }) as const);
    const places = new Map(desired.map(({ ifindex, address }) => [address.interface, ifindex]));
    const requests = commands.map((command) => encodedBeforehand(addressCommandRequest(command)));
    this.#prepared.set(addresses, { places, commands, requests });
  }

  /**
   * Removes what is there, from an interface with another name by now too; with `purge` nothing is logged. An interface that is
   * gone took its addresses along.
   */
  deleteAddresses(addresses: readonly VirtualAddress[], { purge = false } = {}): AddressFailure[] {
    const indexOf = rememberedIndex(this.#indexOf);
    const { desired } = desiredAddresses(addresses, (name) => indexOf(name) ?? this.#places.get(name));
    const commands = desired.map(({ ifindex, address }) => ({ kind: 'deleteAddress', ifindex, address }) as const);
    return this.apply(commands, { quiet: purge });
  }

  /** Carries out `commands` in few system calls; what failed without being so already is logged and returned. */
  apply(commands: readonly AddressCommand[], { quiet = false } = {}): AddressFailure[] {
    return this.#carryOut(commands, commands.map(addressCommandRequest), quiet);
  }

  #carryOut(commands: readonly AddressCommand[], requests: readonly Request[], quiet: boolean): AddressFailure[] {
    const failures: AddressFailure[] = [];
    this.#connection.transact(requests).forEach((answer, i) => {
      const command = commands[i] as AddressCommand;
      if (answer.errno === 0) this.#expected.note(command);
      else if (!isAlreadySo(command, answer.errno)) failures.push(failureOf(command, answer));
    });
    if (!quiet) for (const failure of failures) this.#log({ level: 'info', message: addressFailureText(failure) });
    return failures;
  }

  /** Watches links and addresses from now on, with what has happened since this was opened first. */
  onEvent(listener: (event: InterfaceEvent) => void): void {
    this.#listener = listener;
    this.#events.onReadable(() => this.#drain(EVENTS_A_TURN));
    this.#drain(Number.POSITIVE_INFINITY);
  }

  /** Events are still taken from the socket, but nobody is told. */
  ignoreEvents(): void {
    this.#listener = undefined;
  }

  close(): void {
    this.#events.close();
    this.#connection.close();
  }

  /** What came before an overrun is of no use: it all goes at once. */
  #drain(most: number): void {
    let overrun = false;
    for (let taken = 0; overrun || taken < most; taken++) {
      const receipt = this.#events.receive();
      if (receipt === 'empty') break;
      if (receipt === 'overrun') overrun = true;
      else if (!overrun) this.#deliver(receipt);
    }
    if (overrun) this.#resync();
  }

  /** Decoded before anyone is told, since the socket's buffer is good only until the next receive. */
  #deliver(datagram: Uint8Array): void {
    const events: InterfaceEvent[] = [];
    for (const message of messagesIn(datagram)) {
      const event = decodeEvent(message, this.#connection.portId);
      if (event) events.push(event.type === 'address' ? this.#expected.mark(event) : event);
    }
    for (const event of events) this.#listener?.(event);
  }

  #resync(): void {
    this.#log(overrunLine);
    this.#expected.clear();
    this.#listener?.({ type: 'resync', links: this.links(), addresses: this.addresses() });
  }
}

function failureOf(command: AddressCommand, { errno, text, sequence }: KernelError): AddressFailure {
  return {
    command,
    errno,
    ...(text !== undefined && { text }),
    ...(sequence !== undefined && { sequence }),
  };
}

/** The kernel does not say who removed an IPv6 address, so that our own removals are remembered until reported. */
class ExpectedRemovals {
  readonly #counts = new Map<string, number>();

  note({ kind, ifindex, address: { address } }: AddressCommand): void {
    if (kind !== 'deleteAddress' || addressFamily(address) !== 6) return;
    const key = `${ifindex}|${address}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  mark(event: AddressEvent): AddressEvent {
    if (event.change !== 'gone') return event;
    const key = `${event.address.ifindex}|${event.address.address}`;
    const count = this.#counts.get(key);
    if (count === undefined) return event;
    if (count === 1) this.#counts.delete(key);
    else this.#counts.set(key, count - 1);
    return { ...event, own: true };
  }

  clear(): void {
    this.#counts.clear();
  }
}
