import { addressFamily, type IpAddress, isMulticast, parseIp } from '../src/lib/ip.ts';
import { cNumber } from './c-numbers.ts';
import type { ValueKind } from './keyword.ts';
import { readIntegerText } from './numbers.ts';
import { quote, quoteAll } from './values.ts';

const umaskBits = new Map([
  ['IRUSR', 0o400],
  ['IWUSR', 0o200],
  ['IXUSR', 0o100],
  ['IRWXU', 0o700],
  ['IRGRP', 0o040],
  ['IWGRP', 0o020],
  ['IXGRP', 0o010],
  ['IRWXG', 0o070],
  ['IROTH', 0o004],
  ['IWOTH', 0o002],
  ['IXOTH', 0o001],
  ['IRWXO', 0o007],
]);

/** Names joined by `|`, with blanks around it or without; otherwise what is wrong. */
function readUmaskBits(words: readonly string[]): number | string {
  let mask = 0;
  let wantsName = true;
  for (const word of words) {
    if (!wantsName && !word.startsWith('|')) return `Invalid umask syntax ${word}`;
    let rest: string = wantsName ? word : word.slice(1);
    wantsName = true;
    while (rest !== '') {
      const [name = ''] = rest.split('|', 1);
      const bit = umaskBits.get(name);
      if (bit === undefined) return `Unknown umask bit ${rest}`;
      mask |= bit;
      wantsName = name.length < rest.length;
      rest = rest.slice(name.length + 1);
    }
  }
  return wantsName ? 'umask missing bit value' : mask;
}

/** A file creation mask: a number in C notation, or names of bits joined by `|`. */
export const umask: ValueKind<number> = {
  syntax: 'a number up to 0777 (0 octal, 0x hexadecimal) or bits such as IRGRP|IWGRP',
  example: '0177',
  read(statement) {
    const words = statement.words.slice(1);
    const first = words[0];
    if (first === undefined) return statement.missing(1);
    if (/^\d/.test(first)) {
      const value = cNumber(first);
      if (value === undefined || value > 0o777) {
        return statement.refuse(`invalid umask value ${first}`, 1, this.syntax);
      }
      if (words.length > 1) statement.report('general-error', 'Extra parameter(s) to umask option', 2, this.syntax);
      return Number(value);
    }
    const mask = readUmaskBits(words);
    if (typeof mask === 'number') return mask;
    return statement.refuse(mask, 1, this.syntax);
  },
  print: (value) => `0${value.toString(8)}`,
};

/** A multicast group of one family. */
export function multicastGroup(keyword: string, family: 4 | 6): ValueKind<IpAddress> {
  const syntax = `an IPv${family} multicast address`;
  return {
    syntax,
    read(statement) {
      const word = statement.words[1];
      if (word === undefined) return statement.missing(1);
      const address = parseIp(word);
      const refuse = (message: string): undefined => statement.refuse(message, 1, syntax);
      if (!address) return refuse(`Can't parse ${keyword} [${word}]. Skipping`);
      if (addressFamily(address) !== family) return refuse(`${keyword} [${word}] is not IPv${family}. Skipping`);
      if (!isMulticast(address)) return refuse(`${keyword} [${word}] is not multicast. Skipping`);
      return address;
    },
    print: (value) => value,
  };
}

export interface Relay {
  /** Numeric. */
  readonly host: string;
  readonly port: number;
}

/** A mail relay: an address or a name, then optionally a port. */
export const relay: ValueKind<Relay> = {
  syntax: 'an address or a host name, then optionally a port',
  example: '192.0.2.25 25',
  read(statement) {
    const [, host, portWord] = statement.words;
    if (host === undefined) return statement.missing(1);
    const port = portWord === undefined ? 25 : readIntegerText(portWord, statement, 2, 1, 65535);
    const address = port === undefined ? undefined : (parseIp(host) ?? statement.surroundings.resolveHost(host));
    if (port !== undefined && address !== undefined) return { host: address, port };
    return statement.refuse(`Invalid smtp server ${host} ${portWord ?? 25}`, 1, this.syntax);
  },
  print: ({ host, port }) => `${host} ${port}`,
};

export interface FifoPath {
  readonly path: string;
  readonly user?: string;
  readonly group?: string;
}

/** A path, then optionally the user and group that own it. */
export const fifoPath: ValueKind<FifoPath> = {
  syntax: 'a path, then optionally a user and a group',
  example: '/run/keepalived.fifo',
  read(statement) {
    const [, path, user, group] = statement.words;
    if (path === undefined) return statement.missing(1);
    return { path, ...(user !== undefined && { user }), ...(group !== undefined && { group }) };
  },
  print: ({ path, user, group }) => quoteAll(path, user, group),
};

/** A process name, cut to what the kernel holds. */
export const processName: ValueKind<string> = {
  syntax: 'a name of at most 15 characters',
  example: 'keepalived_lb',
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) return statement.missing(1);
    if (word.length <= 15) return word;
    const message = `Process name ${word} more than 15 characters, truncating`;
    statement.report('general-error', message, 1, this.syntax);
    return word.slice(0, 15);
  },
  print: quote,
};

export interface LvsTimeouts {
  readonly tcp?: number;
  readonly tcpfin?: number;
  readonly udp?: number;
}

/** Pairs of a protocol phase and whole seconds. */
export const lvsTimeouts: ValueKind<LvsTimeouts> = {
  syntax: 'tcp, tcpfin or udp, each followed by whole seconds up to 2678400',
  example: 'tcp 7200 udp 300',
  read(statement) {
    const { words } = statement;
    if (words.length < 3) {
      return statement.refuse('lvs_timeouts requires at least one option', 0, this.syntax);
    }
    const timeouts: { tcp?: number; tcpfin?: number; udp?: number } = {};
    for (let i = 1; i < words.length; i++) {
      const name = words[i] as string;
      if (name !== 'tcp' && name !== 'tcpfin' && name !== 'udp') {
        statement.report('general-error', `Unknown option ${name} specified for lvs_timeouts`, i, this.syntax);
        continue;
      }
      const value = words[++i];
      if (value === undefined) {
        const message = `No value specified for lvs_timeout ${name} - ignoring`;
        statement.report('general-error', message, i - 1, this.syntax);
        continue;
      }
      const seconds = readIntegerText(value, statement, i, 0, 2678400, 'exact');
      if (seconds === undefined) {
        statement.report('general-error', `Invalid lvs_timeout ${name} (${value}) - ignoring`, i, this.syntax);
      } else timeouts[name] = seconds;
    }
    return Object.keys(timeouts).length === 0 ? undefined : timeouts;
  },
  print: (value) =>
    Object.entries(value)
      .map(([name, seconds]) => `${name} ${seconds}`)
      .join(' '),
};
