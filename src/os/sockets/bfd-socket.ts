import type { AddressFamily, IpAddress } from '../../lib/ip.ts';
import { decodeControlMessages } from './control-message.ts';
import type { ReceivedMessage } from '../native.ts';
import { native } from '../native.ts';
import { internetAddress, readInternetAddress, readInternetPort } from './socket-address.ts';
import { isNativeError, systemCall } from '../system-error.ts';

const { AF_INET, AF_INET6, SOCK_DGRAM, IPPROTO_IP, IPPROTO_IPV6, IP_TTL, IP_RECVTTL, IPV6_UNICAST_HOPS } =
  native.constants;
const { IPV6_RECVHOPLIMIT, IPV6_HOPLIMIT, IPV6_V6ONLY, EAGAIN, SOL_SOCKET, SO_REUSEADDR } = native.constants;

/** Larger than any control packet, so that a longer one is seen to be too long. */
const PACKET_BYTES = 256;
const CONTROL_BYTES = 128;
/** Packets taken in one turn. */
const BURST = 64;
/** Source ports (RFC 5881 section 4). */
const FIRST_PORT = 49152;
const LAST_PORT = 65535;

export interface BfdReceiver {
  close(): void;
}

export interface BfdSender {
  readonly descriptor: number;
  /** 0 or -errno. */
  send(packet: Uint8Array): number;
  close(): void;
}

export interface BfdSource {
  readonly address: IpAddress;
  readonly port: number;
}

/** `ttl` is that of the packet as it arrived; absent when the kernel did not say. */
export type BfdListener = (packet: Uint8Array, source: BfdSource, ttl: number | undefined) => void;

/** Listens on a port for both single and multihop packets of one family. Throws a SystemError. */
export function openBfdReceiver(family: AddressFamily, port: number, listener: BfdListener): BfdReceiver {
  return systemCall(`BFD socket on port ${port}`, () => {
    const fd = native.socket(family === 4 ? AF_INET : AF_INET6, SOCK_DGRAM, 0);
    try {
      native.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1);
      if (family === 4) native.setsockopt(fd, IPPROTO_IP, IP_RECVTTL, 1);
      else {
        native.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
        native.setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
      }
      native.bind(fd, internetAddress((family === 4 ? '0.0.0.0' : '::') as IpAddress, port));
    } catch (error) {
      native.close(fd);
      throw error;
    }
    const drain = reader(fd, listener);
    const watch = native.watch(fd, drain);
    return {
      close() {
        watch.close();
        native.close(fd);
      },
    };
  });
}

function reader(fd: number, listener: BfdListener): () => void {
  const packet = new Uint8Array(PACKET_BYTES);
  const address = new Uint8Array(28);
  const control = new Uint8Array(CONTROL_BYTES);
  const received: ReceivedMessage = { length: 0, addressLength: 0, controlLength: 0, flags: 0 };
  return () => {
    for (let count = 0; count < BURST; count++) {
      const length = native.recvmsg(fd, packet, address, control, 0, received);
      if (length === -EAGAIN) return;
      if (length >= 0) listener(packet.subarray(0, length), sourceOf(address), ttlOf(control, received));
    }
  };
}

function sourceOf(address: Uint8Array): BfdSource {
  return { address: readInternetAddress(address), port: readInternetPort(address) };
}

function ttlOf(control: Uint8Array, { controlLength }: ReceivedMessage): number | undefined {
  for (const { level, type, data } of decodeControlMessages(control, controlLength)) {
    // An int whose value fits into a byte, at either end of it.
    const value = Math.max(data[0] ?? 0, data[3] ?? 0);
    if (level === IPPROTO_IP && type === IP_TTL) return value;
    if (level === IPPROTO_IPV6 && type === IPV6_HOPLIMIT) return value;
  }
  return undefined;
}

export interface BfdSenderOptions {
  readonly family: AddressFamily;
  readonly source?: IpAddress;
  readonly destination: IpAddress;
  readonly port: number;
  readonly ttl: number;
}

/** Sends from a source port of the dynamic range. Throws a SystemError. */
export function openBfdSender({ family, source, destination, port, ttl }: BfdSenderOptions): BfdSender {
  return systemCall(`BFD socket to ${destination}`, () => {
    const fd = native.socket(family === 4 ? AF_INET : AF_INET6, SOCK_DGRAM, 0);
    try {
      if (family === 4) native.setsockopt(fd, IPPROTO_IP, IP_TTL, ttl);
      else native.setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl);
      bindToDynamicPort(fd, source ?? ((family === 4 ? '0.0.0.0' : '::') as IpAddress));
    } catch (error) {
      native.close(fd);
      throw error;
    }
    const to = internetAddress(destination, port);
    return {
      descriptor: fd,
      send: (packet) => Math.min(native.sendmsg(fd, packet, to, null, 0), 0),
      close: () => native.close(fd),
    };
  });
}

function bindToDynamicPort(fd: number, source: IpAddress): void {
  const range = LAST_PORT - FIRST_PORT + 1;
  const first = Math.floor(Math.random() * range);
  for (let tried = 0; ; tried++) {
    try {
      native.bind(fd, internetAddress(source, FIRST_PORT + ((first + tried) % range)));
      return;
    } catch (error) {
      if (!isNativeError(error) || error.code !== 'EADDRINUSE' || tried + 1 >= range) throw error;
    }
  }
}
