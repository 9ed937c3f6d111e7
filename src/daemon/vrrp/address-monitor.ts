import { addressFamily } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import { macText } from '../../lib/mac-text.ts';
import type { Link } from '../../rtnetlink/link.ts';
import type { Interfaces } from './interfaces.ts';
import type { InterfaceEvent } from './address-kernel.ts';

/** Says of every address that it came or went, with -a, and always of links that they have another name or hardware address. */
export class AddressMonitor {
  readonly #enabled: boolean;
  readonly #interfaces: Interfaces;
  readonly #log: Log;

  constructor(enabled: boolean, interfaces: Interfaces, log: Log) {
    this.#enabled = enabled;
    this.#interfaces = interfaces;
    this.#log = log;
  }

  /** The addresses that are there already count as having come, in the order in which the kernel tells of them. */
  begin(): void {
    for (const family of [4, 6]) {
      for (const { ifindex, name } of this.#interfaces.all()) {
        for (const address of this.#interfaces.addressesOf(ifindex)) {
          if (addressFamily(address) === family) this.#say(address, 'added to', name);
        }
      }
    }
  }

  /** Before the event is taken over, so that an interface that goes still has its name. */
  noticed(event: InterfaceEvent): void {
    if (event.type === 'link' && event.change === 'present') this.#linkNoticed(event.link);
    if (event.type !== 'address' || event.own) return;
    const { ifindex, address } = event.address;
    const name = this.#interfaces.nameOf(ifindex);
    if (name === undefined) return;
    // Said again of one that changes, as an IPv6 address does when nobody else has it.
    this.#say(address, event.change === 'gone' ? 'removed from' : 'added to', name);
  }

  #linkNoticed({ ifindex, name, hardwareAddress }: Link): void {
    const before = this.#interfaces.at(ifindex);
    if (!before) return;
    const say = (message: string): void => this.#log({ level: 'info', message });
    if (before.name !== name) say(`Interface name has changed from ${before.name} to ${name}`);
    const [old, now] = [macText(before.hardwareAddress), macText(hardwareAddress)];
    if (old !== now) say(`(${name}) MAC Address changed from ${old} to ${now}`);
  }

  #say(address: string, what: string, name: string): void {
    if (!this.#enabled) return;
    this.#log({ level: 'info', message: `Netlink reflector reports IP ${address} ${what} ${name}` });
  }
}
