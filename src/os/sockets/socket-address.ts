import { hostIsLittleEndian } from '../../lib/byte-order.ts';
import type { IpAddress } from '../../lib/ip.ts';
import { ipBytes, printIp } from '../../lib/ip.ts';
import { native } from '../native.ts';

const { AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_UNIX } = native.constants;

const IN_LENGTH = 16;
const IN6_LENGTH = 28;
const NETLINK_LENGTH = 12;
const LINK_LAYER_LENGTH = 20;
/** sun_path of sockaddr_un, with its final NUL (unix(7)). */
const UNIX_PATH_LENGTH = 108;

function structure(length: number, family: number): DataView {
  const view = new DataView(new ArrayBuffer(length));
  view.setUint16(0, family, hostIsLittleEndian);
  return view;
}

function bytes(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer);
}

/** sockaddr_in or sockaddr_in6 (netinet/in.h); `scope` is an interface index, for IPv6 link-local addresses. */
export function internetAddress(address: IpAddress, port = 0, scope = 0): Uint8Array {
  const raw = ipBytes(address);
  const view = raw.length === 4 ? structure(IN_LENGTH, AF_INET) : structure(IN6_LENGTH, AF_INET6);
  view.setUint16(2, port);
  bytes(view).set(raw, raw.length === 4 ? 4 : 8);
  if (raw.length === 16) view.setUint32(24, scope, hostIsLittleEndian);
  return bytes(view);
}

/** The address in a sockaddr_in or sockaddr_in6. */
export function readInternetAddress(address: Uint8Array): IpAddress {
  const family = new DataView(address.buffer, address.byteOffset).getUint16(0, hostIsLittleEndian);
  return printIp(family === AF_INET ? address.subarray(4, 8) : address.subarray(8, 24));
}

/** The port in a sockaddr_in or sockaddr_in6. */
export function readInternetPort(address: Uint8Array): number {
  return new DataView(address.buffer, address.byteOffset).getUint16(2);
}

/** sockaddr_nl (linux/netlink.h); port 0 is the kernel, or at bind "choose one". */
export function netlinkAddress(portId = 0, groups = 0): Uint8Array {
  const view = structure(NETLINK_LENGTH, AF_NETLINK);
  view.setUint32(4, portId, hostIsLittleEndian);
  view.setUint32(8, groups, hostIsLittleEndian);
  return bytes(view);
}

/** nl_pid of a sockaddr_nl. */
export function readNetlinkPortId(address: Uint8Array): number {
  return new DataView(address.buffer, address.byteOffset).getUint32(4, hostIsLittleEndian);
}

/** sockaddr_ll (packet(7)) for a frame that carries its own link-layer header. */
export function linkLayerAddress(ifindex: number, protocol: number, destination: Uint8Array): Uint8Array {
  const view = structure(LINK_LAYER_LENGTH, AF_PACKET);
  view.setUint16(2, protocol);
  view.setInt32(4, ifindex, hostIsLittleEndian);
  view.setUint8(11, destination.length);
  bytes(view).set(destination.subarray(0, 8), 12);
  return bytes(view);
}

/** sockaddr_un (unix(7)); a leading "@" stands for the abstract namespace. Undefined when the path is too long. */
export function unixAddress(path: string): Uint8Array | undefined {
  const abstract = path.startsWith('@');
  const name = new TextEncoder().encode(abstract ? path.slice(1) : path);
  if (name.length + 1 > UNIX_PATH_LENGTH) return undefined;
  const view = structure(2 + name.length + 1, AF_UNIX);
  bytes(view).set(name, abstract ? 3 : 2);
  return bytes(view);
}
