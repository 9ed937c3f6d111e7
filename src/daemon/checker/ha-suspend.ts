import type { ServiceKey } from '../../config/types.ts';
import type { IpAddress } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import type { KernelAddress } from '../../rtnetlink/address.ts';
import type { Link } from '../../rtnetlink/link.ts';
import type { HealthCheck } from './health-checks.ts';
import type { InterfaceEvent, AddressKernel } from '../vrrp/address-kernel.ts';

/** A virtual server as ha_suspend sees it. */
export interface Suspendable {
  readonly server: { readonly haSuspend: boolean };
  /** Its services: any of their addresses on this machine keeps its checks going. */
  readonly keys: readonly ServiceKey[];
  readonly checks: readonly (readonly HealthCheck[])[];
}

/** What this needs of the kernel. */
export type AddressWatch = Pick<AddressKernel, 'addresses' | 'links' | 'onEvent' | 'close'>;

interface Watched {
  readonly checks: readonly HealthCheck[];
  /** How many of its addresses are here; one on two interfaces counts twice. */
  present: number;
}

/**
 * ha_suspend: virtual servers are checked only while one of their addresses is on this machine. Addresses are watched
 * only where some virtual server asks for it.
 */
export class HaSuspend {
  readonly #open: () => AddressWatch;
  readonly #setEnabled: (checks: readonly HealthCheck[], enabled: boolean) => void;
  readonly #log: Log;
  #kernel: AddressWatch | undefined;
  /** Interface and address of everything here, with the interface's name: it may go first. */
  #here = new Map<string, string>();
  /** Of the interfaces that there are, by their index. */
  readonly #names = new Map<number, string>();
  readonly #byAddress = new Map<IpAddress, Watched[]>();

  constructor(
    open: () => AddressWatch,
    setEnabled: (checks: readonly HealthCheck[], enabled: boolean) => void,
    log: Log,
  ) {
    this.#open = open;
    this.#log = log;
    this.#setEnabled = setEnabled;
  }

  /** Before the checks begin: those whose addresses are elsewhere do not. Throws a SystemError. */
  configure(services: readonly Suspendable[]): void {
    this.#byAddress.clear();
    const suspendable = services.filter(({ server }) => server.haSuspend);
    if (suspendable.length === 0) {
      this.close();
      return;
    }
    const watched = suspendable.map((service) => this.#watch(service));
    if (!this.#kernel) {
      this.#kernel = this.#open();
      this.#nameLinks(this.#kernel.links());
      for (const address of this.#kernel.addresses()) this.#arrived(place(address));
      this.#kernel.onEvent((event) => this.#happened(event));
      this.#introduce();
    }
    for (const here of this.#here.keys()) for (const one of this.#watchersOf(here)) one.present++;
    for (const { checks, present } of watched) for (const check of checks) check.enabled = present > 0;
  }

  close(): void {
    this.#kernel?.close();
    this.#kernel = undefined;
    this.#here.clear();
    this.#names.clear();
    this.#byAddress.clear();
  }

  #introduce(): void {
    for (const channel of ['reflector', 'command channel']) {
      this.#log({ level: 'info', message: `Registering Kernel netlink ${channel}`, detail: true });
    }
    for (const here of this.#here.keys()) if (this.#watchersOf(here).length > 0) this.#report(here, true);
  }

  #watch({ keys, checks }: Suspendable): Watched {
    const watched: Watched = { checks: checks.flat(), present: 0 };
    for (const address of new Set(keys.flatMap((key) => (key.kind === 'address' ? key.address : [])))) {
      this.#byAddress.set(address, [...(this.#byAddress.get(address) ?? []), watched]);
    }
    return watched;
  }

  #happened(event: InterfaceEvent): void {
    if (event.type === 'address') this.#moved(place(event.address), event.change === 'present');
    if (event.type === 'link' && event.change === 'present') this.#names.set(event.link.ifindex, event.link.name);
    else if (event.type === 'link') this.#names.delete(event.link.ifindex);
    if (event.type !== 'resync') return;
    this.#nameLinks(event.links);
    const now = new Set(event.addresses.map(place));
    for (const one of now) this.#moved(one, true);
    for (const one of [...this.#here.keys()]) if (!now.has(one)) this.#moved(one, false);
  }

  #moved(where: string, arrived: boolean): void {
    if (arrived === this.#here.has(where)) return;
    if (arrived) this.#arrived(where);
    const watchers = this.#watchersOf(where);
    if (watchers.length > 0) this.#report(where, arrived);
    if (!arrived) this.#here.delete(where);
    for (const one of watchers) {
      one.present += arrived ? 1 : -1;
      if (one.present === (arrived ? 1 : 0)) this.#setEnabled(one.checks, arrived);
    }
  }

  #nameLinks(links: readonly Link[]): void {
    this.#names.clear();
    for (const { ifindex, name } of links) this.#names.set(ifindex, name);
  }

  #arrived(where: string): void {
    const [ifindex = ''] = where.split('|');
    this.#here.set(where, this.#names.get(Number(ifindex)) ?? ifindex);
  }

  #report(where: string, arrived: boolean): void {
    const [, address] = where.split('|');
    const message = `Netlink reflector reports IP ${address} ${arrived ? 'added to' : 'removed from'} ${this.#here.get(where)}`;
    this.#log({ level: 'info', message, detail: true });
  }

  #watchersOf(where: string): readonly Watched[] {
    return this.#byAddress.get(where.slice(where.indexOf('|') + 1) as IpAddress) ?? [];
  }
}

function place({ ifindex, address }: KernelAddress): string {
  return `${ifindex}|${address}`;
}
