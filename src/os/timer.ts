import type { Instant } from '../lib/duration.ts';
import type { Timer } from '../ports/timer.ts';
import { native } from './native.ts';

/** A timer of microsecond resolution that keeps the process alive while armed. Throws a NativeError. */
export function openTimer(expired: () => void): Timer {
  const timer = native.timer(expired);
  return {
    // 0 would disarm, and is as much in the past as 1.
    arm: (at: Instant | undefined) => timer.arm(at === undefined ? 0 : Math.max(at, 1)),
    close: () => timer.close(),
  };
}
