/** A message authentication code of `data` under `key` (HMAC, RFC 2104), at full length. */
export type KeyedHash = (key: Uint8Array, data: Uint8Array) => Uint8Array;

/** What the authentication of adverts needs; src/os/keyed-hash.ts has them. */
export interface KeyedHashes {
  /** 16 bytes. */
  readonly md5: KeyedHash;
  /** 32 bytes. */
  readonly sha256: KeyedHash;
}
