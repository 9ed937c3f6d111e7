/**
 * The Internet checksum of `bytes`, optionally continuing the ones' complement sum of a pseudo header
 * (RFC 1071). The result is ready to be stored in network order; over data that contains its own correct
 * checksum it is 0.
 */
export function internetChecksum(bytes: Uint8Array, initialSum = 0): number {
  let sum = initialSum + onesComplementSum(bytes);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** The unfolded 16-bit word sum of `bytes`, an odd last byte padded with zero. */
export function onesComplementSum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
  if (bytes.length % 2 === 1) sum += (bytes[bytes.length - 1] as number) << 8;
  return sum;
}
