import type { VrrpInstance } from '../../config/types.ts';
import type { VirtualInterface } from '../../firewall/plan.ts';
import { type IpAddress, isLinkLocal } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import { routeScope } from '../../lib/routing-numbers.ts';
import { interfaceIndex } from '../../os/sockets/interface-index.ts';
import type { LinkEvent } from '../../rtnetlink/event.ts';
import type { Link } from '../../rtnetlink/link.ts';
import {
  changeLinkRequest,
  createLinkRequest,
  deleteLinkRequest,
  noGeneratedAddressRequest,
  setLinkUpRequest,
  type VirtualLink,
} from '../../rtnetlink/virtual-link.ts';
import { linkLocalLength, linkLocalOf } from '../../vrrp/virtual-mac.ts';
import { sameButMac, sameLink, type WantedInterface, wantedInterfaces } from '../../vrrp/wanted-interface.ts';
import { isOfOurMaking } from '../../rtnetlink/own-making.ts';
import { InterfaceSettings } from './interface-settings.ts';
import type { Interfaces } from './interfaces.ts';
import { VirtualInterfaceKernel } from './virtual-interface-kernel.ts';

interface Made {
  readonly wanted: WantedInterface;
  readonly ifindex: number;
  /** One that was there before stays when we go, unless a former run has made it. */
  readonly ours: boolean;
  /** Made in this run, and so without anybody's addresses at first. */
  readonly created: boolean;
  /** The link-local address of the interface below when it was last looked at. */
  readonly lent: IpAddress | undefined;
}

/**
 * The macvlan and ipvlan interfaces that instances and single addresses are on: made, taken over, made again when lost, and
 * removed.
 */
export class VirtualInterfaces {
  readonly #interfaces: Interfaces;
  readonly #log: Log;
  readonly #kernel: VirtualInterfaceKernel;
  readonly #settings = new InterfaceSettings((name, settings) => this.#kernel.setUp(name, settings));
  readonly #made = new Map<string, Made>();
  #wanted: readonly WantedInterface[] = [];
  /** What made-up names start with; empty where interfaces of another daemon may be here. */
  #prefixes: readonly string[] = [];
  readonly #untold: string[] = [];

  constructor(interfaces: Interfaces, log: Log) {
    this.#interfaces = interfaces;
    this.#log = log;
    this.#kernel = new VirtualInterfaceKernel(interfaces, log);
  }

