import { hostIsLittleEndian } from '../../lib/byte-order.ts';
import { concatenate } from '../../lib/concatenate.ts';
import { type Duration, type Instant, instant } from '../../lib/duration.ts';
import type { IpAddress } from '../../lib/ip.ts';
import { isLinkLocal, printIp } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import { decodeControlMessages, encodeControlMessage } from './control-message.ts';
import type { HearingSocket } from '../native.ts';
import { native } from '../native.ts';
import { setSocketBuffer } from './netlink-socket.ts';
import { type Repetition, repeat } from './repeater.ts';
import { internetAddress, readInternetAddress } from './socket-address.ts';
import { isNativeError, systemCall } from '../system-error.ts';
import {
  joinGroup,
  leaveGroup,
  packetInfo6,
  setUpReceiver,
  setUpSender,
  type VrrpSocketPlace,
} from './vrrp-socket-options.ts';

const { AF_INET, AF_INET6, SOCK_RAW, MSG_DONTROUTE, IPPROTO_IPV6, IPV6_PKTINFO, IPV6_HOPLIMIT } = native.constants;

/** An IPv6 advert of 255 addresses with an authentication trailer has 4116 bytes, an IPv4 one less. */
const PACKET_BYTES = 8192;
const CONTROL_BYTES = 256;
const JOIN_RETRY_MILLISECONDS = 1000;
const lastRepeat = new Float64Array(1);

export interface VrrpSocketOptions extends VrrpSocketPlace {
  /** IP protocol: 112 (VRRP), or 51 where adverts are authenticated by AH. */
  readonly protocol: number;
  /** Bytes of receive buffer; the system's default unless told. */
  readonly receiveBuffer?: { readonly bytes: number; readonly force: boolean };
  /** Told of a membership that must be tried again and of truncated packets. */
  readonly log?: Log;
}

/** What the socket tells beside the packet; of IPv4, the packet's own header has the rest. */
export interface PacketOrigin {
  readonly source: IpAddress;
  /** When the kernel received it, which a busy process learns late. */
  readonly arrivedAt: Instant;
  readonly hopLimit?: number;
  readonly destination?: IpAddress;
}

/** What the kernel is to write into the IPv6 header. */
export interface Ipv6Fields {
  readonly source: IpAddress;
  /** The kernel's default unless told; multicast always has 255. */
  readonly hopLimit?: number;
}

/** When a packet is sent again and again, on the monotonic clock. */
export interface RepetitionTimes {
  /** Of the IPv4 header before the first. */
  readonly identification: number;
  readonly interval: Duration;
  readonly firstAt: Instant;
}

/** Packets like one that was heard, which are counted from then on and not heard. */
export interface RepeatCounter {
  /** How many came since this was asked last, and when the last of them did. */
  taken(): { readonly count: number; readonly lastAt: Instant };
  close(): void;
}

/** `packet` is valid until the callback returns; it begins with the IP header for IPv4, with VRRP for IPv6. */
export type PacketListener = (packet: Uint8Array, origin: PacketOrigin) => void;

/**
 * The sockets of one family and group or address: one hears, the other sends. Opening throws a SystemError; a refused
 * membership is tried again every second.
 */
export interface VrrpSocket {
  /** The receiving and the sending descriptor. */
  readonly fds: readonly [receive: number, send: number];
  /** Sends a packet (IPv4: with its IP header), to a group without a route. 0 or -errno. */
  send(packet: Uint8Array, destination: IpAddress, ipv6?: Ipv6Fields): number;
  /** Sends the same again and again without the event loop; `failed` once that is not possible. */
  repeat(
    packet: Uint8Array,
    destination: IpAddress,
    ipv6: Ipv6Fields | undefined,
    times: RepetitionTimes,
    failed: () => void,
  ): Repetition | undefined;
  /** For a listener: counts from now on what equals the packet that it hears, but for the identification. */
  countRepeats(): RepeatCounter | undefined;
  /** Gives the receiving socket another buffer, in bytes; `force` goes beyond the system's limit, where that is allowed. */
  setReceiveBuffer(bytes: number, force?: boolean): void;
  onPacket(listener: PacketListener): void;
  /** Hands what has arrived to the listener now. */
  drain(): void;
  /** Leaves the group and joins it at once, so that the kernel reports the membership to the network anew. */
  rejoin(): void;
  close(): void;
}

/** Throws a SystemError. */
export function openVrrpSocket(options: VrrpSocketOptions): VrrpSocket {
  const what = `VRRP socket${options.listen ? ` on ${options.listen.interface}` : ''}`;
  return systemCall(what, () => new RawSocketPair(options));
}

class RawSocketPair implements VrrpSocket {
  readonly fds: readonly [number, number];
  readonly #options: VrrpSocketOptions;
  readonly #packet = new Uint8Array(PACKET_BYTES);
  readonly #source = new Uint8Array(28);
  readonly #control = new Uint8Array(CONTROL_BYTES);
  #listener: PacketListener | undefined;
  #hearing: HearingSocket | undefined;
  #heardLength = 0;
  /** Of every counter of repeats: takes what it has counted before the socket goes. */
  readonly #settlements = new Set<() => void>();
  #joinAgain: NodeJS.Timeout | undefined;
  #open = true;

  constructor(options: VrrpSocketOptions) {
    this.#options = options;
    const receive = openRaw(options, (fd) => {
      if (options.receiveBuffer)
        setSocketBuffer(fd, 'receive', options.receiveBuffer.bytes, options.receiveBuffer.force);
      setUpReceiver(fd, options);
    });
    try {
      this.fds = [receive, openRaw(options, (fd) => setUpSender(fd, options))];
    } catch (error) {
      native.close(receive);
      throw error;
    }
    this.#join();
  }

