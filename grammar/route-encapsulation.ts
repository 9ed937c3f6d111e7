import { addressFamily, type IpAddress } from '../src/lib/ip.ts';
import type { Mutable } from '../src/lib/mutable.ts';
import { cNumber, readUnsigned64 } from './c-numbers.ts';
import { iprouteNumber } from './iproute-names.ts';
import { complain, type LineReader } from './line-reader.ts';
import { readIntegerText } from './numbers.ts';
import { readHost } from './prefix.ts';

/** Lightweight tunnel (linux/lwtunnel.h). */
export type EncapsulationLine =
  | {
      readonly kind: 'ip' | 'ip6';
      readonly id?: bigint;
      readonly destination?: IpAddress;
      readonly source?: IpAddress;
      /** tos of ip, tc of ip6. */
      readonly trafficClass?: number;
      /** ttl of ip, hoplimit of ip6. */
      readonly hopLimit?: number;
      readonly flags?: number;
    }
  | { readonly kind: 'mpls'; readonly labels: readonly number[] }
  | { readonly kind: 'ila'; readonly locator: bigint };

type TunnelLine = Extract<EncapsulationLine, { kind: 'ip' | 'ip6' }>;
type TunnelDraft = Mutable<TunnelLine>;

/** Stands at `encap`. Always true: a mistake costs the encapsulation, not the line. */
export function readEncapsulation(reader: LineReader<{ encapsulation?: EncapsulationLine }>): boolean {
  const kind = reader.statement.words[reader.at + 1];
  if (kind === undefined) {
    complain(reader, 'Missing encap type', 'ip, ip6, mpls or ila');
    return true;
  }
  reader.at++;
  const read = kinds.get(kind);
  if (read) {
    const encapsulation = read(reader);
    if (encapsulation) reader.draft.encapsulation = encapsulation;
    return true;
  }
  complain(reader, `Unknown encap type - ${kind}`, 'ip, ip6, mpls or ila');
  reader.at++;
  return true;
}

type Reader = LineReader<unknown>;

const kinds: ReadonlyMap<string, (reader: Reader) => EncapsulationLine | undefined> = new Map([
  ['ip', (reader: Reader) => readTunnel(reader, 'ip')],
  ['ip6', (reader: Reader) => readTunnel(reader, 'ip6')],
  ['mpls', readLabels],
  ['ila', readLocator],
]);

/** Words in pairs, until one that is none of these; a bad value leaves its pair to the words of the route. */
function readTunnel(reader: Reader, kind: 'ip' | 'ip6'): EncapsulationLine | undefined {
  const draft: TunnelDraft = { kind };
  const { words } = reader.statement;
  while (reader.at + 2 < words.length) {
    const read = tunnelWords[kind].get(words[reader.at + 1] as string);
    if (!read) break;
    reader.at += 2;
    if (!read(reader, draft, words[reader.at] as string)) {
      reader.at -= 2;
      return undefined;
    }
  }
  if (draft.destination !== undefined || draft.id !== undefined) return draft;
  complain(reader, `address or id missing for ${kind} encapsulation`, 'dst or id');
  return undefined;
}

type ReadTunnelWord = (reader: Reader, draft: TunnelDraft, word: string) => boolean;

function readId(reader: Reader, draft: TunnelDraft, word: string): boolean {
  const id = readUnsigned64(word, reader.statement, reader.at);
  if (id === undefined) return complain(reader, `encap id ${word} value is invalid`);
  draft.id = id;
  return true;
}

const readEnd =
  (end: 'destination' | 'source'): ReadTunnelWord =>
  (reader, draft, word) => {
    const { kind } = draft;
    const address = readHost(reader.statement, word, reader.at);
    if (!address) return complain(reader, `Invalid encap ${kind} ${end === 'source' ? 'src' : 'dst'} ${word}`);
    const family = addressFamily(address);
    if (family !== (kind === 'ip' ? 4 : 6)) {
      return complain(reader, `IPv${family} address ${word} not valid for ${kind} encapsulation`);
    }
    draft[end] = address;
    return true;
  };

const readTrafficClass =
  (invalid: string): ReadTunnelWord =>
  (reader, draft, word) => {
    const value = iprouteNumber(reader.statement, 'rt_dsfield', word);
    if (value === undefined) return complain(reader, invalid.replace('%s', word), 'a name or 0 to 255');
    draft.trafficClass = value;
    return true;
  };

