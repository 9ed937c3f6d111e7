import { type AddressFamily, addressFamily, type IpAddress } from '../lib/ip.ts';
import { forwardsIpv6 } from '../os/ipv6-forwarding.ts';
import type { KernelAddress } from '../rtnetlink/address.ts';
import type { RouteEvent } from '../rtnetlink/event.ts';
import type { Link } from '../rtnetlink/link.ts';
import type { LinkIdentity } from '../vrrp/announce-frame.ts';

/** What the kernel says about links and addresses, kept up to date by its events. */
export class Interfaces {
  #links = new Map<number, Link>();
  /** In the kernel's order, which a Map keeps: the first address of an interface is its primary one. */
  #addresses = new Map<string, KernelAddress>();

  constructor(links: readonly Link[], addresses: readonly KernelAddress[]) {
    this.#replace(links, addresses);
  }

  update(event: RouteEvent): void {
    switch (event.type) {
      case 'resync':
        return this.#replace(event.links, event.addresses);
      case 'newLink':
        this.#links.set(event.link.ifindex, event.link);
        return undefined;
      case 'delLink':
        this.#links.delete(event.link.ifindex);
        for (const [key, { ifindex }] of this.#addresses) if (ifindex === event.link.ifindex) this.#addresses.delete(key);
        return undefined;
      case 'newAddress':
        this.#addresses.set(keyOf(event.address), event.address);
        return undefined;
      case 'delAddress':
        this.#addresses.delete(keyOf(event.address));
        return undefined;
    }
  }

  named(name: string): Link | undefined {
    for (const link of this.#links.values()) if (link.name === name) return link;
    return undefined;
  }

  nameOf(ifindex: number): string | undefined {
    return this.#links.get(ifindex)?.name;
  }

  /** Administratively up and with a carrier. */
  isUp(name: string): boolean {
    const link = this.named(name);
    return link?.up === true && link.running;
  }

  /** The interface's first address that is not one of `virtual`; adverts leave with it. */
  sourceAddress(name: string, family: AddressFamily, virtual: ReadonlySet<IpAddress>): IpAddress | undefined {
    const link = this.named(name);
    for (const { ifindex, address } of this.#addresses.values()) {
      if (ifindex === link?.ifindex && addressFamily(address) === family && !virtual.has(address)) return address;
    }
    return undefined;
  }

  holds(name: string, address: IpAddress): boolean {
    const link = this.named(name);
    for (const known of this.#addresses.values()) {
      if (known.ifindex === link?.ifindex && known.address === address) return true;
    }
    return false;
  }

  /** Undefined where nothing can be announced: no such interface, a loopback, or one without ARP. */
  identity(name: string): (LinkIdentity & { index: number }) | undefined {
    const link = this.named(name);
    if (!link || link.loopback || link.noArp || !link.mac || !link.broadcast) return undefined;
    return { index: link.ifindex, mac: link.mac, broadcast: link.broadcast, forwardsIpv6: forwardsIpv6(name) };
  }

  #replace(links: readonly Link[], addresses: readonly KernelAddress[]): void {
    this.#links = new Map(links.map((link) => [link.ifindex, link]));
    this.#addresses = new Map(addresses.map((address) => [keyOf(address), address]));
  }
}

function keyOf({ ifindex, address, prefixLength }: KernelAddress): string {
  return `${ifindex} ${address}/${prefixLength}`;
}
