import type { ConfigClass } from '../../../src/lib/diagnostic.ts';
import { hexText } from '../../../src/lib/hex.ts';
import { leaf, type Scope, type Statement, settings, type ValueKind } from '../../keyword.ts';
import { readIntegerText } from '../../numbers.ts';
import { integer, oneOf, wholeSeconds } from '../../values.ts';

export interface HmacKey {
  readonly id: number;
  readonly key: Uint8Array;
}

const minimumKey = 32;
const maximumKey = 64;
/** `hex:`, two digits an octet and a line end. */
const maximumKeyFile = 138;

const keySyntax = `an id from 1 to 255, then ${minimumKey} to ${maximumKey} octets: as text, as hex: and digits, or as file: and a path`;

/** Every `key` line adds one to what the block has. */
const keys: ValueKind<readonly HmacKey[]> = {
  syntax: keySyntax,
  example: '1 file:/etc/keepalived/vrrp.key',
  read(statement) {
    const { words, scope } = statement;
    const complain = (message: string, at: number, problem: ConfigClass = 'general-error'): undefined => {
      statement.report(problem, `(${scope.name}) auth_hmac ${message}`, at, keySyntax);
      return undefined;
    };
    const [, idWord, keyWord] = words;
    if (idWord === undefined || keyWord === undefined) return complain('key must have an id and a key - ignoring', 0);
    const id = readIntegerText(idWord, statement, 1, 1, 255);
    if (id === undefined) return complain(`key id '${idWord}' is not valid - must be between 1 and 255`, 1);
    const known = keysOf(scope);
    if (known.some((other) => other.id === id)) return complain(`key ${id} is already defined - ignoring`, 1);
    const key = readKey(statement, keyWord, complain);
    if (!key) return undefined;
    if (key.length < minimumKey || key.length > maximumKey) {
      return complain(`key ${id} has ${key.length} bytes, not ${minimumKey} to ${maximumKey} - ignoring`, 2);
    }
    return [...known, { id, key }];
  },
  print: (value) => value.map(({ id, key }) => `${id} hex:${hexText(key)}`).join(' '),
};

function keysOf(scope: Scope): readonly HmacKey[] {
  return (scope.values.key ?? []) as readonly HmacKey[];
}

type Complain = (message: string, at: number, problem?: ConfigClass) => undefined;

function readKey(statement: Statement, word: string, complain: Complain): Uint8Array | undefined {
  if (!word.startsWith('file:')) return decodeKey(word, complain);
  const path = word.slice('file:'.length);
  const file = statement.surroundings.readSecret(path, maximumKeyFile);
  if (!file.ok) return complain(`cannot read key file ${path}: ${file.error}`, 2);
  if (file.value.openToOthers) {
    complain(`key file ${path} can be read or written by others than its owner`, 2, 'security-error');
  }
  const line = file.value.text.replace(/\r?\n$/, '');
  return decodeKey(line, complain);
}

function decodeKey(text: string, complain: Complain): Uint8Array | undefined {
  if (!text.startsWith('hex:')) return new TextEncoder().encode(text);
  const digits = text.slice('hex:'.length);
  if (!/^([0-9a-fA-F]{2})*$/.test(digits))
    return complain('key is not made of pairs of hexadecimal digits - ignoring', 2);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The keyed-hash trailer after an advert. */
export const authHmac = settings('Keyed-hash trailer after each advert: HMAC-SHA256, cut to 128 bits.', {
  key: leaf(keys, 'A key and the number it goes by.', {
    otherwise: 'none (one required)',
    secret: true,
    repeats: true,
  }),
  active_key: leaf(integer(1, 255), 'Number of the key that adverts are signed with.', {
    otherwise: '0 (none: must be set)',
  }),
  time_window: leaf(wholeSeconds(1, 300), 'By how much the clocks of two routers may differ.', {
    otherwise: 'three times advert_int, at least 5 and at most 300',
  }),
  anti_replay: leaf(
    oneOf<'time' | 'monotonic'>(['time', 'monotonic'], "(%n) unknown auth_hmac anti_replay '%s' - ignoring"),
    'How an advert sent a second time is told.',
    { default: 'time' as const },
  ),
  mode: leaf(
    oneOf<'enforce' | 'permissive' | 'receive-only'>(
      ['enforce', 'permissive', 'receive-only'],
      "(%n) unknown auth_hmac mode '%s' - ignoring",
    ),
    'Whether adverts without a trailer are refused; receive-only signs none.',
    { default: 'enforce' as const },
  ),
});
