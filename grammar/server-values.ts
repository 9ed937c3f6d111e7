import { addressFamily, type IpAddress, printIp } from '../src/lib/ip.ts';
import type { Scope, Statement, ValueKind } from './keyword.ts';
import { readIntegerText } from './numbers.ts';
import { maximumUnsigned, quote, readAddressWord } from './values.ts';

/** Address and port of a server; port 0 means none was given. */
export interface Endpoint {
  readonly address: IpAddress;
  readonly port: number;
}

/** An address, then optionally a port. `refusal` is the complaint's beginning; the words as written follow it. */
function readEndpoint(statement: Statement, refusal: string): Endpoint | undefined {
  const [, addressWord, portWord] = statement.words;
  if (addressWord === undefined) return statement.missing(1);
  const address = readAddressWord(addressWord);
  // An all-zero port means none.
  const noPort = portWord === undefined || /^0*$/.test(portWord);
  const port = noPort ? 0 : readIntegerText(portWord, statement, 2, 1, 65535);
  if (address !== undefined && port !== undefined) return { address, port };
  const bare = refusal.replace('/port', '');
  const [what, written] =
    portWord === undefined || bare === refusal ? [bare, addressWord] : [refusal, `${addressWord}/${portWord}`];
  const expected = 'an address, then optionally a port from 1 to 65535';
  return statement.refuse(`${what} ${written} - skipping`, address === undefined ? 1 : 2, expected);
}

function printEndpoint({ address, port }: Endpoint): string {
  return port === 0 ? address : `${address} ${port}`;
}

/** What the line of a virtual_server names. */
export type VirtualServerName =
  | { readonly kind: 'address'; readonly endpoint: Endpoint }
  | { readonly kind: 'fwmark'; readonly fwmark: number }
  | { readonly kind: 'group'; readonly group: string };

export const virtualServerName: ValueKind<{ readonly name: VirtualServerName }> = {
  syntax: 'an address and a port, or fwmark and a number, or group and a name',
  read(statement) {
    const [, first, second] = statement.words;
    if (first === undefined) return statement.missing(1);
    if (first === 'group')
      return second === undefined ? statement.missing(2) : { name: { kind: 'group', group: second } };
    if (first === 'fwmark') {
      if (second === undefined) return statement.missing(2);
      const fwmark = readIntegerText(second, statement, 2, 0, maximumUnsigned);
      if (fwmark !== undefined && fwmark !== 0) return { name: { kind: 'fwmark', fwmark } };
      if (fwmark === 0) {
        // keepalived takes it for an address without a family.
        return statement.refuse('virtual server fwmark 0 names no service - ignoring', 2);
      }
      const message = `virtual server fwmark '${second}' must be in [0, 4294967295] - ignoring`;
      return statement.refuse(message, 2);
    }
    const endpoint = readEndpoint(statement, 'Invalid virtual server IP address/port');
    if (!endpoint) return undefined;
    statement.scope.facts.set('family', addressFamily(endpoint.address));
    return { name: { kind: 'address', endpoint } };
  },
  print({ name }) {
    if (name.kind === 'address') return printEndpoint(name.endpoint);
    return name.kind === 'fwmark' ? `fwmark ${name.fwmark}` : `group ${name.group}`;
  },
};

export const realServerName: ValueKind<{ readonly endpoint: Endpoint }> = {
  syntax: 'an address, then optionally a port',
  read(statement) {
    const endpoint = readEndpoint(statement, 'Invalid real server ip address/port');
    return endpoint && { endpoint };
  },
  print: ({ endpoint }) => printEndpoint(endpoint),
};

/** A server as keepalived's messages name it; a service without a protocol has `none`. */
export function serverText({ address, port }: Endpoint, protocol = 'none'): string {
  return `[${address}]:${protocol.toLowerCase()}:${port}`;
}

/** A service as keepalived's messages name it; `ordinal` counts those of one group. */
export function serviceText(name: VirtualServerName, protocol?: string, ordinal = 0): string {
  if (name.kind === 'fwmark') return `FWM ${name.fwmark}`;
  return name.kind === 'group' ? `[${name.group}]:${ordinal}` : serverText(name.endpoint, protocol);
}