  /** Makes what `instances` need and the interfaces below allow; removes what none of them needs any more, and says so. */
  configure(instances: readonly VrrpInstance[]): void {
    this.#wanted = wantedInterfaces(instances);
    const wanted = new Map(this.#wanted.map((one) => [one.name, one]));
    for (const [name, made] of this.#made) {
      const now = wanted.get(name);
      if (now && sameLink(now, made.wanted)) this.#keep(now, made);
      else if (now && sameButMac(now, made.wanted)) this.#changeMac(now, made);
      else {
        this.#remove(name, made);
        this.#say(`Interface ${name} deleted`);
      }
    }
    for (const one of this.#wanted) if (!this.#made.has(one.name)) this.#make(one);
    this.#settings.settle();
  }

  /** What once carried IPv6 goes on to. Its link-local address may be gone since somebody took it down. */
  #keep(wanted: WantedInterface, made: Made): void {
    const carriesIpv6 = wanted.carriesIpv6 || made.wanted.carriesIpv6;
    if (carriesIpv6 !== made.wanted.carriesIpv6) this.#settings.allowIpv6(wanted.name);
    this.#made.set(wanted.name, { ...made, wanted: { ...wanted, carriesIpv6 } });
    const parent = this.#interfaces.named(wanted.base);
    const source = this.#interfaces.sourceAddress(wanted.name, 6);
    if (wanted.hasLinkLocal && parent && source === undefined) this.#addLinkLocal(made.ifindex, wanted, parent);
  }

  /** Before anything is made: removes what a former run has made and `instances` do not need. Whether there was any. */
  purge(instances: readonly VrrpInstance[], prefixes: readonly string[]): boolean {
    this.#prefixes = prefixes;
    const wanted = new Set(wantedInterfaces(instances).map(({ name }) => name));
    const left = this.#interfaces.all().filter((link) => this.#isOfOurMaking(link));
    for (const link of left) {
      if (wanted.has(link.name) || !this.#kernel.request(`delete ${link.name}`, deleteLinkRequest(link.ifindex)))
        continue;
      this.#kernel.forget(link);
      this.#say(`Removed interface ${link.name}, left by a former run`);
    }
    return left.length > 0;
  }

  #isOfOurMaking(link: Link): boolean {
    const isVirtual = link.kind === 'macvlan' || link.kind === 'ipvlan';
    return isVirtual && (isOfOurMaking(link, this.#prefixes) || this.#interfaces.bearsMark(link.ifindex));
  }

  /** Somebody removed an interface: one of ours is forgotten, and made again by the next `configure`. */
  removed({ ifindex, name }: Link): boolean {
    const lost = this.#forget(ifindex);
    if (lost) this.#say(`Interface ${name} deleted`);
    return lost;
  }

  /** The same where somebody gave one of ours another name. */
  renamed({ ifindex, name }: Link): boolean {
    return this.#made.get(name)?.ifindex !== ifindex && this.#forget(ifindex);
  }

  /** The same for those that are no longer among the links, whatever became of them; whether there were any. */
  missed(): boolean {
    const unseen = [...this.#made].filter(([, { ifindex }]) => this.#interfaces.nameOf(ifindex) === undefined);
    for (const [name, { ifindex }] of unseen) if (this.#forget(ifindex)) this.#say(`Interface ${name} deleted`);
    return unseen.length > 0;
  }

  #forget(ifindex: number): boolean {
    for (const [name, { wanted, ifindex: own }] of this.#made) {
      if (own !== ifindex) continue;
      this.#made.delete(name);
      this.#settings.release(wanted.base, wanted.family);
      return true;
    }
    return false;
  }

  /** What the kernel told of one of ours may be older than what we did to it since: it is read again. */
  refresh(name: string): void {
    const link = this.#made.has(name) ? this.#kernel.read(name) : undefined;
    if (link) this.#kernel.learn(link);
  }

  /** One of ours is missing on this interface. */
  isAwaited(parent: string): boolean {
    return this.#wanted.some(({ base, name }) => base === parent && !this.#made.has(name));
  }

  /** What a reload finds as it is wanted. */
  sayKept(instances: readonly VrrpInstance[]): void {
    for (const wanted of wantedInterfaces(instances)) {
      const made = this.#made.get(wanted.name);
      if (made && sameLink(wanted, made.wanted)) this.#sayFound(wanted);
    }
  }

  #sayFound({ instance, name }: WantedInterface): void {
    this.#say(`(${instance}) Found matching interface ${name}`);
  }

  /** The event is an echo of our own removal of an interface. */
  isEcho(event: LinkEvent): boolean {
    return this.#kernel.isEcho(event);
  }

  /** No former run can have left anything on it. */
  isNew(name: string): boolean {
    return this.#made.get(name)?.created ?? false;
  }

  /** Those whose membership reports leave by the interface below. */
  get reporting(): readonly VirtualInterface[] {
    return [...this.#made.values()].flatMap(({ wanted, ifindex }): VirtualInterface[] => {
      const parent = this.#interfaces.named(wanted.base)?.ifindex;
      if (parent === undefined || wanted.kind !== 'macvlan') return [];
      return [
        ...(wanted.carriesIpv4 ? [{ family: 4 as const, ifindex, parent }] : []),
        ...(wanted.carriesIpv6 ? [{ family: 6 as const, ifindex, parent }] : []),
      ];
    });
  }

  close(): void {
    for (const [name, made] of this.#made) this.#remove(name, made);
    this.#settings.settle();
    this.#kernel.close();
  }

  #make(wanted: WantedInterface): void {
    const { name, family } = wanted;
    const parent = this.#interfaces.named(wanted.base);
    // It may be gone, and this one with it, before the kernel's word of that is read.
    if (!parent || interfaceIndex(wanted.base) !== parent.ifindex) return;
    const adopted = this.#adopt(wanted, parent);
    if (!adopted && !this.#create(wanted, parent)) return;
    const link = adopted ?? this.#kernel.read(name);
    if (!link) return;
    this.#settings.prepare(name, parent.name, family, wanted.carriesIpv6);
    if (wanted.kind === 'macvlan')
      this.#kernel.request(`addr_gen_mode of ${name}`, noGeneratedAddressRequest(link.ifindex));
    if (wanted.hasLinkLocal) this.#addLinkLocal(link.ifindex, wanted, parent);
    this.#kernel.request(`set ${name} up`, setLinkUpRequest(link.ifindex));
    if (wanted.address) this.#addOwnAddress(link.ifindex, wanted.address);
    const now = this.#kernel.read(name) ?? link;
    this.#kernel.learn(now);
    this.#made.set(name, {
      wanted,
      ifindex: link.ifindex,
      ours: !adopted || this.#isOfOurMaking(adopted),
      created: !adopted,
      lent: this.#lentBy(parent),
    });
  }

  /** One that is what we would make is taken, if need be with our MAC address; anything else of the name is in the way. */
  #adopt(wanted: WantedInterface, parent: Link): Link | undefined {
    const { name, kind, mac, instance } = wanted;
    const there = this.#interfaces.named(name);
    if (!there) return undefined;
    if (there.kind === kind && there.parent === below(parent)) {
      if (mac !== undefined && there.hardwareAddress.join() !== mac.join()) {
        return this.#change(wanted, parent) ? (this.#kernel.read(name) ?? there) : undefined;
      }
      this.#sayFound(wanted);
      return there;
    }
    this.#say(`(${instance}) vmac: ${name} is not what it needs, deleting`);
    if (this.#kernel.request(`delete ${name}`, deleteLinkRequest(there.ifindex))) {
      // Its name is taken again before the kernel tells that it is gone.
      this.#kernel.forget(there);
    }
    return undefined;
  }

