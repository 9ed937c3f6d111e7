import type { Parameters } from '../../vrrp/parameters.ts';
import type { State } from '../../vrrp/state.ts';
import { heardMeanwhile, sentMeanwhile } from '../../vrrp/steady.ts';
import type { Repetition } from '../../os/sockets/repeater.ts';
import type { RepeatCounter } from '../../os/sockets/vrrp-socket.ts';

/** What goes on without the machine of one virtual router, until something but time happens to it. */
export class SteadyState {
  #sending: Repetition | undefined;
  #hearing: RepeatCounter | undefined;
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
      const { count, lastAt } = this.#hearing.taken();
      return heardMeanwhile(parameters, state, count, lastAt);
    }
    return state;
  }
}
