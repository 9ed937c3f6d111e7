/** A message digest under way. */
export interface Digest {
  update(data: Uint8Array): void;
  /** Lower-case hexadecimal; ends the digest. */
  hex(): string;
}

/** Starts an MD5 digest (RFC 1321). */
export type StartMd5 = () => Digest;
