import type { VrrpInstance } from '../config/types.ts';
import type { VirtualInterface } from '../firewall/plan.ts';
import { errnoText } from '../lib/errno.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { Log } from '../lib/log.ts';
import { NetlinkConnection } from '../netlink/connection.ts';
import type { Request } from '../netlink/message.ts';
import { openNetlinkSocket } from '../os/netlink-socket.ts';
import { addAddressRequest } from '../rtnetlink/address.ts';
import { decodeLink, type Link } from '../rtnetlink/link.ts';
import {
  createLinkRequest,
  deleteLinkRequest,
  linkByNameRequest,
  noGeneratedAddressRequest,
  setLinkUpRequest,
} from '../rtnetlink/virtual-link.ts';
import { linkLocalLength, linkLocalOf, virtualMac } from '../vrrp/virtual-mac.ts';
import { InterfaceSettings } from './interface-settings.ts';
import type { Interfaces } from './interfaces.ts';

/** NETLINK_ROUTE */
const PROTOCOL = 0;
/** Scope of link-local addresses (rtnetlink.h RT_SCOPE_LINK). */
const SCOPE_LINK = 253;

interface Made {
  readonly instance: VrrpInstance;
  readonly parent: string;
  readonly ifindex: number;
  /** One that was there before stays when we go. */
  readonly ours: boolean;
}

/** The macvlan and ipvlan interfaces that instances run on: made, taken over, made again when lost, and removed. */
export class VirtualInterfaces {
  readonly #interfaces: Interfaces;
  readonly #log: Log;
  readonly #settings = new InterfaceSettings();
  readonly #made = new Map<string, Made>();
  #wanted: readonly VrrpInstance[] = [];
  #connection: NetlinkConnection | undefined;

  constructor(interfaces: Interfaces, log: Log) {
    this.#interfaces = interfaces;
    this.#log = log;
  }

  /** Makes what `instances` need and the interfaces below allow; removes what none of them needs any more. */
  configure(instances: readonly VrrpInstance[]): void {
    this.#wanted = instances.filter(({ vmac }) => vmac !== undefined);
    const wanted = new Map(instances.flatMap((instance) => (instance.vmac ? [[instance.vmac.name, instance]] : [])));
    for (const [name, made] of this.#made) {
      const instance = wanted.get(name);
      if (instance && instance.interface === made.parent && sameLink(instance, made.instance)) continue;
      this.#remove(name, made);
    }
    for (const [name, instance] of wanted) if (!this.#made.has(name)) this.#make(name, instance);
    this.#settings.restoreReversePath();
  }

  /** Somebody removed an interface: one of ours is forgotten, and made again by the next `configure`. */
  lost(ifindex: number): boolean {
    for (const [name, made] of this.#made) {
      if (made.ifindex !== ifindex) continue;
      this.#made.delete(name);
      this.#settings.release(made.parent, made.instance.family);
      this.#say(`(${made.instance.name}) vmac ${name} deleted, recreating`);
      return true;
    }
    return false;
  }

  /** What the kernel told of one of ours may be older than what we did to it since: it is read again. */
  refresh(name: string): void {
    const link = this.#made.has(name) ? this.#read(name) : undefined;
    if (link) this.#interfaces.update({ type: 'link', change: 'present', own: true, link });
  }

  /** One of ours is missing on this interface. */
  isAwaited(parent: string): boolean {
    return this.#wanted.some(({ interface: name, vmac }) => name === parent && vmac && !this.#made.has(vmac.name));
  }

  isOurs(name: string): boolean {
    return this.#made.get(name)?.ours ?? false;
  }

  /** Those whose membership reports leave by the interface below. */
  get reporting(): readonly VirtualInterface[] {
    return [...this.#made.values()].flatMap(({ instance, ifindex, parent }) => {
      const below = this.#interfaces.named(parent)?.ifindex;
      if (below === undefined || instance.vmac?.kind !== 'macvlan' || instance.vmacTransmitBase) return [];
      return [{ family: instance.family, ifindex, parent: below }];
    });
  }

  close(): void {
    for (const [name, made] of this.#made) this.#remove(name, made);
    this.#settings.restoreReversePath();
    this.#connection?.close();
    this.#connection = undefined;
  }

  #make(name: string, instance: VrrpInstance): void {
    const parent = this.#interfaces.named(instance.interface);
    const { vmac } = instance;
    if (!parent || !vmac) return;
    const adopted = this.#adopt(name, instance, parent);
    if (!adopted && !this.#create(name, instance, parent)) return;
    const link = adopted ?? this.#read(name);
    if (!link) return;
    this.#settings.prepare(name, parent.name, instance.family);
    if (vmac.kind === 'macvlan') this.#request(`addr_gen_mode of ${name}`, noGeneratedAddressRequest(link.ifindex));
    if (instance.family === 6) this.#addLinkLocal(link.ifindex, instance, parent);
    this.#request(`set ${name} up`, setLinkUpRequest(link.ifindex));
    if (vmac.address) this.#addOwnAddress(link.ifindex, vmac.address, instance);
    const now = this.#read(name) ?? link;
    this.#interfaces.update({ type: 'link', change: 'present', own: true, link: now });
    this.#made.set(name, { instance, parent: parent.name, ifindex: link.ifindex, ours: !adopted });
  }

  /** One that is what we would make is taken as it is; anything else of the name is in the way. */
  #adopt(name: string, instance: VrrpInstance, parent: Link): Link | undefined {
    const there = this.#interfaces.named(name);
    if (!there) return undefined;
    const kind = instance.vmac?.kind;
    const sameMac = kind === 'ipvlan' || there.hardwareAddress.join() === virtualMac(instance).join();
    if (there.kind === kind && there.parent === parent.ifindex && sameMac) {
      this.#say(`(${instance.name}) Found matching interface ${name}`);
      return there;
    }
    this.#say(`(${instance.name}) vmac: ${name} is not what it needs, deleting`);
    this.#request(`delete ${name}`, deleteLinkRequest(there.ifindex));
    return undefined;
  }

