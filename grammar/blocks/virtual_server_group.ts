import { addressFamily, type IpAddress, printRange } from '../../src/lib/ip.ts';
import { type AddressRange, readAddressRange } from '../address-range.ts';
import { block, list, type Scope, type Statement, type ValueKind } from '../keyword.ts';
import { readIntegerText } from '../numbers.ts';
import { maximumUnsigned, quote } from '../values.ts';

/** A line of a group: addresses with a port, or a firewall mark. */
export type GroupEntry =
  | ({ readonly kind: 'range'; readonly port: number } & AddressRange)
  | { readonly kind: 'fwmark'; readonly fwmark: number; readonly family?: 4 | 6 };

const entry: ValueKind<GroupEntry> = {
  syntax: 'an address, a range or a prefix, then optionally a port; or fwmark, a number and optionally inet or inet6',
  example: '192.0.2.10-12 80',
  words: {
    fwmark: 'A firewall mark, then optionally its family: inet or inet6.',
  },
  read(statement) {
    return statement.words[0] === 'fwmark' ? readMark(statement) : readRange(statement, this.syntax);
  },
  print(value) {
    if (value.kind === 'range') return `${printRange(value)}${value.port === 0 ? '' : ` ${value.port}`}`;
    const family = value.family === undefined ? '' : value.family === 4 ? ' inet' : ' inet6';
    return `fwmark ${value.fwmark}${family}`;
  },
};

function readMark(statement: Statement): GroupEntry | undefined {
  const [, mark, family] = statement.words;
  if (mark === undefined) return statement.missing(1);
  const fwmark = readIntegerText(mark, statement, 1, 0, maximumUnsigned);
  const group = statement.scope.name;
  if (fwmark === undefined) {
    const message = `(${group}): fwmark '${mark}' must be in [0, 4294967295] - ignoring`;
    return statement.refuse(message, 1);
  }
  if (family === undefined) return { kind: 'fwmark', fwmark };
  if (family === 'inet' || family === 'inet6') return { kind: 'fwmark', fwmark, family: family === 'inet' ? 4 : 6 };
  const message = `(${group}): fwmark '${mark}' family ${family} unknown - ignoring`;
  return statement.refuse(message, 2, 'inet or inet6');
}

function readRange(statement: Statement, expected: string): GroupEntry | undefined {
  const [word, portWord] = statement.words as readonly [string, string | undefined];
  const noPort = portWord === undefined || /^0*$/.test(portWord);
  const port = noPort ? 0 : readIntegerText(portWord, statement, 1, 1, 65535);
  const range = port === undefined ? 'bad' : readAddressRange(word, statement);
  if (range === undefined) return undefined;
  if (range !== 'bad' && port !== undefined) return { kind: 'range', ...range, port };
  const written = portWord === undefined ? `${word} ` : `${word} /port/${portWord}`;
  const message = `Invalid virtual server group IP address ${written} - skipping`;
  return statement.refuse(message, port === undefined ? 1 : 0, expected);
}

const name: ValueKind<{ readonly name: string }> = {
  syntax: 'a name',
  example: 'name',
  read(statement) {
    const [keyword, word, ...extra] = statement.words;
    if (word === undefined) return statement.missing(1);
    if (extra.length > 0) {
      const message = `Block ${keyword} has extra parameters ${extra.join(' ')} ...`;
      statement.report('general-error', message, 2);
    }
    return { name: word };
  },
  print: (value) => quote(value.name),
};

function finish({ name, values }: Scope, statement: Statement): boolean {
  const entries = values.entries as readonly GroupEntry[];
  if (entries.length === 0) {
    statement.report('general-error', `virtual server group ${name} has no entries - removing`);
    return false;
  }
  const ranges = entries.flatMap((one): IpAddress[] => (one.kind === 'range' ? [one.first] : []));
  const families = new Set(ranges.map(addressFamily));
  if (families.size < 2 || entries.every((one) => one.kind === 'range' || one.family !== undefined)) return true;
  const message = `virtual server group ${name} cannot have IPv4, IPv6 and fwmark without family - removing`;
  statement.report('general-error', message);
  return false;
}

export const virtualServerGroup = block(
  name,
  'Addresses, ranges and firewall marks that virtual servers share.',
  { entries: list(entry, 'A member of the group.') },
  { lines: 'entries', finish },
);
