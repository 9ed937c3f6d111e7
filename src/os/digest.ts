import { builtin } from './builtin.ts';
import type { StartMd5 } from '../ports/digest.ts';

/** MD5 by OpenSSL; where its policy forbids MD5 this throws. */
export const startMd5: StartMd5 = () => {
  const hash = builtin.crypto().createHash('md5');
  return { update: (data) => void hash.update(data), hex: () => hash.digest('hex') };
};
