import { type IpAddress, printIp } from '../lib/ip.ts';
import { IPV4_HEADER_LENGTH, VRRP_HEADER_LENGTH } from './packet.ts';

/** A received datagram taken apart as far as its length allows; nothing in it is believed yet. */
export interface ReceivedPacket {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** TTL or hop limit. */
  readonly ttl: number;
  /** Bytes received, IP header included for IPv4. */
  readonly receivedLength: number;
  /** Length the IPv4 header declares. */
  readonly declaredLength: number;
  readonly ipHeaderLength: number;
  readonly version: number;
  readonly type: number;
  readonly virtualRouterId: number;
  readonly priority: number;
  readonly addressCount: number;
  /** Everything from the VRRP header on. */
  readonly pdu: Uint8Array;
}

/** Reads an IPv4 datagram from a raw socket; undefined when it is shorter than the two headers. */
export function decodeIpv4(datagram: Uint8Array): ReceivedPacket | undefined {
  if (datagram.length < IPV4_HEADER_LENGTH) return undefined;
  const ipHeaderLength = ((datagram[0] as number) & 0xf) * 4;
  if (ipHeaderLength < IPV4_HEADER_LENGTH || datagram.length < ipHeaderLength + VRRP_HEADER_LENGTH) return undefined;
  const pdu = datagram.subarray(ipHeaderLength);
  return {
    source: printIp(datagram.subarray(12, 16)),
    destination: printIp(datagram.subarray(16, 20)),
    ttl: datagram[8] as number,
    receivedLength: datagram.length,
    declaredLength: ((datagram[2] as number) << 8) | (datagram[3] as number),
    ipHeaderLength,
    ...decodeHeader(pdu),
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
