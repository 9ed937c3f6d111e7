import { hostLength, type IpAddress, parseIp } from '../src/lib/ip.ts';
import type { Statement } from './keyword.ts';
import { readIntegerText } from './numbers.ts';

/** An address with the length of its network prefix in bits. */
export interface Prefix {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/**
 * Reads a word as an address with an optional prefix length, which is that of a host unless given. A bad length is
 * reported and the host's is used. Undefined: no address, reported.
 */
export function readPrefix(statement: Statement, written: string, position: number): Prefix | undefined {
  const slash = written.indexOf('/');
  const address = parseIp(slash === -1 ? written : written.slice(0, slash));
  if (!address) {
    const expected = 'an address, optionally with a prefix length';
    return statement.refuse(`VRRP parsed invalid IP ${written}. skipping IP...`, position, expected);
  }
  const full = hostLength(address);
  if (slash === -1) return { address, prefixLength: full };
  const lengthText = written.slice(slash + 1);
  const prefixLength = readIntegerText(lengthText, statement, position, 0, full);
  if (prefixLength !== undefined) return { address, prefixLength };
  const message = `Invalid address prefix len ${lengthText} for address ${written} - using ${full}`;
  statement.report('general-error', message, position);
  return { address, prefixLength: full };
}

/** Reads a word as an address without a prefix length. Undefined: reported. */
export function readHost(statement: Statement, written: string, position: number): IpAddress | undefined {
  const message = `VRRP parsed invalid IP ${written}. skipping IP...`;
  return parseIp(written) ?? statement.refuse(message, position, 'an address without a prefix length');
}
