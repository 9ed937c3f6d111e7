import type { Config, GarpGroup, GlobalConfig } from '../../config/types.ts';
import type { Duration, Instant } from '../../lib/duration.ts';
import { errnoText } from '../../lib/errno.ts';
import { type AddressFamily, addressFamily, type IpAddress } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import type { PacketSocket } from '../../os/sockets/packet-socket.ts';
import { encodeAnnouncement, ETHERTYPE_IPV6, type Frame, type LinkIdentity } from '../../vrrp/announce-frame.ts';
import { dropWaiting, newPacer, offer, type Pacer, type PacerStep, pacerDeadline, release } from '../../vrrp/pacer.ts';
import type { Interfaces } from './interfaces.ts';

/** One frame to send: `address` is now here, on `interface`, for the virtual router `owner`. */
export interface Announcement {
  readonly owner: string;
  /** Its place among the owner's addresses; -1 where adverts come from it. */
  readonly position: number;
  readonly interface: string;
  readonly address: IpAddress;
}

/** Frames with the same key leave an interval apart. */
interface Spacing {
  readonly interval: Duration;
  readonly key: string;
}

/** Frames sent before the loop gets a turn: a burst for a thousand addresses must not hold up an advert. */
const FRAMES_A_TURN = 100;
const IMMEDIATELY = 0 as Instant;

/** Sends gratuitous ARP and neighbour advertisements, spaced on each interface as configured. */
export class Announcer {
  readonly #socket: PacketSocket;
  readonly #interfaces: Interfaces;
  readonly #log: Log;
  /** Lines that only -D shows are wanted. */
  readonly #detailed: boolean;
  /** By interface. */
  readonly #spacings: Readonly<Record<AddressFamily, Map<string, Spacing>>> = { 4: new Map(), 6: new Map() };
  readonly #frames = new WeakMap<Announcement, { readonly link: LinkIdentity; readonly frame: Frame }>();
  #global: GlobalConfig;
  #groups: readonly GarpGroup[] = [];
  /** Names of the virtual routers in the order of the configuration. */
  #owners: ReadonlyMap<string, number> = new Map();
  readonly #pacers = new Map<string, Pacer<Announcement>>();
  /** Frames without spacing, in the order asked for whatever their interface. */
  #unpaced: Announcement[] = [];

  constructor(global: GlobalConfig, socket: PacketSocket, interfaces: Interfaces, log: Log, detailed = true) {
    this.#detailed = detailed;
    this.#global = global;
    this.#socket = socket;
    this.#interfaces = interfaces;
    this.#log = log;
  }

