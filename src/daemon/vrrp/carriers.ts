import type { Config, VirtualAddress, VrrpInstance } from '../../config/types.ts';
import { dropsPackets, usesPacketFilter, usualFilter } from '../../config/packet-filter.ts';
import type { Filter } from '../../firewall/plan.ts';
import { standInLines } from '../../report/stand-ins.ts';
import type { LinkEvent } from '../../rtnetlink/event.ts';
import type { Log } from '../../lib/log.ts';
import { otherDaemonHere } from '../../os/processes/other-daemons.ts';
import type { InterfaceEvent } from './address-kernel.ts';
import type { Interfaces } from './interfaces.ts';
import { PacketFilter } from './packet-filter.ts';
import { VirtualInterfaces } from './virtual-interfaces.ts';

/** Of interfaces, unless vmac_prefix is given. */
const usualPrefix = 'vrrp';

type Dropped = Filter['dropped'][number];

/** What instances need of the machine beside addresses: interfaces of their own, and the packet filter. */
export class Carriers {
  readonly #interfaces: Interfaces;
  readonly #virtual: VirtualInterfaces;
  readonly #filter: PacketFilter;
  /** Addresses of instances that do not accept packets for them, by address and interface. */
  #guarded: ReadonlySet<string> = new Set();
  #dropped = new Map<string, Dropped>();
  #config: Config;
  #purged = false;
  readonly #said = new Set<string>();
  readonly #log: Log;

  constructor(config: Config, interfaces: Interfaces, log: Log) {
    this.#config = config;
    this.#log = log;
    this.#interfaces = interfaces;
    this.#virtual = new VirtualInterfaces(interfaces, log);
    this.#filter = new PacketFilter(settingsOf(config), log);
  }

  /** Makes and removes interfaces as `config` needs them. */
  configure(config: Config): void {
    this.#config = config;
    this.#sayStandIns(config);
    if (!this.#purged) this.#purge(config);
    this.#purged = true;
    this.#guarded = new Set(config.instances.flatMap(guardedAddresses));
    this.#filter.configure(settingsOf(config));
    this.#virtual.sayKept(config.instances);
    this.#virtual.configure(config.instances);
    this.#apply();
  }

  /** Each once, however often the configuration is read. */
  #sayStandIns(config: Config): void {
    for (const message of standInLines(config)) {
      if (!this.#said.has(message)) this.#log({ level: 'info', message });
      this.#said.add(message);
    }
  }

  /** What a former run has left; another daemon's looks the same, so where there is one everything stays. */
  #purge({ instances, global }: Config): void {
    if (otherDaemonHere()) return;
    const { vmacPrefix, vmacAddressPrefix } = global;
    const interfacesLeft = this.#virtual.purge(instances, [vmacPrefix, vmacAddressPrefix, usualPrefix]);
    const addressesLeft = this.#interfaces.all().some(({ ifindex }) => this.#interfaces.bearsMark(ifindex));
    if (interfacesLeft || addressesLeft) this.#filter.purge();
  }

  /** One of ours is made again when it is lost, and when the interface below comes back: whether that was so. */
  linkChanged({ change, link }: LinkEvent): boolean {
    if (change === 'gone') {
      if (!this.#virtual.removed(link)) return false;
    } else if (!this.#virtual.renamed(link)) {
      this.#virtual.refresh(link.name);
      if (!this.#virtual.isAwaited(link.name)) return false;
    }
    this.#makeAgain();
    return true;
  }

  /** Tells of the interfaces that were made since it told the last time. */
  sayMade(): void {
    this.#virtual.sayMade();
  }

  /** An address came or went, or all was read again: one of ours that is not among the links is made again. */
  kernelChanged(event: Exclude<InterfaceEvent, LinkEvent>): void {
    if (event.type === 'address') this.#virtual.followParent(event.address.ifindex);
    else if (this.#virtual.missed()) this.#makeAgain();
  }

  #makeAgain(): void {
    this.#virtual.configure(this.#config.instances);
    this.sayMade();
    this.#apply();
  }

  /** To be called before addresses are added, so that there is no moment in which they answer. */
  guard(addresses: readonly VirtualAddress[]): void {
    if (this.#guarded.size === 0) return;
    let changed = false;
    for (const address of addresses) {
      const key = keyOf(address);
      const ifindex = this.#interfaces.named(address.interface)?.ifindex;
      if (!this.#guarded.has(key) || ifindex === undefined || this.#dropped.has(key)) continue;
      this.#dropped.set(key, { address: address.address, ifindex });
      changed = true;
    }
    if (changed) this.#apply();
  }

  /** To be called after addresses have been removed. */
  release(addresses: readonly VirtualAddress[]): void {
    if (this.#dropped.size === 0) return;
    let changed = false;
    for (const address of addresses) changed = this.#dropped.delete(keyOf(address)) || changed;
    if (changed) this.#apply();
  }

  isEcho(event: LinkEvent): boolean {
    return this.#virtual.isEcho(event);
  }

  /** The interface of its own that an instance is on has only just been made. */
  isNewFor({ vmac }: VrrpInstance): boolean {
    return vmac?.name !== undefined && this.#virtual.isNew(vmac.name);
  }

  close(): void {
    this.#virtual.close();
    this.#filter.close();
  }

  /** Interfaces for single addresses alone switch no packet filter on. */
  #apply(): void {
    this.#filter.apply({
      dropped: [...this.#dropped.values()],
      virtualInterfaces: usesPacketFilter(this.#config) ? this.#virtual.reporting : [],
    });
  }
}

function settingsOf({ global }: Config) {
  const { table, priority } = global.nftables ?? usualFilter;
  return { table, priority, counters: global.nftablesCounters };
}

function guardedAddresses(instance: VrrpInstance): string[] {
  if (!dropsPackets(instance)) return [];
  return [...instance.virtualAddresses, ...instance.excludedAddresses].map(keyOf);
}

function keyOf({ address, interface: name }: VirtualAddress): string {
  return `${address} ${name}`;
}
