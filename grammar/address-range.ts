import {
  type AddressFamily,
  addressFamily,
  compareIp,
  hostLength,
  type IpAddress,
  ipBytes,
  parseIp,
  printIp,
  printRange,
} from '../src/lib/ip.ts';
import type { Statement, ValueKind } from './keyword.ts';
import { readAddressWord } from './values.ts';

export interface AddressRange {
  readonly first: IpAddress;
  readonly last: IpAddress;
}

/**
 * One address, `first-last` with the last octet or group or with a whole address, or a prefix. The complaint about what
 * is none of them is left to the caller: then `bad` is the answer; undefined means that the reason is reported.
 */
export function readAddressRange(word: string, statement: Statement): AddressRange | 'bad' | undefined {
  const dash = word.indexOf('-');
  const slash = word.indexOf('/');
  if (slash !== -1) return readPrefix(word, slash, statement);
  if (dash === -1) {
    const address = parseIp(word);
    return address === undefined ? 'bad' : { first: address, last: address };
  }
  const first = parseIp(word.slice(0, dash));
  if (first === undefined || (word.includes(':') && addressFamily(first) === 4)) return 'bad';
  const end = word.slice(dash + 1);
  const whole = end.includes(addressFamily(first) === 4 ? '.' : ':');
  return whole ? readWholeEnd(word, first, end, statement) : readShortEnd(word, first, end, statement);
}

function readWholeEnd(word: string, first: IpAddress, end: string, { refuse }: Statement): AddressRange | undefined {
  const last = parseIp(end);
  if (last === undefined || addressFamily(last) !== addressFamily(first)) {
    return refuse(`Invalid range end ${word} - skipping`, 0);
  }
  if (compareIp(last, first) < 0) {
    return refuse(`Address range end is less than address range start - ${word} - skipping`, 0);
  }
  return { first, last };
}

/** The end is the last octet in decimal, or the last group in hexadecimal. */
function readShortEnd(word: string, first: IpAddress, end: string, { refuse }: Statement): AddressRange | undefined {
  const family = addressFamily(first);
  const digits = (family === 4 ? /^[+-]?\d*/ : /^[+-]?[0-9a-fA-F]*/).exec(end)?.[0] ?? '';
  if (digits !== end) {
    const rest = end.slice(digits.length);
    return refuse(`Virtual server group range '${word}' has extra characters at end '${rest}'`, 0);
  }
  const value = Number.parseInt(digits, family === 4 ? 10 : 16) || 0;
  if (value < 0 || value > (family === 4 ? 0xff : 0xffff)) {
    return refuse(`Virtual server group range '${word}' end '${end}' too large`, 0);
  }
  const bytes = Uint8Array.from(ipBytes(first));
  bytes[bytes.length - 1] = value & 0xff;
  if (family === 6) bytes[bytes.length - 2] = value >> 8;
  const last = printIp(bytes);
  if (compareIp(last, first) > 0) return { first, last };
  return refuse(`Address range end is not greater than address range start - ${word} - skipping`, 0);
}

function readPrefix(word: string, slash: number, { refuse }: Statement): AddressRange | 'bad' | undefined {
  const first = readAddressWord(word);
  if (first === undefined) return 'bad';
  const bits = hostLength(first);
  const written = word.slice(slash + 1);
  const length = /^\+?\d+$/.test(written) ? Number(written) : 0;
  if (length < 1 || length > bits) {
    return refuse(`Invalid netmask - ${word} - skipping`, 0);
  }
  const bytes = Uint8Array.from(ipBytes(first));
  let hostBits = 0;
  for (let bit = length; bit < bits; bit++) {
    const mask = 0x80 >> (bit & 7);
    hostBits |= (bytes[bit >> 3] as number) & mask;
    bytes[bit >> 3] = (bytes[bit >> 3] as number) | mask;
  }
  if (hostBits === 0) return { first, last: printIp(bytes) };
  return refuse(`Address mask bits not empty - ${word} - skipping`, 0);
}

/** A source address of FNAT, or several as a range or prefix. */
export const localAddress: ValueKind<AddressRange> = {
  syntax: 'an address, a range of addresses or a prefix',
  example: '192.0.2.1-8',
  read(statement) {
    const word = statement.words[0] as string;
    const range = readAddressRange(word, statement);
    if (range !== 'bad') return range;
    return statement.refuse(`Invalid local_address ${word} - skipping`, 0, this.syntax);
  },
  print: printRange,
};

/** The family of all of them, or undefined when they differ. */
export function commonFamily(addresses: Iterable<IpAddress>): AddressFamily | undefined {
  const families = new Set([...addresses].map(addressFamily));
  return families.size === 1 ? [...families][0] : undefined;
}
