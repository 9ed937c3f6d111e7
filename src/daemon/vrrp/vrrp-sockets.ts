import type { GlobalConfig, VrrpInstance } from '../../config/types.ts';
import type { Instant } from '../../lib/duration.ts';
import { errno } from '../../lib/errno.ts';
import type { IpAddress } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import { openVrrpSocket, type PacketOrigin, type VrrpSocket } from '../../os/sockets/vrrp-socket.ts';
import { decodeIpv4, decodeIpv6, type ReceivedPacket } from '../../vrrp/received.ts';
import type { Datagram } from '../../vrrp/transmit.ts';
import type { Interfaces } from './interfaces.ts';
import { placeKey, receiveBufferShare, type SharedPlace, socketPlace } from './socket-place.ts';

/** Who sends and hears: an instance with the source address of its adverts, and whom to give what was heard. */
export interface SocketUser<Router> {
  readonly instance: VrrpInstance;
  readonly sourceAddress: IpAddress | undefined;
  readonly router: Router;
}

export interface PacketReceiver<Router> {
  heard(router: Router, packet: ReceivedPacket, arrivedAt: Instant): void;
  /** Nobody has its virtual router identifier; `from` is said where several have it, with other peers. */
  unknown(virtualRouterId: number, where: { readonly interface: string } | { readonly from: IpAddress }): void;
}

/** A socket pair serves every virtual router with the same place. */
interface Entry<Router> {
  readonly place: SharedPlace;
  readonly socket: VrrpSocket;
  receiveBuffer: number;
  users: ReadonlyMap<number, readonly SocketUser<Router>[]>;
}

/** The sockets that the virtual routers share. */
export class VrrpSockets<Router> {
  readonly #interfaces: Interfaces;
  readonly #log: Log;
  readonly #receiver: PacketReceiver<Router>;
  readonly #entries = new Map<string, Entry<Router>>();
  #ofInstance: ReadonlyMap<VrrpInstance, Entry<Router>> = new Map();

  constructor(interfaces: Interfaces, log: Log, receiver: PacketReceiver<Router>) {
    this.#interfaces = interfaces;
    this.#log = log;
    this.#receiver = receiver;
  }

  /** Opens what `users` need on the interfaces that exist, closes the rest. */
  configure(users: readonly SocketUser<Router>[], global: GlobalConfig): void {
    const wanted = new Map<string, { place: SharedPlace; users: SocketUser<Router>[] }>();
    for (const user of users) {
      const place = socketPlace(user.instance, user.sourceAddress, this.#interfaces);
      if (place === undefined) continue;
      const key = placeKey(place);
      const sharing = wanted.get(key);
      if (sharing) sharing.users.push(user);
      else wanted.set(key, { place, users: [user] });
    }
    for (const [key, { socket }] of this.#entries) {
      if (wanted.has(key)) continue;
      socket.close();
      this.#entries.delete(key);
    }
    const ofInstance = new Map<VrrpInstance, Entry<Router>>();
    for (const [key, { place, users: sharing }] of wanted) {
      const entry = this.#entries.get(key) ?? this.#open(key, place);
      entry.users = byVirtualRouterId(sharing);
      this.#resize(entry, sharing, global);
      for (const { instance } of sharing) ofInstance.set(instance, entry);
    }
    this.#ofInstance = ofInstance;
  }

  /** 0, or -errno. */
  send(instance: VrrpInstance, source: IpAddress, { bytes, destination }: Datagram): number {
    const socket = this.#ofInstance.get(instance)?.socket;
    if (!socket) return -errno.ENODEV;
    if (instance.family === 4) return socket.send(bytes, destination);
    const unicastHops = instance.unicast !== undefined && instance.unicastTtl !== undefined;
    return socket.send(bytes, destination, {
      source,
      ...(unicastHops && { hopLimit: instance.unicastTtl }),
    });
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

  #open(key: string, place: SharedPlace): Entry<Router> {
    const socket = openVrrpSocket({ ...place, log: this.#log });
    const entry: Entry<Router> = { place, socket, receiveBuffer: 0, users: new Map() };
    socket.onPacket((bytes, origin) => {
      const packet = decode(place, bytes, origin);
      if (packet) this.#receive(entry, packet, origin.arrivedAt);
    });
    this.#entries.set(key, entry);
    this.#log({ level: 'info', message: poolLine(place, socket.fds), detail: true });
    return entry;
  }

  #resize(entry: Entry<Router>, sharing: readonly SocketUser<Router>[], global: GlobalConfig): void {
    const shares = sharing.map(({ instance }) => receiveBufferShare(instance, global, this.#interfaces));
    const bytes = shares.reduce((sum, share) => sum + share, 0);
    if (bytes > 0 && bytes !== entry.receiveBuffer) entry.socket.setReceiveBuffer(bytes);
    entry.receiveBuffer = bytes;
  }

  /** Where several instances have the same identifier, they have different peers. */
  #receive({ place, users }: Entry<Router>, packet: ReceivedPacket, arrivedAt: Instant): void {
    const { virtualRouterId, source: from } = packet;
    const candidates = users.get(virtualRouterId) ?? [];
    const [only] = candidates;
    const user =
      candidates.length > 1
        ? candidates.find(({ instance }) => instance.unicast?.peers.some(({ address }) => address === from))
        : only;
    if (user) this.#receiver.heard(user.router, packet, arrivedAt);
    else if (only) this.#receiver.unknown(virtualRouterId, { from });
    else this.#receiver.unknown(virtualRouterId, { interface: place.listen?.interface ?? '' });
  }
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
