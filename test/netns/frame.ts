import type { CapturedFrame } from './pcap.ts';

const ETHERNET_HEADER = 14;
const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_ARP = 0x0806;
const ETHERTYPE_IPV6 = 0x86dd;
const ARP_REQUEST = 1;
const PROTOCOL_VRRP = 112;
const PROTOCOL_AH = 51;
const PROTOCOL_ICMPV6 = 58;
const NEIGHBOUR_ADVERTISEMENT = 136;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const AH_LENGTH = 24;

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function etherType(frame: Uint8Array): number {
  return (frame[12]! << 8) | frame[13]!;
}

export function isArp(frame: CapturedFrame): boolean {
  return etherType(frame.bytes) === ETHERTYPE_ARP;
}

/** Gratuitous ARP or a neighbour advertisement; ARP replies are the kernel's. */
export function isAnnouncement(frame: CapturedFrame): boolean {
  const { bytes } = frame;
  if (isArp(frame)) return bytes[ETHERNET_HEADER + 7] === ARP_REQUEST;
  return protocolOf(bytes) === PROTOCOL_ICMPV6 && bytes[ETHERNET_HEADER + IPV6_HEADER] === NEIGHBOUR_ADVERTISEMENT;
}

/** A VRRP advert over IPv4 or IPv6, perhaps behind an authentication header. */
export function isAdvert(frame: CapturedFrame): boolean {
  const protocol = protocolOf(frame.bytes);
  return protocol === PROTOCOL_VRRP || protocol === PROTOCOL_AH;
}

function protocolOf(frame: Uint8Array): number | undefined {
  if (etherType(frame) === ETHERTYPE_IPV4) return frame[ETHERNET_HEADER + 9];
  return etherType(frame) === ETHERTYPE_IPV6 ? frame[ETHERNET_HEADER + 6] : undefined;
}

/** Where the VRRP packet of an advert begins. */
export function vrrpOffset(advert: Uint8Array): number {
  if (etherType(advert) === ETHERTYPE_IPV6) return ETHERNET_HEADER + IPV6_HEADER;
  return ETHERNET_HEADER + IPV4_HEADER + (protocolOf(advert) === PROTOCOL_AH ? AH_LENGTH : 0);
}

/** The IPv4 identification field. */
export function identification(advert: Uint8Array): number {
  return (advert[ETHERNET_HEADER + 4]! << 8) | advert[ETHERNET_HEADER + 5]!;
}

/** Priority of a VRRP advert in a frame without IP options. */
export function priorityOf(advert: Uint8Array): number {
  return advert[vrrpOffset(advert) + 2]!;
}

/**
 * The frame with everything zeroed that counts adverts or is made up by the kernel: the IPv4 identification, the header
 * checksum, which depends on it, number and check value of an authentication header, and the IPv6 flow label.
 */
export function withoutIdentification(advert: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(advert);
  if (etherType(advert) === ETHERTYPE_IPV6) {
    copy[ETHERNET_HEADER + 1] = copy[ETHERNET_HEADER + 1]! & 0xf0;
    copy.fill(0, ETHERNET_HEADER + 2, ETHERNET_HEADER + 4);
    return copy;
  }
  copy.fill(0, ETHERNET_HEADER + 4, ETHERNET_HEADER + 6);
  copy.fill(0, ETHERNET_HEADER + 10, ETHERNET_HEADER + 12);
  if (protocolOf(advert) === PROTOCOL_AH) copy.fill(0, vrrpOffset(advert) - AH_LENGTH + 8, vrrpOffset(advert));
  return copy;
}

/** A copy of an IPv4 advert with some bytes replaced (offsets from the start of the frame) and both checksums made right. */
export function altered(advert: Uint8Array, changes: Readonly<Record<number, number>>): Uint8Array {
  const copy = Uint8Array.from(advert);
  for (const [offset, value] of Object.entries(changes)) copy[Number(offset)] = value;
  writeChecksum(copy, ETHERNET_HEADER, ETHERNET_HEADER + 20, ETHERNET_HEADER + 10);
  writeChecksum(copy, ETHERNET_HEADER + 20, copy.length, ETHERNET_HEADER + 26);
  return copy;
}

/** Offsets of fields in the frame of an IPv4 advert, for `altered`. */
export const offset = {
  sourceMac: 6,
  ttl: ETHERNET_HEADER + 8,
  source: ETHERNET_HEADER + 12,
  versionAndType: ETHERNET_HEADER + 20,
  vrid: ETHERNET_HEADER + 21,
  priority: ETHERNET_HEADER + 22,
  authenticationType: ETHERNET_HEADER + 24,
  interval: ETHERNET_HEADER + 25,
  checksum: ETHERNET_HEADER + 26,
  /** With one virtual address. */
  password: ETHERNET_HEADER + 32,
} as const;

/** RFC 1071, over [from, to), stored at `at`. */
function writeChecksum(bytes: Uint8Array, from: number, to: number, at: number): void {
  bytes[at] = 0;
  bytes[at + 1] = 0;
  let sum = 0;
  for (let index = from; index < to; index += 2) sum += (bytes[index]! << 8) | (bytes[index + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes[at] = (~sum >>> 8) & 0xff;
  bytes[at + 1] = ~sum & 0xff;
}
