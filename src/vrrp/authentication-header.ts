import type { KeyedHashes } from '../lib/keyed-hash.ts';
import { ipBytes } from '../lib/ip.ts';
import { encapsulateIpv4, type Ipv4Header, PROTOCOL_VRRP, passwordBytes } from './packet.ts';

/** IP protocol number of the authentication header. */
export const PROTOCOL_AH = 51;
export const AH_LENGTH = 24;
const INDEX_OFFSET = 4;
const ICV_LENGTH = 12;
const ICV_OFFSET = 12;
/** Length in 32-bit words less 2 (RFC 2402, section 2.2). */
const PAYLOAD_LENGTH = 4;

/** Beyond this sequence number the counter begins anew. */
const LAST_AH_SEQUENCE = 0xfffffffd;

/** The authentication header of a received advert. */
export interface AuthenticationHeader {
  readonly nextHeader: number;
  readonly securityParametersIndex: Uint8Array;
  readonly sequence: number;
  readonly integrityCheckValue: Uint8Array;
}

export interface AhSecurity {
  readonly password: string;
  /** The time to live of unicast is not covered, since routers change it. */
  readonly unicast: boolean;
}

/**
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Next Header   |  Payload Len  |          RESERVED             |
 * |                 Security Parameters Index (SPI)               |
 * |                    Sequence Number Field                      |
 * |           Authentication Data: HMAC-MD5-96 (12 bytes)         |
 * ```
 * RFC 2402 section 2, RFC 2403, RFC 2338 section 5.3.6.3. The index is the sender's address.
 */
export function encapsulateAuthenticated(
  payload: Uint8Array,
  header: Omit<Ipv4Header, 'protocol'>,
  { password, unicast, sequence }: AhSecurity & { readonly sequence: number },
  hashes: KeyedHashes,
): Uint8Array {
  const protectedPayload = new Uint8Array(AH_LENGTH + payload.length);
  protectedPayload[0] = PROTOCOL_VRRP;
  protectedPayload[1] = PAYLOAD_LENGTH;
  protectedPayload.set(ipBytes(header.source), INDEX_OFFSET);
  new DataView(protectedPayload.buffer).setUint32(8, sequence);
  protectedPayload.set(payload, AH_LENGTH);
  const datagram = encapsulateIpv4(protectedPayload, { ...header, protocol: PROTOCOL_AH });
  const icv = integrityCheckValue(datagram, datagram.length - protectedPayload.length, { password, unicast }, hashes);
  datagram.set(icv, datagram.length - protectedPayload.length + ICV_OFFSET);
  return datagram;
}

/** Reads the header at the start of `bytes`, which are at least {@link AH_LENGTH}. */
export function decodeAuthenticationHeader(bytes: Uint8Array): AuthenticationHeader {
  return {
    nextHeader: bytes[0] as number,
    securityParametersIndex: bytes.subarray(INDEX_OFFSET, INDEX_OFFSET + 4),
    sequence: new DataView(bytes.buffer, bytes.byteOffset).getUint32(8),
    integrityCheckValue: bytes.subarray(ICV_OFFSET, ICV_OFFSET + ICV_LENGTH),
  };
}

/**
 * Over the datagram with its mutable fields zero: type of service, fragment offset, checksum and, for unicast, time to
 * live (RFC 2402, section 3.3.3.1.1.1), and with a zero integrity check value. The key is the padded password.
 */
export function integrityCheckValue(
  datagram: Uint8Array,
  ipHeaderLength: number,
  { password, unicast }: AhSecurity,
  hashes: KeyedHashes,
): Uint8Array {
  const covered = Uint8Array.from(datagram);
  covered[1] = 0;
  covered.fill(0, 6, 8);
  if (unicast) covered[8] = 0;
  covered.fill(0, 10, 12);
  covered.fill(0, ipHeaderLength + ICV_OFFSET, ipHeaderLength + ICV_OFFSET + ICV_LENGTH);
  return hashes.md5(passwordBytes(password), covered).subarray(0, ICV_LENGTH);
}

/** What the sequence number becomes with the next advert. */
export function nextAhSequence(sequence: number): { readonly sequence: number; readonly cycled: boolean } {
  return sequence > LAST_AH_SEQUENCE ? { sequence: 1, cycled: true } : { sequence: sequence + 1, cycled: false };
}
