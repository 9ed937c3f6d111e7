import { type Instant, instant } from '../../src/lib/duration.ts';
import type { Clock, Timer } from '../../src/ports/timer.ts';

export interface FakeClock extends Clock {
  openTimer(expired: () => void): Timer;
  /** Lets time pass to `at`, firing timers on the way and waiting for what they started. */
  advanceTo(at: Instant): Promise<void>;
}

interface FakeTimer {
  at: Instant | undefined;
  readonly expired: () => void;
}

/** A clock that stands still until told, starting at 0. */
export function fakeClock(): FakeClock {
  const timers = new Set<FakeTimer>();
  let now = instant(0);
  const next = (until: Instant): FakeTimer | undefined => {
    let first: FakeTimer | undefined;
    for (const timer of timers) {
      if (timer.at !== undefined && timer.at <= until && (first?.at === undefined || timer.at < first.at))
        first = timer;
    }
    return first;
  };
  return {
    now: () => now,
    openTimer(expired) {
      const timer: FakeTimer = { at: undefined, expired };
      timers.add(timer);
      return {
        arm: (at) => {
          timer.at = at;
        },
        close: () => void timers.delete(timer),
      };
    },
    async advanceTo(at) {
      for (let due = next(at); due; due = next(at)) {
        now = instant(Math.max(now, due.at as Instant));
        due.at = undefined;
        due.expired();
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = at;
    },
  };
}
