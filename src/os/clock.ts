import { instant } from '../lib/duration.ts';
import type { Clock } from '../ports/timer.ts';
import { native } from './native.ts';

/** CLOCK_MONOTONIC. */
export const monotonicClock: Clock = { now: () => instant(native.monotonicNow()) };

/** CLOCK_MONOTONIC in milliseconds. Unlike `performance.now` it is there without a module of Node's that has to be loaded. */
export function elapsedMilliseconds(): number {
  return native.monotonicNow() / 1000;
}

/** What to add to the monotonic clock to get wall time in microseconds; it changes when somebody sets the clock. */
export function wallOffset(): number {
  return native.realtimeNow() - native.monotonicNow();
}

/** Wall time in milliseconds since 1970, for log lines. */
export function wallMilliseconds(): number {
  return Date.now();
}

/** Wall time in microseconds since 1970, for what is compared with other hosts' clocks. */
export function wallClock(): number {
  return native.realtimeNow();
}
