import type { Instant } from '../../lib/duration.ts';
import type { Repetition } from '../../os/sockets/repeater.ts';
import type { RepeatCounter } from '../../os/sockets/vrrp-socket.ts';
import { deadline } from '../../vrrp/machine.ts';
import type { Parameters } from '../../vrrp/parameters.ts';
import type { State } from '../../vrrp/state.ts';
import { heardMeanwhile, masterDownAfter, sentMeanwhile } from '../../vrrp/steady.ts';

const NEVER = 0 as Instant;

/** What goes on without the machine of one virtual router, until something but time happens to it. */
export class SteadyState {
  #sending: Repetition | undefined;
  #hearing: RepeatCounter | undefined;
  /** What was heard since the machine's state was brought up to date. */
  #heard = 0;
  #heardAt: Instant = NEVER;
  /** Told of the identification of the last advert that left. */
  readonly #numbered: (identification: number) => void;

  constructor(numbered: (identification: number) => void) {
    this.#numbered = numbered;
  }

  /** Its adverts leave by themselves: it has no deadline. */
  get isSending(): boolean {
    return this.#sending !== undefined;
  }

  get isActive(): boolean {
    return this.#sending !== undefined || this.#hearing !== undefined;
  }

  send(sending: Repetition | undefined): void {
    this.#sending = sending;
  }

  hear(hearing: RepeatCounter | undefined): void {
    this.#hearing = hearing;
  }

  /** When something else than this may be due. For hundreds of backups this is all that time does: it makes no new state. */
  deadline(parameters: Parameters, state: State): Instant | undefined {
    if (this.#sending) return undefined;
    if (!this.#hearing || state.name !== 'backup') return deadline(state);
    this.#listen(this.#hearing);
    return this.#heard > 0 ? masterDownAfter(parameters, state, this.#heardAt) : state.masterDownAt;
  }

  /** The machine's state now. */
  follow(parameters: Parameters, state: State): State {
    return this.#caughtUp(parameters, state, this.#sending?.sent());
  }

  /** The same, and from now on nothing happens without the machine. */
  end(parameters: Parameters, state: State): State {
    const caughtUp = this.#caughtUp(parameters, state, this.#sending?.stop());
    this.#hearing?.close();
    this.#sending = undefined;
    this.#hearing = undefined;
    return caughtUp;
  }

  #caughtUp(parameters: Parameters, state: State, sent: ReturnType<Repetition['sent']> | undefined): State {
    if (sent && state.name === 'master' && sent.count > 0) {
      this.#numbered(sent.identification);
      return sentMeanwhile(state, sent.count, sent.lastAt, sent.nextAt);
    }
    if (this.#hearing && state.name === 'backup') {
      this.#listen(this.#hearing);
      const heard = this.#heard;
      this.#heard = 0;
      return heardMeanwhile(parameters, state, heard, this.#heardAt);
    }
    return state;
  }

  #listen(hearing: RepeatCounter): void {
    const { count, lastAt } = hearing.taken();
    if (count === 0) return;
    this.#heard += count;
    this.#heardAt = lastAt;
  }
}
