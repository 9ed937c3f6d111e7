import { hexText } from '../../../src/lib/hex.ts';
import { block, leaf, nothing, type Scope, type Statement, type ValueKind } from '../../keyword.ts';
import { integer } from '../../values.ts';
import { connectionRows, hasReachableTarget, scheduleRows } from './connection.ts';

/** Bytes with a mask of equal length; in a bit that is 0 there, any value will do. */
export interface MaskedBytes {
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array;
}

/** Two digits a byte, fewer before a blank; `x` stands for any digit where `wild` allows it. */
function readHexadecimal(words: readonly string[], wild: boolean): MaskedBytes | undefined {
  const text = words.join(' ');
  const digit = wild ? '[0-9a-fA-FxX]' : '[0-9a-fA-F]';
  if (text.trim() === '' || !(wild ? /^[0-9a-fA-FxX\s]*$/ : /^[0-9a-fA-F\s]*$/).test(text)) return undefined;
  const pairs = text.match(new RegExp(`${digit}{1,2}`, 'g')) ?? [];
  const value = (pair: string, known: (nibble: string) => string) => Number.parseInt([...pair].map(known).join(''), 16);
  return {
    bytes: Uint8Array.from(pairs, (pair) => value(pair, (nibble) => (/x/i.test(nibble) ? '0' : nibble))),
    mask: Uint8Array.from(pairs, (pair) => value(pair.padStart(2, '0'), (nibble) => (/x/i.test(nibble) ? '0' : 'f'))),
  };
}

const payload: ValueKind<Uint8Array> = {
  syntax: 'hexadecimal digits, two for each byte',
  example: '0a0b',
  read(statement) {
    const words = statement.words.slice(1);
    if (words.length === 0) {
      return statement.refuse('UDP_CHECK payload requires a payload', 0, this.syntax);
    }
    const read = readHexadecimal(words, false);
    return read?.bytes ?? statement.refuse('Invalid hex string for UDP_CHECK payload', 1, this.syntax);
  },
  print: (bytes) => (bytes.length === 0 ? undefined : hexText(bytes)),
};

/** `any` is a reply of whatever content. */
const reply: ValueKind<MaskedBytes | 'any'> = {
  syntax: 'nothing, or hexadecimal digits with x for any digit',
  example: '0axx',
  read(statement) {
    const words = statement.words.slice(1);
    if (words.length === 0) return 'any';
    const read = readHexadecimal(words, true);
    if (!read) statement.report('general-error', 'Invalid hex string for UDP_CHECK reply', 1, this.syntax);
    return read ?? 'any';
  },
  print(value) {
    if (value === 'any') return '';
    const nibble = (bytes: Uint8Array, i: number) => ((bytes[i >> 1] as number) >> (i % 2 === 0 ? 4 : 0)) & 15;
    const digits = Array.from({ length: value.bytes.length * 2 }, (_, i) =>
      nibble(value.mask, i) === 0 ? 'x' : nibble(value.bytes, i).toString(16),
    );
    return digits.join('');
  },
};

function finish(scope: Scope, statement: Statement): boolean {
  const minimum = (scope.values.min_reply_length ?? 0) as number;
  const maximum = (scope.values.max_reply_length ?? 255) as number;
  if (minimum > maximum) {
    const message = `UDP_CHECK min_reply length ${minimum} > max_reply_length ${maximum} - will always fail`;
    statement.report('general-error', message);
  }
  return hasReachableTarget(scope, statement);
}

export const udpCheck = block(
  nothing,
  'Health check by a UDP datagram, and a reply where one is asked for.',
  {
    ...connectionRows,
    ...scheduleRows,
    payload: leaf(payload, 'What to send.', { otherwise: 'none' }),
    require_reply: leaf(reply, 'Demand a reply, which may have to begin with these bytes.', { otherwise: 'off' }),
    min_reply_length: leaf(integer(0, 65535, 'exact'), 'Bytes of the shortest good reply.', {
      default: 0,
      invalid: 'UDP_CHECK min length %s not valid - must be between 0 & 65535',
    }),
    max_reply_length: leaf(integer(0, 65535, 'exact'), 'Bytes of the longest good reply.', {
      default: 255,
      invalid: 'UDP_CHECK max length %s not valid - must be between 0 & 65535',
    }),
  },
  { finish },
);
