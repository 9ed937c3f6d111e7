import type { GlobalConfig } from '../config/types.ts';
import type { Instant } from '../lib/duration.ts';
import { addressFamily, type IpAddress } from '../lib/ip.ts';
import type { Log } from '../lib/log.ts';
import type { PacketSocket } from '../os/packet-socket.ts';
import { encodeAnnouncement } from '../vrrp/announce-frame.ts';
import { dropWaiting, enqueue, newPacer, type Pacer, pacerDeadline, release } from '../vrrp/pacer.ts';
import type { Interfaces } from './interfaces.ts';

/** One frame to send: `address` is now here, on `interface`, for the virtual router `owner`. */
export interface Announcement {
  readonly owner: string;
  readonly interface: string;
  readonly address: IpAddress;
}

/** Sends gratuitous ARP and neighbour advertisements, spaced on each interface as configured. */
export class Announcer {
  readonly #socket: PacketSocket;
  readonly #interfaces: Interfaces;
  readonly #log: Log;
  #global: GlobalConfig;
  readonly #pacers = new Map<string, Pacer<Announcement>>();

  constructor(global: GlobalConfig, socket: PacketSocket, interfaces: Interfaces, log: Log) {
    this.#global = global;
    this.#socket = socket;
    this.#interfaces = interfaces;
    this.#log = log;
  }

  configure(global: GlobalConfig): void {
    this.#global = global;
    this.#pacers.clear();
  }

  /** `rounds` times over all addresses; what may leave at once leaves before this returns. */
  announce(announcements: readonly Announcement[], rounds: number, now: Instant): void {
    if (rounds === 0) return;
    const touched = new Set<string>();
    for (let round = 0; round < rounds; round++) {
      for (const announcement of announcements) {
        if (round === 0) this.#log(queueing(announcement));
        const key = this.#queue(announcement);
        if (key !== undefined) touched.add(key);
      }
    }
    for (const key of touched) this.#drain(key, now);
  }

  /** Drops what a virtual router that is no longer master has waiting. */
  drop(owner: string): void {
    for (const [key, pacer] of this.#pacers) {
      this.#pacers.set(
        key,
        dropWaiting(pacer, (announcement) => announcement.owner !== owner),
      );
    }
  }

  deadline(): Instant | undefined {
    let earliest: Instant | undefined;
    for (const pacer of this.#pacers.values()) {
      const at = pacerDeadline(pacer);
      if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
    }
    return earliest;
  }

  expire(now: Instant): void {
    for (const key of this.#pacers.keys()) this.#drain(key, now);
  }

  close(): void {
    this.#socket.close();
  }

  /** Without an interval the frame leaves at once, in the order asked for, whatever its interface. */
  #queue(announcement: Announcement): string | undefined {
    const family = addressFamily(announcement.address);
    const interval = family === 4 ? this.#global.garpInterval : this.#global.gnaInterval;
    if (interval === 0) {
      this.#send(announcement);
      return undefined;
    }
    const key = `${announcement.interface} ${family}`;
    this.#pacers.set(key, enqueue(this.#pacers.get(key) ?? newPacer<Announcement>(interval), [announcement]));
    return key;
  }

  #drain(key: string, now: Instant): void {
    const pacer = this.#pacers.get(key);
    if (!pacer) return;
    const released = release(pacer, now);
    this.#pacers.set(key, released.pacer);
    if (released.frame) this.#send(released.frame);
  }

  #send({ interface: name, address }: Announcement): void {
    const link = this.#interfaces.identity(name);
    if (!link) return;
    const isArp = addressFamily(address) === 4;
    this.#log({
      level: 'info',
      message: `Sending ${isArp ? 'gratuitous ARP' : 'unsolicited Neighbour Advert'} on ${name} for ${address}`,
      detail: true,
    });
    const sent = this.#socket.send(link.index, encodeAnnouncement(address, link));
    if (sent < 0) {
      const what = isArp ? 'gratuitous ARP' : 'unsolicited Neighbour Advert';
      this.#log({ level: 'info', message: `Error sending ${what} on ${name} for ${address}, errno ${-sent}` });
    }
  }
}

function queueing({ owner, interface: name, address }: Announcement) {
  const what = addressFamily(address) === 4 ? 'gratuitous ARPs' : 'Unsolicited Neighbour Adverts';
  return {
    level: 'info',
    message: `(${owner}) Sending/queueing ${what} on ${name} for ${address}`,
    detail: true,
  } as const;
}
