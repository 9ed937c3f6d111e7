import { DeadlineHeap } from '../../src/lib/deadline-heap.ts';
import type { Instant } from '../../src/lib/duration.ts';
import { deadline, transition } from '../../src/vrrp/machine.ts';
import { initialMemory } from '../../src/vrrp/memory.ts';
import type { Parameters } from '../../src/vrrp/parameters.ts';
import type { Event, State } from '../../src/vrrp/state.ts';

export interface Router {
  readonly parameters: Parameters;
  state: State;
  holdsAddresses: boolean;
  /** Routers of one partition hear each other. */
  partition: number;
}

/** What becomes of one advert on its way to one receiver: delays in microseconds, one a copy; none means lost. */
export type Delivery = () => readonly number[];

/** Many virtual routers on a fake link with a virtual clock. Nothing here is random: `delivery` decides. */
export class VrrpNetwork {
  readonly routers: readonly Router[];
  now = 0 as Instant;
  delivery: Delivery = () => [100];
  readonly #agenda = new DeadlineHeap<string>();
  readonly #pending = new Map<string, () => void>();
  #sequence = 0;

  constructor(all: readonly Parameters[]) {
    this.routers = all.map((parameters) => ({
      parameters,
      state: { name: 'initialize', memory: initialMemory(parameters.instance.advertisementInterval) },
      holdsAddresses: false,
      partition: 0,
    }));
  }

  start(router: Router): void {
    this.feed(router, { type: 'start', from: this.now, faulty: false });
  }

  /** A crash: nothing is sent, everything is forgotten. */
  kill(router: Router): void {
    router.state = { name: 'initialize', memory: initialMemory(router.parameters.instance.advertisementInterval) };
    router.holdsAddresses = false;
    this.#rearm(router);
  }

  feed(router: Router, event: Event): void {
    const step = transition(router.parameters, router.state, event, this.now);
    router.state = step.state;
    for (const action of step.actions) {
      if (action.type === 'sendAdvert') this.#transmit(router, action.priority);
      if (action.type === 'addAddresses') router.holdsAddresses = true;
      if (action.type === 'removeAddresses') router.holdsAddresses = false;
    }
    this.#rearm(router);
  }

  /** Lets the clock run to `until`, everything due happening in order. */
  run(until: Instant, afterEach: () => void = () => {}): void {
    for (let at = this.#agenda.earliest(); at !== undefined && at <= until; at = this.#agenda.earliest()) {
      this.now = Math.max(this.now, at) as Instant;
      const key = this.#agenda.takeDue(this.now) as string;
      const act = this.#pending.get(key) as () => void;
      this.#pending.delete(key);
      act();
      afterEach();
    }
    this.now = until;
  }

  masters(partition: number): readonly Router[] {
    return this.routers.filter((router) => router.partition === partition && router.state.name === 'master');
  }

  #rearm(router: Router): void {
    const key = `router ${this.routers.indexOf(router)}`;
    this.#pending.set(key, () => this.feed(router, { type: 'timer' }));
    this.#agenda.set(key, deadline(router.state));
  }

  #transmit(sender: Router, priority: number): void {
    const source = sender.parameters.sourceAddress;
    if (source === undefined) return;
    for (const receiver of this.routers) {
      if (receiver === sender || receiver.partition !== sender.partition) continue;
      for (const delay of this.delivery()) {
        const key = `advert ${this.#sequence++}`;
        this.#pending.set(key, () => {
          if (receiver.partition === sender.partition)
            this.feed(receiver, { type: 'advert', advert: { source, priority } });
        });
        this.#agenda.set(key, (this.now + delay) as Instant);
      }
    }
  }
}
