import { after, type Duration } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import type { Clock, Timer } from '../../ports/timer.ts';

export interface TableGuardWorld {
  readonly clock: Clock;
  readonly log: Log;
  openTimer(expired: () => void): Timer;
  /** Text that differs whenever the table does; undefined when it cannot be had. */
  fingerprint(): string | undefined;
  /** Puts the table right; the number of commands that took. */
  restore(): number;
}

/**
 * lvs_restore_services: IPVS tells nobody when its table changes, so that a guard looks at it again and again. It only
 * acts when what it sees has changed since it last looked.
 */
export class TableGuard {
  readonly #world: TableGuardWorld;
  readonly #interval: Duration;
  #timer: Timer | undefined;
  #last: string | undefined;
  /** Commands that put changes of others right. */
  #restored = 0;

  constructor(world: TableGuardWorld, interval: Duration) {
    this.#world = world;
    this.#interval = interval;
  }

  /** Begins or ends to look; the table is right at this moment. */
  configure(on: boolean): void {
    this.close();
    if (!on) return;
    this.#timer = this.#world.openTimer(() => this.#look());
    this.#last = this.#world.fingerprint();
    this.#arm();
  }

  close(): void {
    this.#timer?.close();
    this.#timer = undefined;
  }

  #look(): void {
    const now = this.#world.fingerprint();
    if (now !== undefined && now !== this.#last) {
      const commands = this.#world.restore();
      this.#restored += commands;
      if (commands > 0) {
        const message = `IPVS: services of ours were changed by somebody else - put right by ${commands} command(s), ${this.#restored} so far`;
        this.#world.log({ level: 'warning', message });
      }
      this.#last = this.#world.fingerprint();
    }
    this.#arm();
  }

  #arm(): void {
    this.#timer?.arm(after(this.#world.clock.now(), this.#interval));
  }
}
