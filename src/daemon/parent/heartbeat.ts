import { after, type Duration, type Instant, seconds } from '../../lib/duration.ts';
import type { ProcessActivity } from '../../os/processes/processes.ts';
import type { Timer } from '../../ports/timer.ts';

/** Between an answer and the next question. */
const PAUSE = seconds(2);
/** A child that answers nothing for so long is stuck; stopping one for a few seconds, as a debugger does, is not. */
const PATIENCE = seconds(8);
/** One that is at work, or would be if it were given a processor, may just be slow. */
const PATIENCE_WHILE_BUSY = seconds(60);
/** Reading in a large configuration may take its time. */
const PATIENCE_WHILE_LOADING = seconds(90);
/** When our own timer is that late, we were held up ourselves and blame nobody. */
const OWN_DELAY = seconds(1);

export interface HeartbeatHost {
  now(): Instant;
  openTimer(expired: () => void): Timer;
  /** Asks the child to answer. */
  ping(): void;
  activity(): ProcessActivity | undefined;
  /** The child has a configuration to take over. */
  loading(): boolean;
  /** No answer for `span`; `last` is what it last said of itself. */
  stuck(span: Duration, last: string): void;
}

/** Asks a child again and again whether it is still there, and notices when it is alive but stuck. */
export class Heartbeat {
  readonly #host: HeartbeatHost;
  readonly #timer: Timer;
  #askedAt: Instant | undefined;
  /** What the child was about when it was last looked at. */
  #seen: ProcessActivity | undefined;
  #due: Instant;
  #last = 'nothing yet';

  constructor(host: HeartbeatHost) {
    this.#host = host;
    this.#timer = host.openTimer(() => this.#expired());
    this.#due = host.now();
    this.#arm(PAUSE);
  }

  answered(doing: string): void {
    this.#last = doing;
    if (this.#askedAt === undefined) return;
    this.#askedAt = undefined;
    this.#arm(PAUSE);
  }

  close(): void {
    this.#timer.close();
  }

  #expired(): void {
    const now = this.#host.now();
    const delayed = now - this.#due > OWN_DELAY;
    if (this.#askedAt === undefined) {
      this.#askedAt = now;
      this.#seen = this.#host.activity();
      this.#host.ping();
    } else if (!delayed && now - this.#askedAt >= this.#patience() && !this.#isBusy(now - this.#askedAt)) {
      this.#host.stuck((now - this.#askedAt) as Duration, this.#last);
      return;
    }
    this.#arm(delayed ? PAUSE : this.#remaining(now));
  }

  #isBusy(silence: number): boolean {
    const before = this.#seen;
    this.#seen = this.#host.activity();
    if (silence >= PATIENCE_WHILE_BUSY || !this.#seen) return false;
    return this.#seen.runnable || this.#seen.used > (before?.used ?? 0);
  }

  #remaining(now: Instant): Duration {
    const asked = this.#askedAt ?? now;
    return Math.max(asked + this.#patience() - now, PAUSE) as Duration;
  }

  #patience(): Duration {
    return this.#host.loading() ? PATIENCE_WHILE_LOADING : PATIENCE;
  }

  #arm(span: Duration): void {
    this.#due = after(this.#host.now(), span);
    this.#timer.arm(this.#due);
  }
}
