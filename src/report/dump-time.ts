import type { PrintTime, WallTime } from './runtime.ts';

/** `seconds.microseconds` of a wall time. */
export function timestamp(at: WallTime): string {
  return `${Math.floor(at / 1e6)}.${fraction(at)}`;
}

/** `seconds.microseconds (Sat Nov 21 01:09:56.189308 2026)`; without a clock only the number. */
export function datedTimestamp(at: WallTime, printTime: PrintTime | undefined): string {
  const date = printTime?.(at, `.${fraction(at)}`);
  return date === undefined ? timestamp(at) : `${timestamp(at)} (${date})`;
}

function fraction(at: WallTime): string {
  return String(Math.floor(at % 1e6)).padStart(6, '0');
}