const readNumber =
  (name: 'hopLimit' | 'flags', maximum: number, invalid: string): ReadTunnelWord =>
  (reader, draft, word) => {
    const value = readIntegerText(word, reader.statement, reader.at, 0, maximum, 'exact');
    if (value === undefined) return complain(reader, invalid.replace('%s', word));
    draft[name] = value;
    return true;
  };

const tunnelWords: Readonly<Record<'ip' | 'ip6', ReadonlyMap<string, ReadTunnelWord>>> = {
  ip: new Map([
    ['id', readId],
    ['dst', readEnd('destination')],
    ['src', readEnd('source')],
    ['tos', readTrafficClass('dsfield %s not valid for ip encapsulation')],
    ['ttl', readNumber('hopLimit', 255, 'ttl %s is not valid for ip encapsulation')],
    ['flags', readNumber('flags', 0xffff, 'flags %s is not valid for ip encapsulation')],
  ]),
  ip6: new Map([
    ['id', readId],
    ['dst', readEnd('destination')],
    ['src', readEnd('source')],
    ['tc', readTrafficClass('tc value tc is invalid for ip6 encapsulation')],
    ['hoplimit', readNumber('hopLimit', 255, 'Invalid hoplimit %s specified for ip6 encapsulation')],
    ['flags', readNumber('flags', 0xffff, 'flags %s is not valid for ip6 encapsulation')],
  ]),
};

const maximumLabels = 2;
const maximumLabel = 0xfffff;

function readLabels(reader: Reader): EncapsulationLine | undefined {
  const word = reader.statement.words[reader.at + 1];
  if (word === undefined) {
    complain(reader, 'missing address for MPLS encapsulation');
    return undefined;
  }
  reader.at++;
  const labels = word
    .split('/')
    .map((part, i) => (part === '' || (i > 0 && /^\s/.test(part)) ? undefined : cNumber(part)));
  if (labels.length <= maximumLabels && labels.every((label) => label !== undefined && label <= maximumLabel)) {
    return { kind: 'mpls', labels: labels.map(Number) };
  }
  complain(reader, `invalid mpls address ${word} for encapsulation`, 'one or two labels up to 1048575');
  return undefined;
}

function readLocator(reader: Reader): EncapsulationLine | undefined {
  const word = reader.statement.words[reader.at + 1];
  if (word === undefined) {
    complain(reader, 'missing locator for ILA encapsulation');
    return undefined;
  }
  reader.at++;
  if (/^\s*(0x)?[0-9a-f]{1,4}(:(0x)?[0-9a-f]{1,4}){3}$/i.test(word)) {
    const groups = word.trim().split(':');
    const hexadecimal = groups.map((group) => group.replace(/^0x/i, '').padStart(4, '0'));
    return { kind: 'ila', locator: BigInt(`0x${hexadecimal.join('')}`) };
  }
  complain(reader, `invalid locator ${word} for ila encapsulation`, 'four groups of hexadecimal digits');
  return undefined;
}

export function printEncapsulation(encapsulation: EncapsulationLine | undefined): string[] {
  if (!encapsulation) return [];
  const { kind } = encapsulation;
  if (kind === 'mpls') return ['encap', kind, encapsulation.labels.join('/')];
  if (kind === 'ila') return ['encap', kind, printLocator(encapsulation.locator)];
  const { id, destination, source, trafficClass, hopLimit, flags } = encapsulation;
  const words: [string, string | number | bigint | undefined][] = [
    ['id', id],
    ['dst', destination],
    ['src', source],
    [kind === 'ip' ? 'tos' : 'tc', trafficClass],
    [kind === 'ip' ? 'ttl' : 'hoplimit', hopLimit],
    ['flags', flags],
  ];
  return ['encap', kind, ...words.flatMap(([word, value]) => (value === undefined ? [] : [word, String(value)]))];
}

export function printLocator(locator: bigint): string {
  const digits = locator.toString(16).padStart(16, '0');
  return (digits.match(/.{4}/g) ?? []).map((group) => group.replace(/^0+(?=.)/, '')).join(':');
}
