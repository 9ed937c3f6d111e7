import { hostIsLittleEndian } from '../../lib/byte-order.ts';
import type { AddressFamily, IpAddress } from '../../lib/ip.ts';
import { ipBytes } from '../../lib/ip.ts';
import { native } from '../native.ts';
import { isNativeError } from '../system-error.ts';
import { internetAddress } from './socket-address.ts';

const { SOL_SOCKET, SO_BINDTODEVICE, SO_RCVBUF, SO_TIMESTAMPNS, IPPROTO_IP, IPPROTO_IPV6 } = native.constants;
const { IP_HDRINCL, IP_TOS, IP_MULTICAST_ALL, IP_MULTICAST_IF, IP_MULTICAST_LOOP, IP_ADD_MEMBERSHIP, IP_FREEBIND } =
  native.constants;
const { IPV6_CHECKSUM, IPV6_TCLASS, IPV6_MULTICAST_ALL, IPV6_MULTICAST_IF, IPV6_MULTICAST_HOPS } = native.constants;
const { IP_DROP_MEMBERSHIP, IPV6_DROP_MEMBERSHIP } = native.constants;
const { IPV6_FREEBIND, IPV6_MULTICAST_LOOP, IPV6_ADD_MEMBERSHIP, IPV6_RECVHOPLIMIT, IPV6_RECVPKTINFO } =
  native.constants;

/** A network interface. */
export interface Device {
  readonly interface: string;
  readonly ifindex: number;
}

/** Where a VRRP socket pair lives. Adverts may leave by another interface than the one they are heard on. */
export interface VrrpSocketPlace {
  readonly family: AddressFamily;
  /** Heard on this interface or VRF only; absent: wherever they arrive. */
  readonly listen?: Device;
  /** They leave here; absent: as the routing table says. */
  readonly transmit?: Device;
  /** What is heard: adverts to a group, or to an address of ours, which need not be there yet. */
  readonly local: { readonly group: IpAddress } | { readonly address: IpAddress };
}

/** DSCP CS6, network control (RFC 4594, section 3.1). */
const NETWORK_CONTROL = 0xc0;
/** RFC 9568, sections 5.1.1.3 and 5.1.2.3. */
const HOP_LIMIT = 255;
/** Offset of the checksum in a VRRP packet (RFC 9568, section 5.2). */
const CHECKSUM_OFFSET = 6;
/** BPF_RET | BPF_K with 0: accept no byte (linux/bpf_common.h). */
const DROP_ALL = hostIsLittleEndian ? [0x06, 0, 0, 0, 0, 0, 0, 0] : [0, 0x06, 0, 0, 0, 0, 0, 0];

/** Makes `fd` hear what is sent to the group or address. Throws a NativeError. Membership is apart. */
export function setUpReceiver(fd: number, { family, listen, local }: VrrpSocketPlace): void {
  native.setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
  if (family === 4) {
    native.setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
    if ('address' in local) native.setsockopt(fd, IPPROTO_IP, IP_FREEBIND, 1);
  } else {
    ignoreOtherGroups6(fd);
    native.setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
    native.setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    native.setsockopt(fd, IPPROTO_IPV6, IPV6_CHECKSUM, CHECKSUM_OFFSET);
    if ('address' in local) native.setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1);
  }
  bindToDevice(fd, listen);
  const address = 'group' in local ? local.group : local.address;
  native.bind(fd, internetAddress(address, 0, listen?.ifindex ?? 0));
}

/** Before Linux 4.20 that cannot be asked for; being bound to one group on one interface then has to do. */
function ignoreOtherGroups6(fd: number): void {
  try {
    native.setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
  } catch (error) {
    if (!isNativeError(error) || error.code !== 'ENOPROTOOPT') throw error;
  }
}

/** Joins the group, for which the kernel sends an IGMP or MLD report. Throws a NativeError. */
export function joinGroup(fd: number, place: VrrpSocketPlace): void {
  setMembership(fd, place, IP_ADD_MEMBERSHIP, IPV6_ADD_MEMBERSHIP);
}

/** Leaves the group again, of which the kernel tells the network a moment later. Throws a NativeError. */
export function leaveGroup(fd: number, place: VrrpSocketPlace): void {
  setMembership(fd, place, IP_DROP_MEMBERSHIP, IPV6_DROP_MEMBERSHIP);
}

function setMembership(fd: number, { family, local, listen }: VrrpSocketPlace, option4: number, option6: number): void {
  if (!('group' in local)) return;
  const ifindex = listen?.ifindex ?? 0;
  if (family === 4) native.setsockopt(fd, IPPROTO_IP, option4, multicastRequest(local.group, ifindex));
  else native.setsockopt(fd, IPPROTO_IPV6, option6, multicastRequest6(local.group, ifindex));
}

/** Makes `fd` send on the interface, unheard by this host, and receive nothing. Throws a NativeError. */
export function setUpSender(fd: number, { family, local, transmit }: VrrpSocketPlace): void {
  const group = 'group' in local ? local.group : undefined;
  native.attachFilter(fd, Uint8Array.from(DROP_ALL));
  native.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, 0);
  bindToDevice(fd, transmit);
  const ifindex = transmit?.ifindex ?? 0;
  if (family === 4) {
    native.setsockopt(fd, IPPROTO_IP, IP_HDRINCL, 1);
    native.setsockopt(fd, IPPROTO_IP, IP_TOS, NETWORK_CONTROL);
    if (group === undefined) return;
    native.setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, multicastRequest(group, ifindex));
    native.setsockopt(fd, IPPROTO_IP, IP_MULTICAST_LOOP, 0);
  } else {
    native.setsockopt(fd, IPPROTO_IPV6, IPV6_CHECKSUM, CHECKSUM_OFFSET);
    native.setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, NETWORK_CONTROL);
    if (group === undefined) return;
    native.setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, ifindex);
    native.setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0);
    native.setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, HOP_LIMIT);
  }
}

/** struct in6_pktinfo (RFC 3542, section 6): the source address and interface of a datagram. */
export function packetInfo6(source: IpAddress, ifindex: number): Uint8Array {
  return multicastRequest6(source, ifindex);
}

function bindToDevice(fd: number, device: Device | undefined): void {
  if (device === undefined) return;
  const name = device.interface;
  native.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, new TextEncoder().encode(`${name}\0`));
}

/** struct ip_mreqn (ip(7)): group, local address left open, interface. */
function multicastRequest(group: IpAddress, ifindex: number): Uint8Array {
  const bytes = new Uint8Array(12);
  bytes.set(ipBytes(group), 0);
  new DataView(bytes.buffer).setInt32(8, ifindex, hostIsLittleEndian);
  return bytes;
}

/** struct ipv6_mreq (ipv6(7)): address, interface. */
function multicastRequest6(address: IpAddress, ifindex: number): Uint8Array {
  const bytes = new Uint8Array(20);
  bytes.set(ipBytes(address), 0);
  new DataView(bytes.buffer).setInt32(16, ifindex, hostIsLittleEndian);
  return bytes;
}