  /** Also forgets what waits. */
  configure({ global, instances, garpGroups }: Config): void {
    this.#global = global;
    this.#groups = garpGroups;
    this.#owners = new Map(instances.map(({ name }, index) => [name, index]));
    for (const spacings of Object.values(this.#spacings)) spacings.clear();
    this.#pacers.clear();
    this.#unpaced = [];
  }

  /** `rounds` times over all addresses; the first of them leave before this returns. */
  announce(announcements: readonly Announcement[], rounds: number, now: Instant): void {
    let left = FRAMES_A_TURN;
    for (let round = 0; round < rounds; round++) {
      for (const announcement of announcements) {
        if (round === 0 && this.#detailed) this.#log(queueing(announcement));
        this.#queue(announcement, now);
        // What does not wait is sent before the next is queued, as its line in the log tells.
        if (this.#unpaced.length === 1 && left > 0) left -= this.#sendWaiting(1);
      }
    }
    this.#sendWaiting(left);
  }

  /** Makes frames now that `announce` will want. */
  prepare(announcements: readonly Announcement[]): void {
    for (const announcement of announcements) {
      const link = this.#interfaces.identity(announcement.interface);
      if (link) this.#frame(announcement, link);
    }
  }

  /** Drops what a virtual router that is no longer master has waiting. */
  drop(owner: string): void {
    this.#unpaced = this.#unpaced.filter((announcement) => announcement.owner !== owner);
    for (const [key, pacer] of this.#pacers) {
      this.#pacers.set(
        key,
        dropWaiting(pacer, (announcement) => announcement.owner !== owner),
      );
    }
  }

  deadline(): Instant | undefined {
    if (this.#unpaced.length > 0) return IMMEDIATELY;
    let earliest: Instant | undefined;
    for (const pacer of this.#pacers.values()) {
      const at = pacerDeadline(pacer);
      if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
    }
    return earliest;
  }

  /** Sends what is due, at most one turn's worth. */
  expire(now: Instant): void {
    this.#sendWaiting(FRAMES_A_TURN);
    for (const key of this.#pacers.keys()) this.#drain(key, now);
  }

  close(): void {
    this.#socket.close();
  }

  /** Sends what waits for nothing but its turn, at most `count` frames; how many. */
  #sendWaiting(count: number): number {
    const turn = this.#unpaced.splice(0, count);
    for (const announcement of turn) this.#send(announcement);
    return turn.length;
  }

  #queue(announcement: Announcement, now: Instant): void {
    const family = addressFamily(announcement.address);
    const { interval, key } = this.#spacing(announcement.interface, family);
    if (interval === 0) {
      this.#unpaced.push(announcement);
      return;
    }
    const compare = (a: Announcement, b: Announcement) => this.#compare(a, b);
    this.#follow(key, offer(this.#pacers.get(key) ?? newPacer(interval, compare), announcement, now));
  }

  #spacing(interfaceName: string, family: AddressFamily): Spacing {
    const known = this.#spacings[family].get(interfaceName);
    if (known) return known;
    const spacing = this.#newSpacing(interfaceName, family);
    this.#spacings[family].set(interfaceName, spacing);
    return spacing;
  }

  /** Interfaces of a garp_group that sets the spacing wait for one another. */
  #newSpacing(interfaceName: string, family: AddressFamily): Spacing {
    const index = this.#groups.findIndex(({ interfaces }) => interfaces.includes(interfaceName));
    const group = this.#groups[index];
    const ofGroup = family === 4 ? group?.garpInterval : group?.gnaInterval;
    if (ofGroup !== undefined) return { interval: ofGroup, key: `group ${index} ${family}` };
    const { garpInterval, gnaInterval } = this.#global;
    return { interval: family === 4 ? garpInterval : gnaInterval, key: `${interfaceName} ${family}` };
  }

  #compare(a: Announcement, b: Announcement): number {
    return (this.#owners.get(a.owner) ?? 0) - (this.#owners.get(b.owner) ?? 0) || a.position - b.position;
  }

  #drain(key: string, now: Instant): void {
    const pacer = this.#pacers.get(key);
    if (pacer) this.#follow(key, release(pacer, now));
  }

  #follow(key: string, { pacer, frame }: PacerStep<Announcement>): void {
    this.#pacers.set(key, pacer);
    if (frame) this.#send(frame);
  }

  /** Of IPv4 it stays the same as long as its link does. */
  #frame(announcement: Announcement, link: LinkIdentity): Frame {
    const known = this.#frames.get(announcement);
    if (known?.link === link) return known.frame;
    const frame = encodeAnnouncement(announcement.address, link);
    if (frame.etherType !== ETHERTYPE_IPV6) this.#frames.set(announcement, { link, frame });
    return frame;
  }

  #send(announcement: Announcement): void {
    const { interface: name, address } = announcement;
    const link = this.#interfaces.identity(name);
    if (!link) return;
    const isArp = addressFamily(address) === 4;
    if (this.#detailed) this.#log(sending(isArp, name, address));
    const sent = this.#socket.send(link.index, this.#frame(announcement, link));
    if (sent < 0) {
      const what = isArp ? 'gratuitous ARP' : 'unsolicited Neighbour Advert';
      const message = `Error ${-sent} (${errnoText(-sent)}) sending ${what} on ${name} for ${address}`;
      this.#log({ level: 'info', message });
    }
  }
}

function sending(isArp: boolean, interfaceName: string, address: IpAddress) {
  const what = isArp ? 'gratuitous ARP' : 'unsolicited Neighbour Advert';
  return { level: 'info', message: `Sending ${what} on ${interfaceName} for ${address}`, detail: true } as const;
}

function queueing({ owner, position, interface: name, address }: Announcement) {
  if (position < 0) {
    const message = `${owner}: sending gratuitous ${addressFamily(address) === 4 ? 'ARP' : 'NA'} for ${address}`;
    return { level: 'info', message, detail: true } as const;
  }
  const what = addressFamily(address) === 4 ? 'gratuitous ARPs' : 'Unsolicited Neighbour Adverts';
  return {
    level: 'info',
    message: `(${owner}) Sending/queueing ${what} on ${name} for ${address}`,
    detail: true,
  } as const;
}
