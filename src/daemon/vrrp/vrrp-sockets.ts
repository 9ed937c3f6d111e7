import type { GlobalConfig, VrrpInstance } from '../../config/types.ts';
import type { Instant } from '../../lib/duration.ts';
import { errno } from '../../lib/errno.ts';
import type { IpAddress } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import type { Repetition } from '../../os/sockets/repeater.ts';
import {
  type Ipv6Fields,
  openVrrpSocket,
  type PacketOrigin,
  type RepeatCounter,
  type RepetitionTimes,
  type VrrpSocket,
} from '../../os/sockets/vrrp-socket.ts';
import { SystemError } from '../../os/system-error.ts';
import { decodeIpv4, decodeIpv6, type ReceivedPacket } from '../../vrrp/received.ts';
import type { Datagram } from '../../vrrp/transmit.ts';
import type { Interfaces } from './interfaces.ts';
import { placeKey, receiveBufferShare, type SharedPlace, socketPlace } from './socket-place.ts';

/** Adverts a second from which on what repeats is left to the addon: fewer are not worth a thread. */
const BUSY = 50;
/** So many adverts at once come near what the system's default buffer holds. */
const CROWD = 32;
/** Bytes for each of them where nothing is configured: room for some adverts of each. */
const CROWD_SHARE = 16_384;

/** What is refused on an interface that is not there. */
const GONE: ReadonlySet<number> = new Set([errno.ENODEV, errno.EADDRNOTAVAIL]);

/** Who sends and hears: an instance with the source address of its adverts, and whom to give what was heard. */
export interface SocketUser<Router> {
  readonly instance: VrrpInstance;
  readonly sourceAddress: IpAddress | undefined;
  readonly router: Router;
}

export interface PacketReceiver<Router> {
  /** `countRepeats` makes packets like this one be counted from now on instead. */
  heard(
    router: Router,
    packet: ReceivedPacket,
    arrivedAt: Instant,
    countRepeats: () => RepeatCounter | undefined,
  ): void;
}

/** A socket pair serves every virtual router with the same place. */
interface Entry<Router> {
  readonly place: SharedPlace;
  readonly socket: VrrpSocket;
  receiveBuffer: number;
  users: ReadonlyMap<number, readonly SocketUser<Router>[]>;
  /** Opened since `configure` was called last. */
  fresh: boolean;
}

/** The sockets that the virtual routers share. */
export class VrrpSockets<Router> {
  readonly #interfaces: Interfaces;
  readonly #log: Log;
  readonly #receiver: PacketReceiver<Router>;
  readonly #entries = new Map<string, Entry<Router>>();
  #ofInstance: ReadonlyMap<VrrpInstance, Entry<Router>> = new Map();
  #tellsUnknown = false;
  /** What repeats is left to others. */
  #busy = false;

  constructor(interfaces: Interfaces, log: Log, receiver: PacketReceiver<Router>) {
    this.#interfaces = interfaces;
    this.#log = log;
    this.#receiver = receiver;
  }

