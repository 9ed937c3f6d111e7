import type { Statement } from './keyword.ts';

/** keepalived reads some numbers exactly, others leniently: outside of `-t` it then takes what precedes trailing characters. */
export type Exactness = 'exact' | 'lenient';

/** Reads word `position` as a decimal integer; messages and leniency are keepalived's. Undefined: refused, reported. */
export function readInteger(
  statement: Statement,
  position: number,
  minimum: number,
  maximum: number,
  exactness?: Exactness,
  expected?: string,
): number | undefined {
  const text = statement.words[position];
  if (text === undefined) return statement.missing(position);
  return readIntegerText(text, statement, position, minimum, maximum, exactness, expected);
}

/** What is read exactly, and what `-t` reads, is refused without being called a warning. */
function complainer(statement: Statement, position: number, expected: string, exactness: Exactness) {
  const prefix = statement.strict || exactness === 'exact' ? '' : 'WARNING - ';
  return (message: string): undefined => {
    statement.report('invalid-number', `${prefix}${message}`, position, expected);
    return undefined;
  };
}

export function readIntegerText(
  text: string,
  statement: Statement,
  position: number,
  minimum: number,
  maximum: number,
  exactness: Exactness = 'lenient',
  expected = `a whole number from ${minimum} to ${maximum}`,
): number | undefined {
  const plain = plainNumber(text);
  if (plain !== undefined && plain >= minimum && plain <= maximum) return plain;
  return readUnusualInteger(text, statement, position, minimum, maximum, exactness, expected);
}

function readUnusualInteger(
  text: string,
  statement: Statement,
  position: number,
  minimum: number,
  maximum: number,
  exactness: Exactness,
  expected: string,
): number | undefined {
  const refuse = complainer(statement, position, expected, exactness);
  // A quoted blank counts as 0.
  const match = /^\s*$/.test(text) ? ['', '', '0', ''] : /^\s*([+-]?)(\d*)(.*)$/s.exec(text);
  if (minimum >= 0 && /^\s*-/.test(text)) return refuse(`negative number '${text}'`);
  if (!match) return refuse(`invalid number '${text}'`);
  // Without a digit it is 0.
  const value = Number(match[2]) * (match[1] === '-' ? -1 : 1);
  if (match[3] !== '' || match[2] === '') {
    refuse(`invalid number '${text}'`);
    const taken = exactness === 'lenient' && !statement.strict && value >= minimum && value <= maximum;
    return taken ? (Math.abs(value) === 0 ? 0 : value) : undefined;
  }
  if (minimum < 0 && (value > 0x7fffffff || value < -0x80000000)) {
    return refuse(`number '${text}' outside integer range`);
  }
  if (value > 0xffffffff) return refuse(`number '${text}' outside unsigned integer range`);
  if (value < minimum || value > maximum) {
    const message = `number '${text}' outside range [${minimum}, ${maximum}]`;
    // keepalived's reader of signed numbers does not call this a warning.
    return minimum < 0 ? complainer(statement, position, expected, 'exact')(message) : refuse(message);
  }
  return value === 0 ? 0 : value;
}

/** Up to nine digits and nothing else, as nearly all numbers are. */
function plainNumber(text: string): number | undefined {
  if (text.length === 0 || text.length > 9) return undefined;
  let number = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}

export interface DecimalRange {
  /** In units of the last decimal. */
  readonly minimum: number;
  readonly maximum: number;
  /** As the message shows them. */
  readonly shown: string;
  readonly decimals: number;
}

export function decimalRange(minimum: number, maximum: number, shownMaximum?: string, decimals = 6): DecimalRange {
  const scale = 10 ** decimals;
  const shown = `[${(minimum / scale).toFixed(decimals)}, ${shownMaximum ?? (maximum / scale).toFixed(decimals)}]`;
  return { minimum, maximum, shown, decimals };
}

/**
 * Reads word `position` as a number with the decimals of the range, in units of the last one. After a number with trailing characters
 * keepalived goes on with the bare digits in that unit; that is usually below the minimum and so refused.
 */
export function readDecimal(
  statement: Statement,
  position: number,
  range: DecimalRange,
  expected: string,
  exactness: Exactness = 'lenient',
): number | undefined {
  const text = statement.words[position];
  if (text === undefined) return statement.missing(position);
  const plain = plainNumber(text);
  const scaled = plain === undefined ? undefined : plain * 10 ** range.decimals;
  if (scaled !== undefined && scaled >= range.minimum && scaled <= range.maximum) return scaled;
  return readUnusualDecimal(text, statement, position, range, expected, exactness);
}

function readUnusualDecimal(
  text: string,
  statement: Statement,
  position: number,
  range: DecimalRange,
  expected: string,
  exactness: Exactness,
): number | undefined {
  const { decimals } = range;
  const refuse = complainer(statement, position, expected, exactness);
  const match = /^\s*(-?)\+?(\d*)(?:(\.)(\d*))?(.*)$/s.exec(text);
  if (!match) return refuse(`invalid number '${text}'`);
  const [, minus, whole = '', , fraction = '', rest] = match;
  if (minus === '-') return refuse(`negative number '${text}'`);
  if (rest !== '') {
    refuse(`invalid number '${text}'`);
    if (exactness === 'exact') return undefined;
    const bare = Number(whole + fraction);
    return bare >= range.minimum && bare <= range.maximum ? bare : undefined;
  }
  if (fraction.length > decimals) {
    refuse(`number '${text}' has too many decimal places`);
  }
  const padded = fraction.padEnd(decimals + 1, '0');
  const value = Number(whole) * 10 ** decimals + Number(padded.slice(0, decimals)) + (padded[decimals]! >= '5' ? 1 : 0);
  if (value >= 2 ** 64) return refuse(`number '${text}' outside unsigned decimal range`);
  if (value < range.minimum || value > range.maximum) return refuse(`number '${text}' outside range ${range.shown}`);
  return value;
}
