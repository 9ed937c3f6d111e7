import { type AddressFamily, type IpAddress, printIp } from '../lib/ip.ts';
import {
  AH_LENGTH,
  type AuthenticationHeader,
  decodeAuthenticationHeader,
  PROTOCOL_AH,
} from './authentication-header.ts';
import { IPV4_HEADER_LENGTH, VRRP_HEADER_LENGTH } from './packet.ts';

/** A received datagram taken apart as far as its length allows; nothing in it is believed yet. */
export interface ReceivedPacket {
  readonly family: AddressFamily;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** TTL or hop limit. */
  readonly ttl: number;
  /** Bytes received, IP header included for IPv4. */
  readonly receivedLength: number;
  /** Length the IPv4 header declares; for IPv6 what was received, since the kernel has looked. */
  readonly declaredLength: number;
  /** 0 for IPv6, whose header stays in the kernel. */
  readonly ipHeaderLength: number;
  readonly authenticationHeader?: AuthenticationHeader;
  readonly version: number;
  readonly type: number;
  readonly virtualRouterId: number;
  readonly priority: number;
  readonly addressCount: number;
  /** Everything from the VRRP header on. */
  readonly pdu: Uint8Array;
  /** Everything received. */
  readonly datagram: Uint8Array;
}

/** Reads an IPv4 datagram from a raw socket; undefined when it is shorter than its headers. */
export function decodeIpv4(datagram: Uint8Array): ReceivedPacket | undefined {
  if (datagram.length < IPV4_HEADER_LENGTH) return undefined;
  const ipHeaderLength = ((datagram[0] as number) & 0xf) * 4;
  const protection = datagram[9] === PROTOCOL_AH ? AH_LENGTH : 0;
  const start = ipHeaderLength + protection;
  if (ipHeaderLength < IPV4_HEADER_LENGTH || datagram.length < start + VRRP_HEADER_LENGTH) return undefined;
  return {
    family: 4,
    source: printIp(datagram.subarray(12, 16)),
    destination: printIp(datagram.subarray(16, 20)),
    ttl: datagram[8] as number,
    receivedLength: datagram.length,
    declaredLength: ((datagram[2] as number) << 8) | (datagram[3] as number),
    ipHeaderLength,
    ...(protection > 0 && { authenticationHeader: decodeAuthenticationHeader(datagram.subarray(ipHeaderLength)) }),
    ...decodeHeader(datagram.subarray(start)),
    datagram,
  };
}

/** What the kernel tells of a received IPv6 packet beside its payload. */
export interface Ipv6Origin {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly hopLimit: number;
}

/** Reads the payload of an IPv6 packet from a raw socket; undefined when it is shorter than the VRRP header. */
export function decodeIpv6(payload: Uint8Array, origin: Ipv6Origin): ReceivedPacket | undefined {
  if (payload.length < VRRP_HEADER_LENGTH) return undefined;
  return {
    family: 6,
    source: origin.source,
    destination: origin.destination,
    ttl: origin.hopLimit,
    receivedLength: payload.length,
    declaredLength: payload.length,
    ipHeaderLength: 0,
    ...decodeHeader(payload),
    datagram: payload,
  };
}

function decodeHeader(pdu: Uint8Array) {
  return {
    version: (pdu[0] as number) >> 4,
    type: (pdu[0] as number) & 0xf,
    virtualRouterId: pdu[1] as number,
    priority: pdu[2] as number,
    addressCount: pdu[3] as number,
    pdu,
  };
}
