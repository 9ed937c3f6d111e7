import type { Instant } from '../lib/duration.ts';
import type { Timer } from '../ports/timer.ts';
import { native } from './native.ts';

/** What the kernel takes for "not armed"; of a deadline it is as much in the past as 1. */
const DISARMED = 0;

/**
 * A timer of microsecond resolution that keeps the process alive while armed. The kernel is told once the running
 * callback is through, since one that hears a hundred packets moves the earliest deadline a hundred times. Throws a
 * NativeError.
 */
export function openTimer(expired: () => void): Timer {
  let told = DISARMED;
  let wanted = DISARMED;
  let telling = false;
  let open = true;
  const timer = native.timer(() => {
    told = DISARMED;
    expired();
  });
  const tell = (): void => {
    telling = false;
    if (!open || wanted === told) return;
    told = wanted;
    timer.arm(told);
  };
  return {
    arm(at: Instant | undefined) {
      wanted = at === undefined ? DISARMED : Math.max(at, 1);
      if (telling || wanted === told) return;
      telling = true;
      queueMicrotask(tell);
    },
    close() {
      open = false;
      timer.close();
    },
  };
}
