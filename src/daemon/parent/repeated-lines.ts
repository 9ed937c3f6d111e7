/** As many times a message may come within one window. */
const ALLOWED = 100;
const WINDOW_MILLISECONDS = 10_000;
/** Different messages that are remembered. */
const REMEMBERED = 1000;

interface Seen {
  readonly since: number;
  count: number;
}

/** What to say of a message that was held back. */
export interface Suppressed {
  readonly key: string;
  readonly count: number;
}

/** Holds back messages that come over and over, so that one fault cannot fill the log or keep the log daemon busy. */
export class RepeatedLines {
  readonly #seen = new Map<string, Seen>();

  /** Whether the message may be written at `now`, in milliseconds; `key` names message and speaker. */
  admits(key: string, now: number): boolean {
    const known = this.#seen.get(key);
    if (known && now - known.since < WINDOW_MILLISECONDS) return ++known.count <= ALLOWED;
    if (this.#seen.size >= REMEMBERED) this.#forget();
    this.#seen.set(key, { since: now, count: 1 });
    return true;
  }

  /** What was held back in windows that are over; with `all` in those that are not, too. Each is told once. */
  takeSuppressed(now: number, all = false): Suppressed[] {
    const over: Suppressed[] = [];
    for (const [key, { since, count }] of this.#seen) {
      if (!all && now - since < WINDOW_MILLISECONDS) break;
      this.#seen.delete(key);
      if (count > ALLOWED) over.push({ key, count: count - ALLOWED });
    }
    return over;
  }

  /** The oldest that has nothing to report gives way. */
  #forget(): void {
    for (const [key, { count }] of this.#seen) {
      if (count > ALLOWED) continue;
      this.#seen.delete(key);
      return;
    }
  }
}
