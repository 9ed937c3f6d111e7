import { after, type Instant, seconds } from '../../lib/duration.ts';

/** As many times a message may come within one window. */
const ALLOWED = 100;
const WINDOW = seconds(10);
/** Different messages that are remembered. */
const REMEMBERED = 1000;

interface Seen {
  readonly since: Instant;
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

  /** Whether the message may be written at `now`; `key` names message and speaker. */
  admits(key: string, now: Instant): boolean {
    const known = this.#seen.get(key);
    if (known && now < after(known.since, WINDOW)) return ++known.count <= ALLOWED;
    if (this.#seen.size >= REMEMBERED) this.#forget();
    this.#seen.set(key, { since: now, count: 1 });
    return true;
  }

  /** What was held back in windows that are over; with `all` in those that are not, too. Each is told once. */
  takeSuppressed(now: Instant, all = false): Suppressed[] {
    const over: Suppressed[] = [];
    for (const [key, { since, count }] of this.#seen) {
      if (!all && now < after(since, WINDOW)) break;
      this.#seen.delete(key);
      if (count > ALLOWED) over.push({ key, count: count - ALLOWED });
    }
    return over;
  }

  /** When there is next something to tell of what was held back; undefined while nothing was. */
  get toldAt(): Instant | undefined {
    for (const { since, count } of this.#seen.values()) if (count > ALLOWED) return after(since, WINDOW);
    return undefined;
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
