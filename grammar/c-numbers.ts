import type { Statement } from './keyword.ts';
import { maximumUnsigned } from './values.ts';

/**
 * What strtoul(3) makes of a whole word in the base that its prefix says: 0x is hexadecimal, 0 is octal. Undefined where the
 * word is no number; a negative one wraps around in 64 bits.
 */
export function cNumber(word: string): bigint | undefined {
  const match = /^\s*([+-]?)(?:(0x[0-9a-f]+)|(0[0-7]*)|([1-9]\d*))$/i.exec(word);
  if (!match) return word.trim() === '' ? 0n : undefined;
  const [, sign, hexadecimal, octal, decimal] = match;
  const value = octal === undefined ? BigInt((hexadecimal ?? decimal) as string) : BigInt(`0o${octal}`);
  return sign === '-' ? BigInt.asUintN(64, -value) : value;
}

/** Reads `text`, word `position`, as an unsigned integer in C's base. Undefined: refused, reported. */
export function readCInteger(text: string, statement: Statement, position: number): number | undefined {
  const value = cNumber(text);
  const refuse = (message: string): undefined => {
    statement.report('invalid-number', message, position, `a whole number up to ${maximumUnsigned}`);
    return undefined;
  };
  if (/^\s*-/.test(text)) return refuse(`negative number '${text}'`);
  if (value === undefined) return refuse(`invalid number '${text}'`);
  if (value > BigInt(maximumUnsigned)) return refuse(`number '${text}' outside unsigned integer range`);
  return Number(value);
}

/** Reads `text`, word `position`, as a decimal integer of 64 bits. Undefined: refused, reported. */
export function readUnsigned64(text: string, statement: Statement, position: number): bigint | undefined {
  const refuse = (message: string): undefined => {
    statement.report('invalid-number', message, position, 'a whole number of 64 bits');
    return undefined;
  };
  if (/^\s*-/.test(text)) return refuse(`negative number '${text}'`);
  if (text.trim() === '') return 0n;
  if (!/^\s*\+?\d+$/.test(text)) return refuse(`invalid number '${text}'`);
  const value = BigInt(text.trim());
  return value >> 64n === 0n ? value : refuse(`number '${text}' outside unsigned 64 bit range`);
}
