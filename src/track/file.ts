/** Numbers beyond LONG_MAX and LONG_MIN are refused. */
const BEYOND = 2 ** 63;

/**
 * The number a tracked file begins with, as strtol(3) with base 0 reads it; 0 where there is none. Undefined for one too
 * large for a long, which leaves the former value in force.
 */
export function readFileValue(text: string): number | undefined {
  const match = /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/.exec(text);
  if (match === null) return 0;
  const digits = match[2] as string;
  const magnitude = /^0[0-7]/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  const value = match[1] === '-' ? 0 - magnitude : magnitude;
  return value >= BEYOND || value < -BEYOND ? undefined : value;
}