  #create(wanted: WantedInterface, parent: Link): boolean {
    const { name, kind, instance } = wanted;
    const what = nameOf(kind);
    const request = createLinkRequest(this.#linkOf(wanted, parent));
    const made = this.#kernel.request(`create ${what} ${name} on ${parent.name}`, request);
    if (made) this.#untold.push(`(${instance}): Success creating ${what} interface ${name}`);
    else this.#say(`(${instance}): Unable to create ${kind === 'ipvlan' ? kind : what} interface ${name}`);
    return made;
  }

  /** Gives one that is there the MAC address that is wanted; it keeps its addresses. */
  #change(wanted: WantedInterface, parent: Link): boolean {
    const { name, instance } = wanted;
    this.#say(`(${instance}) Update old VMAC interface ${name} due to wrong MAC/mode `);
    const changed = this.#kernel.request(`change ${name}`, changeLinkRequest(this.#linkOf(wanted, parent)));
    if (changed) this.#say(`(${instance}): Success updating VMAC interface ${name}`);
    return changed;
  }

  #changeMac(wanted: WantedInterface, made: Made): void {
    const parent = this.#interfaces.named(wanted.base);
    if (!parent || !this.#change(wanted, parent)) return;
    this.#made.set(wanted.name, { ...made, wanted });
    this.refresh(wanted.name);
  }

  #linkOf({ name, kind, mac, ipvlanFlags, linkGroup }: WantedInterface, parent: Link): VirtualLink {
    const master = parent.master === undefined ? undefined : this.#vrfOf(parent.master);
    const group = linkGroup ?? (parent.group || undefined);
    return {
      name,
      kind,
      parent: parent.ifindex,
      ...(mac && { hardwareAddress: mac }),
      ...(ipvlanFlags && { ipvlanFlags }),
      ...(group !== undefined && { group }),
      ...(master !== undefined && { master }),
    };
  }

  #vrfOf(ifindex: number): number | undefined {
    return this.#interfaces.all().find((link) => link.ifindex === ifindex && link.kind === 'vrf')?.ifindex;
  }

  /** The interface below has another link-local address; while it is down those that it lent stay. */
  followParent(ifindex: number): void {
    const parent = this.#interfaces.at(ifindex);
    if (!parent) return;
    const lent = this.#lentBy(parent);
    for (const [name, made] of this.#made) {
      if (made.wanted.base !== parent.name || made.lent === lent) continue;
      this.#made.set(name, { ...made, lent });
      if (!parent.up || !made.wanted.hasLinkLocal || made.wanted.sourceAddress !== undefined) continue;
      const before = this.#interfaces.sourceAddress(name, 6);
      if (before !== undefined && before === lent) continue;
      if (before !== undefined) this.#kernel.removeLinkLocal(made.ifindex, before);
      this.#addLinkLocal(made.ifindex, made.wanted, parent);
    }
  }

  #lentBy(parent: Link): IpAddress | undefined {
    return this.#interfaces.sourceAddress(parent.name, 6);
  }

  /** Adverts need a link-local source, which the interface below lends. */
  #addLinkLocal(ifindex: number, { sourceAddress }: WantedInterface, parent: Link): void {
    const address = sourceAddress ?? this.#lentBy(parent) ?? linkLocalOf(parent.hardwareAddress);
    if (this.#interfaces.addressesOf(ifindex).includes(address)) return;
    this.#kernel.addAddress(ifindex, address, linkLocalLength, routeScope.link, 0);
  }

  #addOwnAddress(ifindex: number, { address, prefixLength }: NonNullable<WantedInterface['address']>): void {
    const scope = isLinkLocal(address) ? routeScope.link : routeScope.universe;
    this.#kernel.addAddress(ifindex, address, prefixLength, scope, undefined);
  }

  #remove(name: string, { wanted, ifindex, ours }: Made): void {
    this.#made.delete(name);
    if (ours && this.#kernel.request(`delete ${name}`, deleteLinkRequest(ifindex))) {
      this.#detail(`(${wanted.instance}) Success removing ${nameOf(wanted.kind)} interface ${name}`);
    }
    const link = this.#interfaces.named(name);
    if (link?.ifindex === ifindex && ours) this.#kernel.forget(link);
    this.#settings.release(wanted.base, wanted.family);
  }

  /** Tells of the interfaces that were made; keepalived does after the addresses of those that were there. */
  sayMade(): void {
    for (const message of this.#untold.splice(0)) this.#detail(message);
  }

  #say(message: string): void {
    this.#log({ level: 'info', message });
  }

  #detail(message: string): void {
    this.#log({ level: 'info', message, detail: true });
  }
}

/** As log lines have it. */
function nameOf(kind: WantedInterface['kind']): string {
  return kind === 'ipvlan' ? 'IPVLAN' : 'VMAC';
}

/** Index of the device that really carries what stands on `parent`: the kernel puts no macvlan upon another. */
function below(parent: Link): number {
  return parent.kind === 'macvlan' && parent.parent !== undefined ? parent.parent : parent.ifindex;
}
