import { type AddressFamily, type IpAddress, ipBytes } from '../lib/ip.ts';
import type { KeyedHashes } from '../lib/keyed-hash.ts';

/** Bytes of an auth_hmac trailer. */
export const TRAILER_LENGTH = 28;
const TRAILER_TYPE = 1;
const HMAC_LENGTH = 16;
const SIGNED_LENGTH = TRAILER_LENGTH - HMAC_LENGTH;
const CHECKSUM_OFFSET = 6;

/** Who sends the packet that a trailer authenticates. */
export interface Signer {
  readonly family: AddressFamily;
  readonly version: number;
  readonly virtualRouterId: number;
  readonly source: IpAddress;
}

/** A received trailer taken apart; nothing in it is believed yet. */
export interface Trailer {
  readonly wellFormed: boolean;
  readonly keyId: number;
  /** Seconds, fraction of a second in 1/65536 and counter, in 32, 16 and 16 bits. */
  readonly sequence: bigint;
  /** Seconds since 1970, modulo 2^32. */
  readonly seconds: number;
  readonly hmac: Uint8Array;
  /** The bytes before the HMAC, which it covers. */
  readonly signed: Uint8Array;
}

/**
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   Type = 1    |    Key Id     |           Reserved            |
 * |                           Seconds                             |
 * |   Fraction of a second        |           Counter             |
 * |              HMAC-SHA-256-128 (16 bytes)                      |
 * ```
 * auth_hmac of keepalived 2.4. Without a key the code is zero. `pdu` is the packet before it, from the VRRP header on.
 */
export function encodeTrailer(
  pdu: Uint8Array,
  signer: Signer,
  { keyId, key, sequence }: { readonly keyId: number; readonly key: Uint8Array | undefined; readonly sequence: bigint },
  hashes: KeyedHashes,
): Uint8Array {
  const trailer = new Uint8Array(TRAILER_LENGTH);
  trailer[0] = TRAILER_TYPE;
  trailer[1] = keyId;
  new DataView(trailer.buffer).setBigUint64(4, sequence);
  if (key) trailer.set(trailerHmac(pdu, signer, trailer.subarray(0, SIGNED_LENGTH), key, hashes), SIGNED_LENGTH);
  return trailer;
}

/** Reads {@link TRAILER_LENGTH} bytes. */
export function decodeTrailer(bytes: Uint8Array): Trailer {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    wellFormed: bytes[0] === TRAILER_TYPE && bytes[2] === 0 && bytes[3] === 0,
    keyId: bytes[1] as number,
    sequence: view.getBigUint64(4),
    seconds: view.getUint32(4),
    hmac: bytes.subarray(SIGNED_LENGTH, TRAILER_LENGTH),
    signed: bytes.subarray(0, SIGNED_LENGTH),
  };
}

/**
 * HMAC-SHA-256 cut to 128 bits (RFC 4868, section 2.3) over the signer, the packet with a zero checksum, the trailer before
 * the code, and zeros in place of the code. The IP header is not covered.
 */
export function trailerHmac(
  pdu: Uint8Array,
  { family, version, virtualRouterId, source }: Signer,
  signed: Uint8Array,
  key: Uint8Array,
  hashes: KeyedHashes,
): Uint8Array {
  const pseudoHeader = 20;
  const covered = new Uint8Array(pseudoHeader + pdu.length + TRAILER_LENGTH);
  covered.set([family, version, virtualRouterId], 0);
  covered.set(ipBytes(source), 4);
  covered.set(pdu, pseudoHeader);
  covered.fill(0, pseudoHeader + CHECKSUM_OFFSET, pseudoHeader + CHECKSUM_OFFSET + 2);
  covered.set(signed, pseudoHeader + pdu.length);
  return hashes.sha256(key, covered).subarray(0, HMAC_LENGTH);
}
