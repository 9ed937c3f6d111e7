import { hostIsLittleEndian } from '../../lib/byte-order.ts';
import type { NetlinkReceipt, NetlinkSocket } from '../../ports/netlink.ts';
import type { ReceivedMessage, Watch } from '../native.ts';
import { native } from '../native.ts';
import { netlinkAddress, readNetlinkPortId } from './socket-address.ts';
import { isNativeError, SystemError, systemCall } from '../system-error.ts';

const { AF_NETLINK, SOCK_RAW, SOL_SOCKET, SOL_NETLINK, SO_RCVBUF, SO_RCVBUFFORCE, SO_SNDBUF, SO_SNDBUFFORCE } =
  native.constants;
const { NETLINK_ADD_MEMBERSHIP, NETLINK_EXT_ACK, NETLINK_CAP_ACK, MSG_TRUNC } = native.constants;
const { EAGAIN, ENOBUFS, EPERM } = native.constants;

/** The kernel fills up to 32 KiB of a dump at once, and more only for messages that are larger by themselves. */
const RECEIVE_BYTES = 256 * 1024;
const DEFAULT_BUFFER_BYTES = 4 * 1024 * 1024;
/** No socket is widened further. */
const LARGEST_BUFFER_BYTES = 256 * 1024 * 1024;

export interface NetlinkSocketOptions {
  /** NETLINK_ROUTE, NETLINK_GENERIC, NETLINK_NETFILTER … (linux/netlink.h). */
  readonly protocol: number;
  /** Multicast group numbers such as RTNLGRP_LINK; numbers, not a bit mask. */
  readonly groups?: readonly number[];
  /** Bytes of receive buffer; 4 MiB unless told. */
  readonly bufferBytes?: number;
  /** Let it go beyond net.core.rmem_max where the process may; on unless told. */
  readonly force?: boolean;
}

/** A netlink socket whose receive buffer can grow. */
export interface KernelSocket extends NetlinkSocket {
  /** Doubles the receive buffer, beyond the system's limit where the process may; the bytes that were asked for. */
  widen(): number;
}

/** Opens and binds a netlink socket. Throws a SystemError. */
export function openNetlinkSocket(options: NetlinkSocketOptions): KernelSocket {
  return new KernelNetlinkSocket(options);
}

/** Sets a socket buffer, beyond the system's limit where the process may and `force` asks for it. */
export function setSocketBuffer(fd: number, direction: 'send' | 'receive', bytes: number, force: boolean): void {
  const [plain, forced] = direction === 'send' ? [SO_SNDBUF, SO_SNDBUFFORCE] : [SO_RCVBUF, SO_RCVBUFFORCE];
  if (force) {
    try {
      native.setsockopt(fd, SOL_SOCKET, forced, bytes);
      return;
    } catch (error) {
      if (!isNativeError(error) || error.errno !== EPERM) throw error;
    }
  }
  native.setsockopt(fd, SOL_SOCKET, plain, bytes);
}

class KernelNetlinkSocket implements KernelSocket {
  readonly portId: number;
  readonly #fd: number;
  readonly #kernel = netlinkAddress();
  readonly #data = new Uint8Array(RECEIVE_BYTES);
  readonly #received: ReceivedMessage = { length: 0, addressLength: 0, controlLength: 0, flags: 0 };
  #watch: Watch | undefined;

  constructor(options: NetlinkSocketOptions) {
    const fd = systemCall('netlink socket', () => native.socket(AF_NETLINK, SOCK_RAW, options.protocol));
    try {
      this.portId = systemCall('netlink socket', () => setUp(fd, options));
    } catch (error) {
      native.close(fd);
      throw error;
    }
    this.#fd = fd;
  }

  send(batch: Uint8Array): void {
    const sent = native.sendmsg(this.#fd, batch, this.#kernel, null, 0);
    if (sent < 0) throw new SystemError('netlink send', -sent);
  }

  receive(): NetlinkReceipt {
    const length = native.recvmsg(this.#fd, this.#data, null, null, 0, this.#received);
    if (length === -EAGAIN) return 'empty';
    if (length === -ENOBUFS || this.#received.flags & MSG_TRUNC) {
      this.#received.flags = 0;
      return 'overrun';
    }
    if (length < 0) throw new SystemError('netlink receive', -length);
    return this.#data.subarray(0, length);
  }

  onReadable(readable: () => void): void {
    this.#watch?.close();
    this.#watch = native.watch(this.#fd, readable);
  }

  widen(): number {
    const size = native.getsockopt(this.#fd, SOL_SOCKET, SO_RCVBUF, 4);
    const bytes = 2 * new DataView(size.buffer, size.byteOffset).getInt32(0, hostIsLittleEndian);
    if (bytes <= LARGEST_BUFFER_BYTES) setSocketBuffer(this.#fd, 'receive', bytes, true);
    return Math.min(bytes, LARGEST_BUFFER_BYTES);
  }

  close(): void {
    this.#watch?.close();
    native.close(this.#fd);
  }
}

function setUp(fd: number, options: NetlinkSocketOptions): number {
  const { groups = [], bufferBytes = DEFAULT_BUFFER_BYTES, force = true } = options;
  setSocketBuffer(fd, 'receive', bufferBytes, force);
  setSocketBuffer(fd, 'send', DEFAULT_BUFFER_BYTES, true);
  native.setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
  native.setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
  native.bind(fd, netlinkAddress());
  for (const group of groups) native.setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
  return readNetlinkPortId(native.getsockname(fd));
}
