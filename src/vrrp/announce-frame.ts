import { internetChecksum, onesComplementSum } from '../lib/checksum.ts';
import { addressFamily, type IpAddress, ipBytes } from '../lib/ip.ts';

/** What a frame's sender looks like on its link. */
export interface LinkIdentity {
  /** ARPHRD_ETHER or ARPHRD_INFINIBAND (linux/if_arp.h). */
  readonly type: number;
  readonly mac: Uint8Array;
  readonly broadcast: Uint8Array;
  /** The interface forwards IPv6: its neighbour advertisements carry the router flag. Who announces IPv4 need not find out. */
  forwardsIpv6(): boolean;
}

/** A whole frame for a packet socket. */
export interface Frame {
  readonly etherType: number;
  readonly bytes: Uint8Array;
}

const ARPHRD_ETHER = 1;
const ARPHRD_INFINIBAND = 32;
const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_IPV6 = 0x86dd;
const ARP_HEADER_LENGTH = 8;

/** Bytes of a hardware address on links that can be announced on; undefined for others. */
export function hardwareAddressLength(type: number): number | undefined {
  if (type === ARPHRD_ETHER) return 6;
  return type === ARPHRD_INFINIBAND ? 20 : undefined;
}

/** A frame that moves `address` to this link: gratuitous ARP, or an unsolicited neighbour advertisement. */
export function encodeAnnouncement(address: IpAddress, link: LinkIdentity): Frame {
  return addressFamily(address) === 4
    ? frame(link, link.broadcast, ETHERTYPE_ARP, gratuitousArp(address, link))
    : frame(link, allNodesAddress(link), ETHERTYPE_IPV6, neighbourAdvertisement(address, link));
}

/**
 * Ethernet: destination, source, type. IP over Infiniband: the destination's hardware address, which the driver takes off,
 * type, reserved (RFC 4391, section 6).
 */
function frame({ type, mac }: LinkIdentity, destination: Uint8Array, etherType: number, payload: Uint8Array): Frame {
  const protocolAt = destination.length + (type === ARPHRD_INFINIBAND ? 0 : mac.length);
  const headerLength = protocolAt + (type === ARPHRD_INFINIBAND ? 4 : 2);
  const bytes = new Uint8Array(headerLength + payload.length);
  bytes.set(destination);
  if (type !== ARPHRD_INFINIBAND) bytes.set(mac, destination.length);
  bytes[protocolAt] = etherType >> 8;
  bytes[protocolAt + 1] = etherType & 0xff;
  bytes.set(payload, headerLength);
  return { etherType, bytes };
}

/** ARP request whose sender and target are the address itself (RFC 5944, section 4.6); the target hardware address is the broadcast one. */
function gratuitousArp(address: IpAddress, { type, mac, broadcast }: LinkIdentity): Uint8Array {
  const own = ipBytes(address);
  const bytes = new Uint8Array(ARP_HEADER_LENGTH + mac.length + broadcast.length + 2 * own.length);
  bytes[0] = type >> 8;
  bytes[1] = type & 0xff;
  bytes[2] = ETHERTYPE_IPV4 >> 8;
  bytes[4] = mac.length;
  bytes[5] = own.length;
  bytes[7] = 1;
  let at = ARP_HEADER_LENGTH;
  for (const part of [mac, own, broadcast, own]) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const ALL_NODES = new Uint8Array([0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
const ICMPV6 = 58;
const IPV6_HEADER_LENGTH = 40;
const OPTION_OFFSET = 24;
const ROUTER_FLAG = 0x80;
const OVERRIDE_FLAG = 0x20;

/** Unsolicited neighbour advertisement with the override flag and target link-layer address (RFC 4861, section 4.4). */
function neighbourAdvertisement(address: IpAddress, link: LinkIdentity): Uint8Array {
  const source = ipBytes(address);
  const option = targetLinkLayerAddress(link);
  const icmp = new Uint8Array(OPTION_OFFSET + option.length);
  icmp[0] = 136;
  icmp[4] = OVERRIDE_FLAG | (link.forwardsIpv6() ? ROUTER_FLAG : 0);
  icmp.set(source, 8);
  icmp.set(option, OPTION_OFFSET);
  const checksum = internetChecksum(
    icmp,
    onesComplementSum(source) + onesComplementSum(ALL_NODES) + icmp.length + ICMPV6,
  );
  icmp[2] = checksum >> 8;
  icmp[3] = checksum & 0xff;
  const packet = new Uint8Array(IPV6_HEADER_LENGTH + icmp.length);
  packet.set([0x60, 0, 0, 0, 0, icmp.length, ICMPV6, 255]);
  packet.set(source, 8);
  packet.set(ALL_NODES, 24);
  packet.set(icmp, IPV6_HEADER_LENGTH);
  return packet;
}

/** Type 2, its length in units of 8 bytes; over Infiniband two reserved bytes precede the address (RFC 4391, section 9.3). */
function targetLinkLayerAddress({ type, mac }: LinkIdentity): number[] {
  return type === ARPHRD_INFINIBAND ? [2, 3, 0, 0, ...mac] : [2, 1, ...mac];
}

/** Where ff02::1 goes: RFC 2464, section 7; over Infiniband RFC 4391, section 4, with scope and partition of the broadcast group. */
function allNodesAddress({ type, broadcast }: LinkIdentity): Uint8Array {
  if (type !== ARPHRD_INFINIBAND) return new Uint8Array([0x33, 0x33, 0, 0, 0, 1]);
  const address = Uint8Array.from(broadcast);
  address.set([0x60, 0x1b], 6);
  address.set(ALL_NODES.subarray(6), 10);
  return address;
}