  #create(name: string, instance: VrrpInstance, parent: Link): boolean {
    const vmac = instance.vmac as NonNullable<VrrpInstance['vmac']>;
    const what = vmac.kind === 'macvlan' ? 'VMAC' : 'IPVLAN';
    const master = parent.master === undefined ? undefined : this.#vrfOf(parent.master);
    const group = vmac.linkGroup ?? (parent.group || undefined);
    const request = createLinkRequest({
      ...{ name, parent: parent.ifindex, kind: vmac.kind },
      ...(vmac.kind === 'macvlan' && { hardwareAddress: virtualMac(instance) }),
      ...(vmac.ipvlanFlags && { ipvlanFlags: vmac.ipvlanFlags }),
      ...(group !== undefined && { group }),
      ...(master !== undefined && { master }),
    });
    const made = this.#request(`create ${what} ${name} on ${parent.name}`, request);
    if (made) this.#say(`(${instance.name}): Success creating ${what} interface ${name}`);
    return made;
  }

  #vrfOf(ifindex: number): number | undefined {
    return this.#interfaces.all().find((link) => link.ifindex === ifindex && link.kind === 'vrf')?.ifindex;
  }

  /** Adverts need a link-local source, which the interface below lends. */
  #addLinkLocal(ifindex: number, instance: VrrpInstance, parent: Link): void {
    const lent = this.#interfaces.sourceAddress(parent.name, 6, new Set());
    const address = instance.sourceAddress ?? lent ?? linkLocalOf(parent.hardwareAddress);
    this.#addAddress(ifindex, address, linkLocalLength, SCOPE_LINK, 0);
  }

  #addOwnAddress(
    ifindex: number,
    { address, prefixLength }: { readonly address: IpAddress; readonly prefixLength: number },
    { family }: VrrpInstance,
  ): void {
    const scope = family === 6 && address.startsWith('fe80') ? SCOPE_LINK : 0;
    this.#addAddress(ifindex, address, prefixLength, scope, undefined);
  }

  #addAddress(
    ifindex: number,
    address: IpAddress,
    prefixLength: number,
    scope: number,
    preferredLifetime: number | undefined,
  ): void {
    const request = addAddressRequest(ifindex, {
      ...{ address, prefixLength, scope, interface: '', noDad: true, flags: 0, noTrack: true },
      ...(preferredLifetime !== undefined && { preferredLifetime }),
    });
    this.#request(`add ${address} to interface ${ifindex}`, request);
    const known = { ifindex, address, prefixLength, scope, flags: 0 };
    this.#interfaces.update({ type: 'address', change: 'present', own: true, address: known });
  }

  #remove(name: string, { instance, parent, ifindex, ours }: Made): void {
    this.#made.delete(name);
    if (ours && this.#request(`delete ${name}`, deleteLinkRequest(ifindex))) {
      const what = instance.vmac?.kind === 'ipvlan' ? 'IPVLAN' : 'VMAC';
      this.#say(`(${instance.name}) Success removing ${what} interface ${name}`);
    }
    this.#settings.release(parent, instance.family);
  }

  #read(name: string): Link | undefined {
    const found = this.#open().query(linkByNameRequest(name), decodeLink);
    return found.ok ? found.value : undefined;
  }

  #request(what: string, request: Request): boolean {
    const [answer] = this.#open().transact([request]);
    if (!answer || answer.errno === 0) return true;
    const why = answer.text === undefined ? '' : ` (${answer.text})`;
    this.#log({ level: 'info', message: `Unable to ${what}: ${errnoText(answer.errno)}${why}` });
    return false;
  }

  #open(): NetlinkConnection {
    this.#connection ??= new NetlinkConnection(openNetlinkSocket({ protocol: PROTOCOL }));
    return this.#connection;
  }

  #say(message: string): void {
    this.#log({ level: 'info', message });
  }
}

/** Nothing that the link itself shows differs. */
function sameLink(a: VrrpInstance, b: VrrpInstance): boolean {
  const key = (instance: VrrpInstance) => JSON.stringify([instance.vmac, instance.family, [...virtualMac(instance)]]);
  return key(a) === key(b);
}