  send(packet: Uint8Array, destination: IpAddress, ipv6?: Ipv6Fields): number {
    const { address, control, flags } = this.#envelope(destination, ipv6);
    return Math.min(native.sendmsg(this.fds[1], packet, address, control, flags), 0);
  }

  repeat(
    packet: Uint8Array,
    destination: IpAddress,
    ipv6: Ipv6Fields | undefined,
    { identification, interval, firstAt }: RepetitionTimes,
    failed: () => void,
  ): Repetition | undefined {
    const envelope = this.#envelope(destination, ipv6);
    const numbered = { identification: ipv6 === undefined ? identification : undefined };
    return repeat({ fd: this.fds[1], bytes: packet, ...envelope, ...numbered, interval, firstAt }, failed);
  }

  #envelope(destination: IpAddress, ipv6: Ipv6Fields | undefined) {
    const { local, transmit } = this.#options;
    const ifindex = transmit?.ifindex ?? 0;
    return {
      address: internetAddress(destination, 0, isLinkLocal(destination) || 'group' in local ? ifindex : 0),
      control: ipv6 === undefined ? null : ipv6Control(ipv6, ifindex),
      flags: 'group' in local ? MSG_DONTROUTE : 0,
    };
  }

  setReceiveBuffer(bytes: number, force = false): void {
    setSocketBuffer(this.fds[0], 'receive', bytes, force);
  }

  onPacket(listener: PacketListener): void {
    this.#listener = listener;
    this.#hearing ??= native.hear(
      this.fds[0],
      this.#options.family === 4 ? AF_INET : AF_INET6,
      ...[this.#packet, this.#source, this.#control],
      () => this.drain(),
      (length, controlLength, arrivedAt) => this.#heard(length, controlLength, instant(arrivedAt)),
    );
  }

  drain(): void {
    this.#hearing?.drain();
  }

  rejoin(): void {
    if (this.#joinAgain !== undefined) return;
    try {
      leaveGroup(this.fds[0], this.#options);
    } catch (error) {
      // It is not a member where its interface has been away.
      if (!isNativeError(error)) throw error;
    }
    this.#join();
  }

  countRepeats(): RepeatCounter | undefined {
    const hearing = this.#hearing;
    const number = hearing?.countRepeats(this.#heardLength) ?? -1;
    if (hearing === undefined || number < 0) return undefined;
    const read = () => ({ count: hearing.repeats(number, lastRepeat), lastAt: instant(lastRepeat[0] ?? 0) });
    let last: ReturnType<typeof read> | undefined;
    const settle = (): void => {
      last = read();
    };
    this.#settlements.add(settle);
    return {
      taken: () => {
        const counted = last ?? read();
        if (last) last = { ...last, count: 0 };
        return counted;
      },
      close: () => {
        this.#settlements.delete(settle);
        hearing.hearAgain(number);
      },
    };
  }

  #heard(length: number, controlLength: number, arrivedAt: Instant): void {
    this.#heardLength = length;
    if (length > this.#packet.length) this.#logTruncated(length);
    else this.#listener?.(this.#packet.subarray(0, length), this.#origin(controlLength, arrivedAt));
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#joinAgain);
    for (const settle of this.#settlements) settle();
    this.#hearing?.close();
    native.abandonRepeating(this.fds[1]);
    for (const fd of this.fds) native.close(fd);
  }

  #origin(controlLength: number, arrivedAt: Instant): PacketOrigin {
    const source = readInternetAddress(this.#source);
    const origin: { -readonly [Name in keyof PacketOrigin]: PacketOrigin[Name] } = { source, arrivedAt };
    for (const { level, type, data } of decodeControlMessages(this.#control, controlLength)) {
      if (level !== IPPROTO_IPV6) continue;
      // An int whose value fits into a byte, at either end of it.
      if (type === IPV6_HOPLIMIT) origin.hopLimit = Math.max(data[0] ?? 0, data[3] ?? 0);
      if (type === IPV6_PKTINFO) origin.destination = printIp(data.subarray(0, 16));
    }
    return origin;
  }

  #join(): void {
    this.#joinAgain = undefined;
    try {
      joinGroup(this.fds[0], this.#options);
    } catch (error) {
      if (!isNativeError(error)) throw error;
      const { local, listen, log } = this.#options;
      const group = 'group' in local ? local.group : local.address;
      const [, text] = native.describeError(error.errno);
      log?.({
        level: 'err',
        message: `cannot join ${group} on ${listen?.interface}: ${text}; trying again in 1 second`,
      });
      this.#joinAgain = setTimeout(() => this.#join(), JOIN_RETRY_MILLISECONDS);
    }
  }

  #logTruncated(length: number): void {
    const message = `recvmsg(${this.fds[0]}) message truncated from ${length} to ${this.#packet.length} bytes`;
    this.#options.log?.({ level: 'info', message });
  }
}

function ipv6Control({ source, hopLimit }: Ipv6Fields, ifindex: number): Uint8Array {
  const place = encodeControlMessage({ level: IPPROTO_IPV6, type: IPV6_PKTINFO, data: packetInfo6(source, ifindex) });
  if (hopLimit === undefined) return place;
  const data = new Uint8Array(4);
  new DataView(data.buffer).setInt32(0, hopLimit, hostIsLittleEndian);
  const hops = encodeControlMessage({ level: IPPROTO_IPV6, type: IPV6_HOPLIMIT, data });
  return concatenate([place, hops]);
}

function openRaw({ family, protocol }: VrrpSocketOptions, setUp: (fd: number) => void): number {
  const fd = native.socket(family === 4 ? AF_INET : AF_INET6, SOCK_RAW, protocol);
  try {
    setUp(fd);
  } catch (error) {
    native.close(fd);
    throw error;
  }
  return fd;
}
