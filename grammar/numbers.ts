import type { Statement } from './keyword.ts';

/** Reads word `position` as a decimal integer; messages and leniency are keepalived's. Undefined: refused, reported. */
export function readInteger(
  statement: Statement,
  position: number,
  minimum: number,
  maximum: number,
  expected?: string,
): number | undefined {
  const text = statement.words[position];
  if (text === undefined) return statement.missing(position);
  return readIntegerText(text, statement, position, minimum, maximum, expected);
}

export function readIntegerText(
  text: string,
  statement: Statement,
  position: number,
  minimum: number,
  maximum: number,
  expected = `a whole number from ${minimum} to ${maximum}`,
): number | undefined {
  const refuse = (message: string): undefined => {
    statement.report('invalid-number', message, position, expected);
    return undefined;
  };
  // A quoted blank counts as 0.
  const match = /^\s*$/.test(text) ? ['', '', '0', ''] : /^\s*([+-]?)(\d+)(.*)$/s.exec(text);
  if (minimum >= 0 && /^\s*-/.test(text)) return refuse(`negative number '${text}'`);
  if (!match) return refuse(`invalid number '${text}'`);
  if (match[3] !== '') {
    if (statement.strict) return refuse(`invalid number '${text}'`);
    statement.report('invalid-number', `WARNING - invalid number '${text}'`, position, expected);
  }
  const value = Number(match[2]) * (match[1] === '-' ? -1 : 1);
  if (minimum < 0 && (value > 0x7fffffff || value < -0x80000000)) {
    return refuse(`number '${text}' outside integer range`);
  }
  if (value > 0xffffffff) return refuse(`number '${text}' outside unsigned integer range`);
  if (value < minimum || value > maximum) return refuse(`number '${text}' outside range [${minimum}, ${maximum}]`);
  return value === 0 ? 0 : value;
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
): number | undefined {
  const { decimals } = range;
  const text = statement.words[position];
  if (text === undefined) return statement.missing(position);
  const refuse = (message: string): undefined => {
    statement.report('invalid-number', message, position, expected);
    return undefined;
  };
  const match = /^\s*(-?)\+?(\d*)(?:(\.)(\d*))?(.*)$/s.exec(text);
  if (!match) return refuse(`invalid number '${text}'`);
  const [, minus, whole = '', , fraction = '', rest] = match;
  if (minus === '-') return refuse(`negative number '${text}'`);
  if (rest !== '') {
    refuse(`invalid number '${text}'`);
    const bare = Number(whole + fraction);
    return bare >= range.minimum && bare <= range.maximum ? bare : undefined;
  }
  if (fraction.length > decimals) {
    statement.report('invalid-number', `number '${text}' has too many decimal places`, position, expected);
  }
  const padded = fraction.padEnd(decimals + 1, '0');
  const value = Number(whole) * 10 ** decimals + Number(padded.slice(0, decimals)) + (padded[decimals]! >= '5' ? 1 : 0);
  if (value >= 2 ** 64) return refuse(`number '${text}' outside unsigned decimal range`);
  if (value < range.minimum || value > range.maximum) return refuse(`number '${text}' outside range ${range.shown}`);
  return value;
}
