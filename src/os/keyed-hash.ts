import { builtin } from './builtin.ts';
import type { KeyedHash, KeyedHashes } from '../lib/keyed-hash.ts';

/** By OpenSSL; where its policy forbids MD5, that one throws. */
export const keyedHashes: KeyedHashes = { md5: hmac('md5'), sha256: hmac('sha256') };

function hmac(algorithm: string): KeyedHash {
  return (key, data) => builtin.crypto().createHmac(algorithm, key).update(data).digest();
}