  /** Opens what `users` need on the interfaces that exist, closes the rest. */
  configure(users: readonly SocketUser<Router>[], global: GlobalConfig): void {
    this.#tellsUnknown = global.logUnknownVrids;
    this.#busy = users.reduce((sum, user) => sum + 1e6 / user.instance.advertisementInterval, 0) >= BUSY;
    const wanted = new Map<string, { place: SharedPlace; users: SocketUser<Router>[] }>();
    for (const user of users) {
      const place = socketPlace(user.instance, user.sourceAddress, this.#interfaces);
      if (place === undefined) continue;
      const key = placeKey(place);
      const sharing = wanted.get(key);
      if (sharing) sharing.users.push(user);
      else wanted.set(key, { place, users: [user] });
    }
    for (const [key, entry] of this.#entries) {
      entry.fresh = false;
      if (wanted.has(key)) continue;
      entry.socket.close();
      this.#entries.delete(key);
    }
    const ofInstance = new Map<VrrpInstance, Entry<Router>>();
    for (const [key, { place, users: sharing }] of wanted) {
      const entry = this.#entries.get(key) ?? this.#open(key, place);
      if (!entry) continue;
      entry.users = byVirtualRouterId(sharing);
      this.#resize(entry, sharing, global);
      for (const { instance } of sharing) ofInstance.set(instance, entry);
    }
    this.#ofInstance = ofInstance;
  }

  /** After a start or reload: each pair is told of, and what was open before reports its membership again. */
  settle(): void {
    for (const { place, socket, fresh } of new Set(this.#ofInstance.values())) {
      if (!fresh) socket.rejoin();
      this.#log({ level: 'info', message: poolLine(place, socket.fds), detail: true });
    }
  }

  /** 0, or -errno. */
  send(instance: VrrpInstance, source: IpAddress, { bytes, destination }: Datagram): number {
    const socket = this.#ofInstance.get(instance)?.socket;
    if (!socket) return -errno.ENODEV;
    return socket.send(bytes, destination, ipv6Fields(instance, source));
  }

  /** Sends the same again and again without the event loop; undefined where that cannot be, or is not worth while. */
  repeat(
    instance: VrrpInstance,
    source: IpAddress,
    { bytes, destination }: Datagram,
    times: RepetitionTimes,
    failed: () => void,
  ): Repetition | undefined {
    const socket = this.#busy ? this.#ofInstance.get(instance)?.socket : undefined;
    return socket?.repeat(bytes, destination, ipv6Fields(instance, source), times, failed);
  }

  /** Descriptors of the pair that serves an instance; undefined while it has none. */
  descriptors(instance: VrrpInstance): readonly [receiving: number, sending: number] | undefined {
    return this.#ofInstance.get(instance)?.socket.fds;
  }

  /** Bytes asked for that pair's receive buffer; 0 where the system decides. */
  receiveBuffer(instance: VrrpInstance): number {
    return this.#ofInstance.get(instance)?.receiveBuffer ?? 0;
  }

  /** Receives whatever is waiting, so that no deadline is judged before what arrived in time was heard. */
  drain(): void {
    for (const { socket } of this.#entries.values()) socket.drain();
  }

  close(): void {
    for (const { socket } of this.#entries.values()) socket.close();
    this.#entries.clear();
    this.#ofInstance = new Map();
  }

  /** Undefined, and logged, where the interface has gone and the kernel's word of that is still to be read. */
  #open(key: string, place: SharedPlace): Entry<Router> | undefined {
    const socket = this.#attempt(place);
    if (!socket) return undefined;
    const entry: Entry<Router> = { place, socket, receiveBuffer: 0, users: new Map(), fresh: true };
    socket.onPacket((bytes, origin) => {
      const packet = decode(place, bytes, origin);
      if (packet) this.#receive(entry, packet, origin.arrivedAt);
    });
    this.#entries.set(key, entry);
    return entry;
  }

  #attempt(place: SharedPlace): VrrpSocket | undefined {
    try {
      return openVrrpSocket({ ...place, log: this.#log });
    } catch (error) {
      if (!(error instanceof SystemError) || !GONE.has(error.errno)) throw error;
      this.#log({ level: 'err', message: error.message });
      return undefined;
    }
  }

  #resize(entry: Entry<Router>, sharing: readonly SocketUser<Router>[], global: GlobalConfig): void {
    const shares = sharing.map(({ instance }) => receiveBufferShare(instance, global, this.#interfaces));
    const bytes = shares.reduce((sum, share) => sum + share, 0);
    if (bytes > 0 && bytes !== entry.receiveBuffer) entry.socket.setReceiveBuffer(bytes);
    if (bytes === 0 && sharing.length >= CROWD) entry.socket.setReceiveBuffer(sharing.length * CROWD_SHARE, true);
    entry.receiveBuffer = bytes;
  }

  /** Where several instances have the same identifier, they have different peers. */
  #receive({ place, socket, users }: Entry<Router>, packet: ReceivedPacket, arrivedAt: Instant): void {
    const { virtualRouterId, source: from } = packet;
    const candidates = users.get(virtualRouterId) ?? [];
    const [only] = candidates;
    const user =
      candidates.length > 1
        ? candidates.find(({ instance }) => instance.unicast?.peers.some(({ address }) => address === from))
        : only;
    if (user) {
      const countRepeats = () => (this.#busy ? socket.countRepeats() : undefined);
      this.#receiver.heard(user.router, packet, arrivedAt, countRepeats);
    } else if (this.#tellsUnknown) {
      // Where several have its virtual router identifier, with other peers.
      const where = only ? `from ${from}` : `on interface(${place.listen?.interface ?? ''})`;
      this.#log({ level: 'info', message: `Unknown VRID(${virtualRouterId}) received ${where}. ignoring...` });
    }
  }
}

/** What the kernel cannot know; undefined for IPv4, whose header is ours. */
function ipv6Fields(instance: VrrpInstance, source: IpAddress): Ipv6Fields | undefined {
  if (instance.family === 4) return undefined;
  const unicastHops = instance.unicast !== undefined && instance.unicastTtl !== undefined;
  return { source, ...(unicastHops && { hopLimit: instance.unicastTtl }) };
}

function byVirtualRouterId<Router>(
  users: readonly SocketUser<Router>[],
): ReadonlyMap<number, readonly SocketUser<Router>[]> {
  const found = new Map<number, SocketUser<Router>[]>();
  for (const user of users) {
    const { virtualRouterId } = user.instance;
    const same = found.get(virtualRouterId);
    if (same) same.push(user);
    else found.set(virtualRouterId, [user]);
  }
  return found;
}

function decode({ family }: SharedPlace, bytes: Uint8Array, origin: PacketOrigin): ReceivedPacket | undefined {
  if (family === 4) return decodeIpv4(bytes);
  const { source, destination, hopLimit } = origin;
  if (destination === undefined || hopLimit === undefined) return undefined;
  return decodeIpv6(bytes, { source, destination, hopLimit });
}

function poolLine({ family, protocol, listen, local }: SharedPlace, fds: readonly number[]): string {
  const index = String(listen?.ifindex ?? 0).padStart(3);
  const kind = 'group' in local ? `multicast, address(${local.group})` : `, unicast, address(${local.address})`;
  return `VRRP sockpool: [ifindex(${index}), family(IPv${family}), proto(${protocol}), fd(${fds.join(',')}) ${kind}]`;
}
