import { DeadlineHeap } from '../../src/lib/deadline-heap.ts';
import { type Instant, instant } from '../../src/lib/duration.ts';
import type { IpAddress } from '../../src/lib/ip.ts';
import type { RouterBench } from './router-bench.ts';

/** Hosts with the same virtual routers, each router on a link of its own, on one virtual clock. */
export class GroupNetwork {
  readonly hosts: readonly RouterBench[];
  now = instant(1_000_000);
  /** What becomes of one advert on its way to one host: a delay in microseconds a copy; none means lost. */
  delivery: () => readonly number[] = () => [100];
  /** Hosts that a link does not reach, as "host router". */
  readonly cut = new Set<string>();
  readonly #flying = new DeadlineHeap<() => void>();

  constructor(hosts: readonly RouterBench[]) {
    this.hosts = hosts;
    for (const [index, host] of hosts.entries()) {
      host.transmit = (name, priority) => this.#transmit(index, name, priority);
    }
  }

  /** Lets the clock run, everything due happening in order. */
  run(seconds: number, afterEach: () => void = () => {}): void {
    const until = instant(this.now + Math.round(seconds * 1e6));
    for (let at = this.#next(); at !== undefined && at <= until; at = this.#next()) {
      this.#set(at);
      const arrives = this.#flying.takeDue(at);
      if (arrives) arrives();
      else {
        const host = this.hosts.find((one) => (one.deadline() ?? Number.POSITIVE_INFINITY) <= at);
        host?.expire(at);
      }
      afterEach();
    }
    this.#set(until);
  }

  #next(): Instant | undefined {
    const all = [this.#flying.earliest(), ...this.hosts.map((host) => host.deadline())];
    const known = all.filter((at) => at !== undefined);
    return known.length === 0 ? undefined : instant(Math.min(...known));
  }

  #set(at: Instant): void {
    this.now = instant(Math.max(this.now, at));
    for (const host of this.hosts) host.now = this.now;
  }

  #transmit(sender: number, name: string, priority: number): void {
    if (this.cut.has(`${sender} ${name}`)) return;
    const source = `10.9.0.${sender + 1}` as IpAddress;
    for (const [index, host] of this.hosts.entries()) {
      if (index === sender) continue;
      for (const delay of this.delivery()) {
        const arrive = (): void => {
          if (this.cut.has(`${index} ${name}`) || ['fault', 'initialize'].includes(host.router(name).state.name))
            return;
          host.hear(name, priority, source);
        };
        this.#flying.set(arrive, instant(this.now + delay));
      }
    }
  }
}
