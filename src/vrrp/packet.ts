import { internetChecksum, onesComplementSum } from '../lib/checksum.ts';
import { addressFamily, type IpAddress, ipBytes } from '../lib/ip.ts';

/** IP protocol number of VRRP. */
export const PROTOCOL_VRRP = 112;
export const ADVERTISEMENT = 1;
export const IPV4_HEADER_LENGTH = 20;
export const VRRP_HEADER_LENGTH = 8;
/** Authentication data that ends every version 2 advert over IPv4 (RFC 2338, section 5.3.10). */
export const AUTHENTICATION_LENGTH = 8;
export const AUTHENTICATION_TYPE = { none: 0, pass: 1, ah: 2 } as const;

/** The fields of a VRRP advertisement to send. */
export interface Advert {
  readonly version: 2 | 3;
  readonly virtualRouterId: number;
  readonly priority: number;
  /** Seconds in version 2, centiseconds in version 3. */
  readonly interval: number;
  readonly addresses: readonly IpAddress[];
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** Version 2: a password of at most 8 characters. */
  readonly password?: string;
  /** Version 2: an authentication header precedes the advert. */
  readonly authenticationHeader?: boolean;
  /** Version 3, IPv4: what the checksum covers in place of {source, destination, …}. */
  readonly pseudoHeader?: 'omitted' | { readonly destination: IpAddress };
}

/** Fields of an IPv4 header. */
export interface Ipv4Header {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly identification: number;
  readonly ttl: number;
  /** 112 unless told. */
  readonly protocol?: number;
}

/**
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Version| Type  | Virtual Rtr ID|   Priority    |Count IP Addrs |
 * |   Auth Type   |   Adver Int   |          Checksum             |  version 2
 * |(rsvd) |     Max Adver Int     |          Checksum             |  version 3
 * |                        IP Address(es)                         |
 * |                 Authentication Data (1), (2)                  |  version 2, IPv4
 * ```
 * RFC 3768 section 5.1, RFC 5798 section 5.1. The checksum of version 3 covers a pseudo header
 * (RFC 5798, section 5.2.8); over IPv6 the kernel computes it and the field is left 0.
 */
export function encodeAdvert(advert: Advert): Uint8Array {
  const family = addressFamily(advert.source);
  const size = family === 4 ? 4 : 16;
  const trailer = advert.version === 2 && family === 4 ? AUTHENTICATION_LENGTH : 0;
  const bytes = new Uint8Array(VRRP_HEADER_LENGTH + advert.addresses.length * size + trailer);
  bytes[0] = (advert.version << 4) | ADVERTISEMENT;
  bytes[1] = advert.virtualRouterId;
  bytes[2] = advert.priority;
  bytes[3] = advert.addresses.length;
  if (advert.version === 2) {
    bytes[4] = authenticationType(advert);
    bytes[5] = advert.interval;
  } else {
    bytes[4] = advert.interval >> 8;
    bytes[5] = advert.interval & 0xff;
  }
  advert.addresses.forEach((address, i) => {
    bytes.set(ipBytes(address), VRRP_HEADER_LENGTH + i * size);
  });
  if (trailer > 0 && advert.password !== undefined) bytes.set(passwordBytes(advert.password), bytes.length - trailer);
  if (family === 4) {
    const checksum = internetChecksum(bytes, initialSum(advert, bytes.length));
    bytes[6] = checksum >> 8;
    bytes[7] = checksum & 0xff;
  }
  return bytes;
}

function authenticationType({ password, authenticationHeader }: Advert): number {
  if (authenticationHeader === true) return AUTHENTICATION_TYPE.ah;
  return password === undefined ? AUTHENTICATION_TYPE.none : AUTHENTICATION_TYPE.pass;
}

function initialSum({ version, source, destination, pseudoHeader }: Advert, length: number): number {
  if (version === 2 || pseudoHeader === 'omitted') return 0;
  return pseudoHeaderSum(ipBytes(source), ipBytes(pseudoHeader?.destination ?? destination), length);
}

/** The plain text password as the wire carries it: zero padded, at most 8 bytes. */
export function passwordBytes(password: string): Uint8Array {
  const bytes = new Uint8Array(AUTHENTICATION_LENGTH);
  bytes.set(Buffer.from(password).subarray(0, AUTHENTICATION_LENGTH));
  return bytes;
}

/** Sum over {source, destination, zero, protocol, length} for the version 3 checksum (RFC 5798, section 5.2.8). */
export function pseudoHeaderSum(source: Uint8Array, destination: Uint8Array, length: number): number {
  return onesComplementSum(source) + onesComplementSum(destination) + PROTOCOL_VRRP + length;
}

/**
 * An IPv4 datagram for a raw socket with IP_HDRINCL. The kernel fills the header checksum.
 * Type of service 0xc0 is internetwork control; the time to live proves that no router forwarded it.
 */
export function encapsulateIpv4(payload: Uint8Array, header: Ipv4Header): Uint8Array {
  const bytes = new Uint8Array(IPV4_HEADER_LENGTH + payload.length);
  bytes[0] = 0x45;
  bytes[1] = 0xc0;
  bytes[2] = bytes.length >> 8;
  bytes[3] = bytes.length & 0xff;
  setIdentification(bytes, header.identification);
  bytes[8] = header.ttl;
  bytes[9] = header.protocol ?? PROTOCOL_VRRP;
  bytes.set(ipBytes(header.source), 12);
  bytes.set(ipBytes(header.destination), 16);
  bytes.set(payload, IPV4_HEADER_LENGTH);
  return bytes;
}

/** Counts from 1 and goes round without 0, which would ask the kernel for a number of its own (raw(7)). */
export function nextIdentification(last: number): number {
  return (last % 0xffff) + 1;
}

/** Writes the identification into an IPv4 header. */
export function setIdentification(datagram: Uint8Array, identification: number): void {
  datagram[4] = identification >> 8;
  datagram[5] = identification & 0xff;
}
