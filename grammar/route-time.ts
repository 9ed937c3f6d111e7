import { type LineReader, warn } from './line-reader.ts';

/** A time among the metrics of a route (linux/rtnetlink.h, RTAX_*). */
export interface RouteTime {
  /** How many of the kernel's units make a millisecond. */
  readonly perMillisecond: number;
  /** What complaints call it. */
  readonly label: string;
}

const minimumMilliseconds = 200;
const maximumMilliseconds = 120_000;

/**
 * Reads a time: a bare number counts in the kernel's units, one with s, sec, secs, ms, msec or msecs in those. What
 * is outside of 0.2 to 120 s is reported and brought within. The result is in the kernel's units.
 */
export function readRouteTime(
  reader: LineReader<unknown>,
  { perMillisecond, label }: RouteTime,
  text: string,
): number | undefined {
  const [, digits = '', suffix = ''] = /^(.*?)(m?s(?:ecs?)?)?$/is.exec(text) ?? [];
  // No exponents; of these keepalived complains once only.
  if (digits === '' || /e/i.test(digits)) return undefined;
  const inSeconds = suffix !== '' && !/^m/i.test(suffix);
  const value = readScaled(reader, digits, inSeconds ? 3 : 0, maximumMilliseconds * perMillisecond);
  if (value === undefined) return undefined;
  const milliseconds = suffix === '' ? value / perMillisecond : value;
  if (milliseconds < minimumMilliseconds) {
    warn(reader, `${label} value ${text} below minimum ${minimumMilliseconds}ms, resetting`);
    return minimumMilliseconds * perMillisecond;
  }
  if (milliseconds > maximumMilliseconds) {
    warn(reader, `${label} value ${text} exceeds maximum ${maximumMilliseconds / 1000}s, resetting`);
    return maximumMilliseconds * perMillisecond;
  }
  return suffix === '' ? value : value * perMillisecond;
}

/** A number with at most `decimals` decimals, in units of the last; further ones are reported and rounded. */
function readScaled(reader: LineReader<unknown>, text: string, decimals: number, maximum: number): number | undefined {
  const refuse = (message: string): undefined => {
    reader.statement.report('invalid-number', message, reader.at);
    return undefined;
  };
  const match = /^\s*(-?)\+?(\d*)(?:\.(\d*))?(.*)$/s.exec(text);
  const [, minus, whole = '', fraction = '', rest] = match ?? [];
  if (minus === '-') return refuse(`negative number '${text}'`);
  if (!match || rest !== '' || (whole === '' && fraction === '')) return refuse(`invalid number '${text}'`);
  const padded = fraction.padEnd(decimals + 1, '0');
  const rounded = (padded[decimals] as string) >= '5' ? 1 : 0;
  const value = Number(whole) * 10 ** decimals + Number(padded.slice(0, decimals)) + rounded;
  if (fraction.length > decimals) {
    reader.statement.report('invalid-number', `number '${text}' has too many decimal places`, reader.at);
  }
  const shown = (number: number) => (number / 10 ** decimals).toFixed(decimals) + (decimals === 0 ? '.' : '');
  if (value > maximum) return refuse(`number '${text}' outside range [${shown(0)}, ${shown(maximum)}]`);
  return value;
}
