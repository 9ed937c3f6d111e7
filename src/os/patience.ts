import type { Duration } from '../lib/duration.ts';

/** A limit that can be called off. */
export interface Patience {
  cancel(): void;
}

/**
 * Calls back when the time is over and what the kernel had ready by then has been handed out: timers come first in a
 * turn of the event loop, so a busy process would otherwise call servers late that have long answered.
 */
export function afterPendingInput(limit: Duration, callback: () => void): Patience {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    immediate = setImmediate(callback);
  }, milliseconds(limit));
  return {
    cancel() {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}

/** A reader that waits, for a limited time, until something happens. `changed` is called when it begins and ends to wait. */
export class Waiting {
  readonly #changed: () => void;
  #settle: ((happened: boolean) => void) | undefined;

  constructor(changed: () => void = () => {}) {
    this.#changed = changed;
  }

  get isOn(): boolean {
    return this.#settle !== undefined;
  }

  /** True once something happened, false when `limit` passed first. */
  begin(limit: Duration): Promise<boolean> {
    return new Promise((resolve) => {
      const expiry = afterPendingInput(limit, () => this.#settle?.(false));
      this.#settle = (happened) => {
        expiry.cancel();
        this.#settle = undefined;
        this.#changed();
        resolve(happened);
      };
      this.#changed();
    });
  }

  /** Something has happened. */
  end(): void {
    this.#settle?.(true);
  }
}

/** What the engine's timers take; they would call back at once instead of waiting longer. */
const LONGEST_MILLISECONDS = 0x7fffffff;

/** At least one, and never shorter than asked unless that is more than 24 days. */
export function milliseconds(span: Duration): number {
  return Math.min(Math.max(1, Math.ceil(span / 1000)), LONGEST_MILLISECONDS);
}
