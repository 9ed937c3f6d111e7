import { DeadlineHeap } from '../../lib/deadline-heap.ts';
import type { Instant } from '../../lib/duration.ts';
import { openTimer } from '../../os/timer.ts';
import type { Clock, Timer } from '../../ports/timer.ts';

/** One deadline a key on the monotonic clock, over one timer. */
export class Agenda<K> {
  readonly #clock: Clock;
  readonly #due: (key: K, now: Instant) => void;
  readonly #deadlines = new DeadlineHeap<K>();
  readonly #timer: Timer;

  constructor(clock: Clock, due: (key: K, now: Instant) => void) {
    this.#clock = clock;
    this.#due = due;
    this.#timer = openTimer(() => this.#expired());
  }

  now(): Instant {
    return this.#clock.now();
  }

  /** Replaces the key's deadline; undefined removes it. */
  set(key: K, at: Instant | undefined): void {
    this.#deadlines.set(key, at);
    this.#timer.arm(this.#deadlines.earliest());
  }

  close(): void {
    this.#timer.close();
  }

  #expired(): void {
    const now = this.now();
    for (let key = this.#deadlines.takeDue(now); key !== undefined; key = this.#deadlines.takeDue(now)) {
      this.#due(key, now);
    }
    this.#timer.arm(this.#deadlines.earliest());
  }
}
