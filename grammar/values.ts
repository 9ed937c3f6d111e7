import { type Duration, inSeconds, micros, seconds } from '../src/lib/duration.ts';
import { type IpAddress, parseIp } from '../src/lib/ip.ts';
import type { Statement, ValueKind } from './keyword.ts';
import { decimalRange, type Exactness, readDecimal, readInteger } from './numbers.ts';

export const maximumUnsigned = 0xffffffff;

/** A keyword that is on by standing there; words after it mean nothing. */
export const flag: ValueKind<true> = { syntax: 'no words', read: () => true, print: () => '' };

const booleans = new Map([
  ['on', true],
  ['true', true],
  ['yes', true],
  ['off', false],
  ['false', false],
  ['no', false],
]);

/** `on`, `true`, `yes`, `off`, `false` or `no`, case and all; no word means on. `invalid` is the complaint's template. */
export function boolean(invalid: string): ValueKind<boolean> {
  const syntax = 'on, true, yes, off, false or no';
  return {
    syntax,
    example: 'on',
    read(statement) {
      const word = statement.words[1];
      const value = word === undefined ? true : booleans.get(word);
      return value ?? statement.refuse(fill(invalid, statement), 1, syntax);
    },
    print: (value) => (value ? 'on' : 'off'),
  };
}

/** Fills in a complaint: `%s` is the first word after the keyword, `%n` the name of the block. */
export function fill(template: string, statement: Statement): string {
  return template.replace('%s', () => statement.words[1] ?? '').replace('%n', () => statement.scope.name);
}

export function integer(minimum: number, maximum: number, exactness?: Exactness): ValueKind<number> {
  const syntax = `a whole number from ${minimum} to ${maximum}`;
  const example = String(Math.min(Math.max(minimum, 10), maximum));
  return {
    syntax,
    example,
    read: (statement) => readInteger(statement, 1, minimum, maximum, exactness, syntax),
    print: String,
  };
}

/** An integer that may be left out. */
export function optionalInteger(
  minimum: number,
  maximum: number,
  whenAbsent: number,
  exactness?: Exactness,
): ValueKind<number> {
  const required = integer(minimum, maximum, exactness);
  return {
    ...required,
    syntax: `${required.syntax}, or nothing`,
    read: (statement) => (statement.words.length < 2 ? whenAbsent : required.read(statement)),
  };
}

/** Whole seconds. */
export function wholeSeconds(minimum: number, maximum: number, exactness?: Exactness): ValueKind<Duration> {
  const syntax = `whole seconds from ${minimum} to ${maximum}`;
  return {
    syntax,
    example: String(Math.min(Math.max(minimum, 5), maximum)),
    read(statement) {
      const value = readInteger(statement, 1, minimum, maximum, exactness, syntax);
      return value === undefined ? undefined : seconds(value);
    },
    print: (value) => String(inSeconds(value)),
  };
}

/** Seconds with up to six decimals; the bounds are microseconds. */
export function decimalSeconds(minimum: number, maximum: number, shownMaximum?: string): ValueKind<Duration> {
  const range = decimalRange(minimum, maximum, shownMaximum);
  const syntax = `seconds from ${minimum / 1_000_000} to ${shownMaximum ?? maximum / 1_000_000}`;
  return {
    syntax,
    example: '1.5',
    read(statement) {
      const value = readDecimal(statement, 1, range, syntax);
      return value === undefined ? undefined : micros(value);
    },
    print: printSeconds,
  };
}

/** Seconds with no more decimals than needed. */
export function printSeconds(value: Duration): string {
  const fraction = String(value % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${Math.floor(value / 1_000_000)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Timers that keepalived holds in 32 bits. */
export const timer32 = (minimum: number) => decimalSeconds(minimum, maximumUnsigned);
/** Timers that keepalived holds in 64 bits. */
export const timer64 = (minimum: number) => decimalSeconds(minimum, 2 ** 64, '18446744073709.551614');

/** One word, kept as it is. */
export const text: ValueKind<string> = {
  syntax: 'a word',
  example: 'name',
  read: (statement) => statement.words[1] ?? statement.missing(1),
  print: quote,
};

/** One of a few words, in capitals or not with `ignoreCase`. `invalid` is the complaint's template. */
export function oneOf<T extends string>(words: readonly T[], invalid: string, ignoreCase = false): ValueKind<T> {
  const syntax = words.join(', ').replace(/, ([^,]*)$/, ' or $1');
  const byText = new Map(words.map((word) => [ignoreCase ? word.toLowerCase() : word, word]));
  return {
    syntax,
    ...(words[0] !== undefined && { example: words[0] }),
    read(statement) {
      const word = statement.words[1];
      if (word === undefined) return statement.missing(1);
      const value = byText.get(ignoreCase ? word.toLowerCase() : word);
      return value ?? statement.refuse(fill(invalid, statement), 1, syntax);
    },
    print: (value) => value,
  };
}

/** The general address reader: what follows the first `-`, or else the first `/`, is dropped in silence. */
export function readAddressWord(word: string): IpAddress | undefined {
  const dash = word.indexOf('-');
  return parseIp(word.slice(0, dash === -1 ? (word.includes('/') ? word.indexOf('/') : undefined) : dash));
}

export function address(invalid: string): ValueKind<IpAddress> {
  const syntax = 'an IPv4 or IPv6 address';
  return {
    syntax,
    example: '192.0.2.10',
    read(statement) {
      const word = statement.words[1];
      if (word === undefined) return statement.missing(1);
      const value = readAddressWord(word);
      return value ?? statement.refuse(fill(invalid, statement), 1, syntax);
    },
    print: (value) => value,
  };
}

export const maximumInterfaceName = 15;

/** An interface name that need not exist yet. */
export function interfaceName(tooLong: string): ValueKind<string> {
  return {
    syntax: `an interface name of at most ${maximumInterfaceName} characters`,
    example: 'eth0',
    read(statement) {
      const word = statement.words[1];
      if (word === undefined) return statement.missing(1);
      if (word.length <= maximumInterfaceName) return word;
      return statement.refuse(fill(tooLong, statement), 1, this.syntax);
    },
    print: quote,
  };
}

/** A word as it must be written to be read back as one word. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) && !/^[@~]/.test(word) ? word : `"${word}"`;
}

/** Words one after the other, each as it must be written; those that are absent are left out. */
export function quoteAll(...words: readonly (string | undefined)[]): string {
  return words
    .filter((word) => word !== undefined)
    .map(quote)
    .join(' ');
}
