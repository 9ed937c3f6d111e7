import type { VrrpInstance } from '../../config/types.ts';
import { type AddressFamily, addressFamily, type IpAddress, isLinkLocal } from '../../lib/ip.ts';
import { keepalivedProtocol } from '../../lib/routing-numbers.ts';
import { forwardsIpv6 } from '../../os/ipv6-forwarding.ts';
import type { KernelAddress } from '../../rtnetlink/address.ts';
import type { AddressEvent, LinkEvent } from '../../rtnetlink/event.ts';
import type { Link } from '../../rtnetlink/link.ts';
import { hardwareAddressLength, type LinkIdentity } from '../../vrrp/announce-frame.ts';
import type { Resync } from './address-kernel.ts';
import { allAddresses } from './instance-addresses.ts';

const NONE: ReadonlySet<IpAddress> = new Set();

type Identity = LinkIdentity & { readonly index: number };

/** What the kernel says about links and addresses, kept up to date by its events. */
export class Interfaces {
  #links = new Map<number, Link>();
  /** The same, for the many questions about an interface of an instance. */
  readonly #named = new Map<string, Link>();
  readonly #identities = new WeakMap<Link, Identity>();
  /** By link, in the kernel's order, which a Map keeps: the first address of an interface is its primary one. */
  #addresses = new Map<number, Map<string, KernelAddress>>();
  #virtual: ReadonlySet<IpAddress> = new Set();
  /** Indices of the links that have been up with a carrier at some time. */
  readonly #seenUp = new Set<number>();

  constructor(links: readonly Link[], addresses: readonly KernelAddress[]) {
    this.#replace(links, addresses);
  }

  update(event: LinkEvent | AddressEvent | Resync): void {
    switch (event.type) {
      case 'resync':
        this.#replace(event.links, event.addresses);
        return;
      case 'link':
        this.#updateLink(event);
        return;
      case 'address':
        if (event.change === 'present') this.#add(event.address);
        else this.#addresses.get(event.address.ifindex)?.delete(keyOf(event.address));
    }
  }

  /** No instance's address is ever the source of another's adverts. */
  knowVirtual(instances: readonly VrrpInstance[]): void {
    this.#virtual = new Set(instances.flatMap((instance) => allAddresses(instance).map(({ address }) => address)));
  }

  /** Some instance's, wherever it stands. */
  isVirtual(address: IpAddress): boolean {
    return this.#virtual.has(address);
  }

  named(name: string): Link | undefined {
    return this.#named.get(name);
  }

  nameOf(ifindex: number): string | undefined {
    return this.#links.get(ifindex)?.name;
  }

  at(ifindex: number): Link | undefined {
    return this.#links.get(ifindex);
  }

  /** Every link, in the kernel's order. */
  all(): readonly Link[] {
    return [...this.#links.values()];
  }

  /** It has been up with a carrier since we look at it. */
  hasBeenUp(ifindex: number): boolean {
    return this.#seenUp.has(ifindex);
  }

  /** Whether an address stands there that a daemon of this kind has set, by the protocol number it gave. */
  bearsMark(ifindex: number): boolean {
    return this.#on(ifindex).some(({ protocol }) => protocol === keepalivedProtocol);
  }

  /** The addresses of a link, in the kernel's order. */
  addressesOf(ifindex: number): readonly IpAddress[] {
    return this.#on(ifindex).map(({ address }) => address);
  }

  /** All addresses by the index of their link. */
  addressesByLink(): ReadonlyMap<number, readonly IpAddress[]> {
    return new Map([...this.#addresses.keys()].map((ifindex) => [ifindex, this.addressesOf(ifindex)]));
  }

  /** What an instance sends can leave. */
  carry({ interface: link, vmac }: Pick<VrrpInstance, 'interface' | 'vmac'>): boolean {
    return this.isUp(link) && (vmac === undefined || this.isUp(vmac.name));
  }

  /** Administratively up and with a carrier. */
  isUp(name: string): boolean {
    const link = this.named(name);
    return link?.up === true && link.running;
  }

  /**
   * The interface's first address that is no virtual one, nor one of `others`, of IPv6 the first link-local one; adverts leave with it
   * (RFC 9568, sections 5.1.1.1 and 5.1.2.1).
   */
  sourceAddress(name: string, family: AddressFamily, others = NONE): IpAddress | undefined {
    for (const { address } of this.#addresses.get(this.named(name)?.ifindex ?? 0)?.values() ?? []) {
      if (addressFamily(address) !== family) continue;
      if (others.has(address) || this.#virtual.has(address)) continue;
      if (family === 4 || isLinkLocal(address)) return address;
    }
    return undefined;
  }

  holds(name: string, address: IpAddress): boolean {
    return this.#on(this.named(name)?.ifindex).some((known) => known.address === address);
  }

  holdsAnywhere(address: IpAddress): boolean {
    return [...this.#addresses.keys()].some((ifindex) => this.addressesOf(ifindex).includes(address));
  }

  /**
   * Undefined where nothing can be announced: no such interface, a loopback, or one without ARP. The same object until the
   * link changes.
   */
  identity(name: string): Identity | undefined {
    const link = this.named(name);
    const known = link && this.#identities.get(link);
    if (known) return known;
    const identity = link && identityOf(link);
    if (identity) this.#identities.set(link, identity);
    return identity;
  }

  #updateLink({ change, link }: LinkEvent): void {
    this.#forgetName(link.ifindex);
    if (change === 'present') {
      this.#links.set(link.ifindex, link);
      this.#named.set(link.name, link);
      if (link.up && link.running) this.#seenUp.add(link.ifindex);
      return;
    }
    this.#links.delete(link.ifindex);
    this.#seenUp.delete(link.ifindex);
    this.#addresses.delete(link.ifindex);
  }

  /** Another may have the name by now. */
  #forgetName(ifindex: number): void {
    const name = this.#links.get(ifindex)?.name ?? '';
    if (this.#named.get(name)?.ifindex === ifindex) this.#named.delete(name);
  }

  #replace(links: readonly Link[], addresses: readonly KernelAddress[]): void {
    this.#links = new Map(links.map((link) => [link.ifindex, link]));
    this.#named.clear();
    for (const link of links) this.#named.set(link.name, link);
    for (const { ifindex, up, running } of links) if (up && running) this.#seenUp.add(ifindex);
    this.#addresses = new Map();
    for (const address of addresses) this.#add(address);
  }

  #add(address: KernelAddress): void {
    const known = this.#addresses.get(address.ifindex) ?? new Map<string, KernelAddress>();
    this.#addresses.set(address.ifindex, known.set(keyOf(address), address));
  }

  #on(ifindex: number | undefined): KernelAddress[] {
    return [...(this.#addresses.get(ifindex ?? 0)?.values() ?? [])];
  }
}

function identityOf({ name, type, ifindex: index, loopback, noArp, ...link }: Link): Identity | undefined {
  const { hardwareAddress: mac, hardwareBroadcast: broadcast } = link;
  if (loopback || noArp || mac.length !== hardwareAddressLength(type)) return undefined;
  return { index, type, mac, broadcast, forwardsIpv6: () => forwardsIpv6(name) };
}

function keyOf({ address, prefixLength }: KernelAddress): string {
  return `${address}/${prefixLength}`;
}
