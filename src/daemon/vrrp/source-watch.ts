import type { IpAddress } from '../../lib/ip.ts';
import { addressFamily } from '../../lib/ip.ts';
import type { AddressEvent } from '../../rtnetlink/event.ts';
import type { InterfaceEvent } from './address-kernel.ts';
import type { Interfaces } from './interfaces.ts';
import type { VirtualRouter } from './virtual-router.ts';

/** What finding out needs to know. */
export interface SourceHost {
  readonly interfaces: Interfaces;
  routers(): readonly VirtualRouter[];
  /** Those that virtual routers depend on. */
  readonly followed: { has(name: string): boolean };
}

/**
 * Which address events matter to virtual routers: those that change the address that adverts leave with, or concern one that
 * track_src_ip wants. Of thousands of addresses that others add to an interface nearly none do.
 */
export class SourceWatch {
  readonly #host: SourceHost;
  #before: IpAddress | undefined;

  constructor(host: SourceHost) {
    this.#host = host;
  }

  /** To be told of every event before it is taken over. */
  expect(event: InterfaceEvent): void {
    if (event.type === 'address') this.#before = this.#source(event);
  }

  /** Asked about the same event once it has been taken over. */
  matters(event: AddressEvent): boolean {
    const { address } = event.address;
    if (this.#source(event) !== this.#before) return true;
    return this.#host
      .routers()
      .some(({ instance }) => instance.trackSourceAddress && instance.sourceAddress === address);
  }

  /** Of the event's interface and family; undefined where nobody depends on it. */
  #source({ address: { ifindex, address } }: AddressEvent): IpAddress | undefined {
    const { interfaces, followed } = this.#host;
    const name = interfaces.nameOf(ifindex);
    if (name === undefined || !followed.has(name)) return undefined;
    return interfaces.sourceAddress(name, addressFamily(address));
  }
}