/** The virtual server being read. */
export function describeService({ values }: Scope): string {
  return serviceText(values.name as VirtualServerName, values.protocol as string | undefined);
}

/** The real server being read. */
export function describeServer({ values, parent }: Scope): string {
  return serverText(values.endpoint as Endpoint, parent?.values.protocol as string | undefined);
}

export const sorryServerName: ValueKind<Endpoint> = {
  syntax: 'an address, then optionally a port',
  read: (statement) => readEndpoint(statement, 'Invalid sorry server IP address'),
  print: printEndpoint,
};

/** inet_aton(3): one to four numbers in C's bases, the last of which fills the bytes that remain. */
function parseLooseIpv4(word: string): IpAddress | undefined {
  const parts = word.split('.');
  const last = parts.length - 1;
  if (last > 3 || !parts.every((part) => /^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(part))) return undefined;
  const numbers = parts.map((part) => (/^0[0-7]+$/.test(part) ? Number.parseInt(part, 8) : Number(part)));
  const tail = numbers[last] as number;
  if (tail >= 256 ** (4 - last) || numbers.slice(0, last).some((number) => number > 255)) return undefined;
  const head = numbers.slice(0, last).reduce((sum, number, i) => sum + number * 256 ** (3 - i), 0);
  const value = head + tail;
  return printIp(Uint8Array.of(value / 2 ** 24, value / 2 ** 16, value / 2 ** 8, value));
}

/** A mask for IPv4 (it has a dot) or a prefix length for IPv6. */
export const granularity: ValueKind<IpAddress | number> = {
  syntax: 'an IPv4 mask, or a prefix length from 1 to 128',
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) return statement.missing(1);
    const family = statement.scope.facts.get('family') ?? (word.includes('.') ? 4 : 6);
    const value = family === 6 ? readIntegerText(word, statement, 1, 1, 128) : parseLooseIpv4(word);
    if (value !== undefined) return value;
    return statement.refuse(`Invalid IPv${family} persistence_granularity specified - ${word}`, 1, this.syntax);
  },
  print: String,
};

/** A name that may be set again: the last one counts. `what` and `missing` are how messages call it. */
export function replaceableName(what: string, missing = what): ValueKind<string> {
  return {
    syntax: 'a name',
    example: 'name',
    read(statement) {
      const word = statement.words[1];
      if (word === undefined) {
        return statement.refuse(`${missing} missing`, 0, this.syntax);
      }
      const before = statement.scope.values[statement.words[0] as string];
      if (before !== undefined) {
        statement.report('general-error', `Duplicate ${what} - overwriting ${before} with ${word}`, 1);
      }
      return word;
    },
    print: (value) => `"${value}"`,
  };
}

/** A name for SNMP; exactly one word. `server` is how messages call its owner. */
export function snmpName(server: string): ValueKind<string> {
  return {
    syntax: 'one word',
    read(statement) {
      const [keyword, word] = statement.words;
      if (word === undefined || statement.words.length > 2) {
        return statement.refuse(`${server} snmp_name missing or extra parameters`, 0, this.syntax);
      }
      const before = statement.scope.values[keyword as string];
      if (before !== undefined) {
        statement.report('general-error', `Duplicate ${server} snmp_name - overwriting ${before} with ${word}`, 1);
      }
      return word;
    },
    print: quote,
  };
}

/** A flag that only the schedulers in `schedulers`, set before it, know; the ones in `tolerated` ignore it in silence. */
export function schedulerFlag(schedulers: readonly string[], tolerated: readonly string[]): ValueKind<true> {
  return {
    syntax: `no words, after lb_algo ${schedulers.join(' or ')}`,
    read(statement) {
      const scheduler = (statement.scope.values.lb_algo ?? '') as string;
      if (schedulers.includes(scheduler)) return true;
      if (tolerated.includes(scheduler)) return undefined;
      const message = `${statement.words[0]} only applies to sh scheduler - ignoring`;
      return statement.refuse(message, 0, this.syntax);
    },
    print: () => '',
  };
}
