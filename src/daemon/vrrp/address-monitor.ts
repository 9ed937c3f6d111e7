import type { Log } from '../../lib/log.ts';
import type { Interfaces } from './interfaces.ts';
import type { RouteEvent } from './route-kernel.ts';

/** -a: says of every address that it came or went. */
export class AddressMonitor {
  readonly #enabled: boolean;
  readonly #interfaces: Interfaces;
  readonly #log: Log;

  constructor(enabled: boolean, interfaces: Interfaces, log: Log) {
    this.#enabled = enabled;
    this.#interfaces = interfaces;
    this.#log = log;
  }

  /** The addresses that are there already count as having come. */
  begin(): void {
    for (const { ifindex, name } of this.#interfaces.all()) {
      for (const address of this.#interfaces.addressesOf(ifindex)) this.#say(address, 'added to', name);
    }
  }

  /** Before the event is taken over, so that an interface that goes still has its name. */
  noticed(event: RouteEvent): void {
    if (event.type !== 'address' || event.own) return;
    const { ifindex, address } = event.address;
    const name = this.#interfaces.nameOf(ifindex);
    if (name === undefined) return;
    if (event.change === 'gone') this.#say(address, 'removed from', name);
    else if (!this.#interfaces.addressesOf(ifindex).includes(address)) this.#say(address, 'added to', name);
  }

  #say(address: string, what: string, name: string): void {
    if (!this.#enabled) return;
    this.#log({ level: 'info', message: `Netlink reflector reports IP ${address} ${what} ${name}` });
  }
}
