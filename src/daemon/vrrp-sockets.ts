import type { VrrpInstance } from '../config/types.ts';
import type { Instant } from '../lib/duration.ts';
import { errno } from '../lib/errno.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { Log } from '../lib/log.ts';
import { openVrrpSocket, type VrrpSocket } from '../os/vrrp-socket.ts';
import { PROTOCOL_VRRP } from '../vrrp/packet.ts';
import { decodeIpv4, type ReceivedPacket } from '../vrrp/received.ts';
import type { Interfaces } from './interfaces.ts';

export type PacketReceiver = (interfaceName: string, packet: ReceivedPacket, arrivedAt: Instant) => void;

/** A socket pair serves every virtual router with the same interface and group. */
interface Entry {
  readonly interface: string;
  readonly ifindex: number;
  readonly socket: VrrpSocket;
}

/** The sockets that the virtual routers share. */
export class VrrpSockets {
  readonly #interfaces: Interfaces;
  readonly #log: Log;
  readonly #receive: PacketReceiver;
  readonly #entries = new Map<string, Entry>();

  constructor(interfaces: Interfaces, log: Log, receive: PacketReceiver) {
    this.#interfaces = interfaces;
    this.#log = log;
    this.#receive = receive;
  }

  /** Opens what `instances` need on the interfaces that exist, closes the rest. */
  configure(instances: readonly VrrpInstance[]): void {
    const wanted = new Map(instances.map((instance) => [key(instance), instance]));
    for (const [name, entry] of this.#entries) {
      if (wanted.has(name) && this.#interfaces.named(entry.interface)?.ifindex === entry.ifindex) continue;
      entry.socket.close();
      this.#entries.delete(name);
    }
    for (const [name, instance] of wanted) if (!this.#entries.has(name)) this.#open(name, instance);
  }

  /** 0, or -errno. */
  send(instance: VrrpInstance, datagram: Uint8Array, destination: IpAddress): number {
    return this.#entries.get(key(instance))?.socket.send(datagram, destination) ?? -errno.ENODEV;
  }

  /** Descriptors of the pair that serves an instance; undefined while it has none. */
  descriptors(instance: VrrpInstance): readonly [receiving: number, sending: number] | undefined {
    return this.#entries.get(key(instance))?.socket.fds;
  }

  /** Receives whatever is waiting, so that no deadline is judged before what arrived in time was heard. */
  drain(): void {
    for (const { socket } of this.#entries.values()) socket.drain();
  }

  close(): void {
    for (const { socket } of this.#entries.values()) socket.close();
    this.#entries.clear();
  }

  #open(name: string, instance: VrrpInstance): void {
    const ifindex = this.#interfaces.named(instance.interface)?.ifindex;
    if (ifindex === undefined) return;
    const socket = openVrrpSocket({
      interface: instance.interface,
      ifindex,
      family: instance.family,
      protocol: PROTOCOL_VRRP,
      group: instance.multicastGroup,
    });
    socket.onPacket((datagram, { arrivedAt }) => {
      const packet = decodeIpv4(datagram);
      if (packet) this.#receive(instance.interface, packet, arrivedAt);
    });
    this.#entries.set(name, { interface: instance.interface, ifindex, socket });
    this.#log({
      level: 'info',
      message: `VRRP sockpool: [ifindex(${String(ifindex).padStart(3)}), family(IPv${instance.family}), proto(${PROTOCOL_VRRP}), fd(${socket.fds.join(',')}) multicast, address(${instance.multicastGroup})]`,
      detail: true,
    });
  }
}

function key({ interface: name, family, multicastGroup }: VrrpInstance): string {
  return `${name} ${family} ${multicastGroup}`;
}
