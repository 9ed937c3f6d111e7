import type { VirtualRouter } from '../../src/daemon/vrrp/virtual-router.ts';
import { DeadlineHeap } from '../../src/lib/deadline-heap.ts';
import { after, type Instant, instant } from '../../src/lib/duration.ts';
import type { IpAddress } from '../../src/lib/ip.ts';
import { masterDownInterval } from '../../src/vrrp/timers.ts';
import type { Datagram } from '../../src/vrrp/transmit.ts';
import { Random } from './random.ts';
import { SimulatedHost } from './simulated-host.ts';
import { drawVariant, type Variant, weighing } from './simulation-variant.ts';

const HEALTHY_DELAY = 100;
/** The longest that a packet of a sick network is still under way when all is well again. */
const LAST_FLIGHT = 1_000_000;

/**
 * Hosts with the same virtual routers on a network that loses, delays, repeats, reorders and parts, on a virtual clock.
 * All that happens follows from the seed. `violation` says what broke the promise, with what led to it.
 */
export class Simulation {
  readonly #random: Random;
  readonly #variant: Variant;
  readonly #hosts: (SimulatedHost | undefined)[];
  readonly #partition: number[];
  readonly #agenda = new DeadlineHeap<SimulatedHost | (() => void)>();
  readonly #story: string[] = [];
  #now = instant(1_000_000);
  /** Since when nothing has been lost, delayed or changed. */
  #quietSince = this.#now;
  #sick = false;
  /** Since when a router of the configuration has two masters in one partition. */
  readonly #rivalsSince = new Map<number, Instant>();

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#variant = drawVariant(this.#random);
    this.#hosts = this.#variant.priorities.map(() => undefined);
    this.#partition = this.#variant.priorities.map(() => 0);
  }

  /** Plays the whole schedule; the first violation, or undefined. */
  play(): string | undefined {
    for (let index = 0; index < this.#hosts.length; index++) if (this.#random.chance(0.8)) this.#boot(index);
    const incidents = this.#random.between(2, 8);
    for (let n = 0; n < incidents; n++) {
      const interval = this.#variant.interval;
      const span = this.#random.chance(0.15) ? this.#window + 2 * interval : this.#random.between(1000, 3 * interval);
      const problem = this.#run(span);
      if (problem !== undefined) return this.#told(problem);
      this.#incident();
    }
    this.#heal();
    const problem = this.#run(2 * this.#window + this.#variant.preemptDelay + 3 * this.#variant.interval);
    return this.#told(problem ?? this.#unsettled());
  }

  /** How long a network without trouble may have two masters, or none: the longest master-down interval and three adverts. */
  get #window(): number {
    const [slowest] = this.#hosts.flatMap((host) => host?.routers ?? []);
    const interval = this.#variant.interval;
    const down = slowest ? masterDownInterval({ instance: slowest.instance, effectivePriority: 1 }, interval) : 0;
    return down + 3 * interval + HEALTHY_DELAY;
  }

  /** What has happened so far, one line each. */
  get story(): readonly string[] {
    return this.#story;
  }

  #told(problem: string | undefined): string | undefined {
    return problem && [problem, JSON.stringify(this.#variant), ...this.#story].join('\n');
  }

  #note(text: string): void {
    this.#story.push(`${(this.#now / 1e6).toFixed(6)} ${text}`);
    this.#quietSince = this.#now;
  }

  #boot(index: number): void {
    const { instancesOf, groups, addresses } = this.#variant;
    const address = addresses[index] as IpAddress;
    const host = new SimulatedHost({
      ...{ address, instances: instancesOf(index), groups, now: () => this.#now },
      transmit: (datagram) => this.#transmit(index, datagram),
    });
    this.#hosts[index] = host;
    this.#agenda.set(host, host.deadline());
    this.#note(`host ${index} starts`);
  }

  #run(span: number): string | undefined {
    const until = after(this.#now, span);
    for (let at = this.#agenda.earliest(); at !== undefined && at <= until; at = this.#agenda.earliest()) {
      this.#now = instant(Math.max(this.#now, at));
      const due = this.#agenda.takeDue(this.#now);
      if (due instanceof SimulatedHost) this.#act(due, () => due.expire());
      else due?.();
      const problem = this.#violation();
      if (problem !== undefined) return problem;
    }
    this.#now = until;
    return this.#violation();
  }

  #act(host: SimulatedHost, step: () => void): void {
    step();
    this.#agenda.set(host, host.deadline());
  }

  #transmit(from: number, datagram: Datagram): void {
    const { addresses, multicastGroup } = this.#variant;
    const source = addresses[from] as IpAddress;
    for (const [index, address] of addresses.entries()) {
      if (index === from || (datagram.destination !== multicastGroup && datagram.destination !== address)) continue;
      for (const delay of this.#delays()) {
        const arrive = (): void => {
          const host = this.#hosts[index];
          if (host && this.#partition[index] === this.#partition[from]) {
            this.#act(host, () => host.receive(datagram, source));
          }
        };
        this.#agenda.set(arrive, after(this.#now, delay));
      }
    }
  }

  /** One for each copy that arrives. */
  #delays(): readonly number[] {
    if (!this.#sick) return [HEALTHY_DELAY];
    const delay = (): number => this.#random.between(20, this.#random.chance(0.2) ? LAST_FLIGHT : 5000);
    if (this.#random.chance(0.3)) return [];
    return this.#random.chance(0.2) ? [delay(), delay()] : [delay()];
  }

  #incident(): void {
    const index = this.#random.between(0, this.#hosts.length - 1);
    const host = this.#hosts[index];
    const what = this.#random.oneOf('power', 'power', 'link', 'partition', 'network', 'script', 'stop', 'rest');
    const good = this.#random.chance(0.5);
    this.#note(`host ${index}: ${what} ${good ? 'on' : 'off'}`);
    if (what === 'partition') this.#partition[index] = good ? 0 : 1;
    else if (what === 'network') this.#sick = !good;
    else if (what === 'power' && good && !host) this.#boot(index);
    if (!host) return;
    if (what === 'power' || what === 'stop') {
      if (what === 'stop') host.stop();
      this.#agenda.delete(host);
      this.#hosts[index] = undefined;
      if (what === 'power' && good) this.#boot(index);
    } else if (what === 'link') this.#act(host, () => host.setLink(good));
    else if (what === 'script') this.#act(host, () => host.track(weighing, good));
  }

  #heal(): void {
    this.#note('all is well again');
    this.#sick = false;
    this.#partition.fill(0);
    for (const [index, host] of this.#hosts.entries()) {
      if (!host) this.#boot(index);
      else {
        this.#act(host, () => {
          host.setLink(true);
          host.track(weighing, true);
        });
      }
    }
    for (const host of this.#hosts) if (host) this.#act(host, () => host.track(weighing, true));
  }

  #violation(): string | undefined {
    for (const host of this.#hosts) {
      for (const router of host?.routers ?? []) {
        const { name } = router.state;
        if (router.holdsAddresses !== (name === 'master')) return `${this.#now}: addresses held as ${name}`;
      }
      const masters = host?.routers.filter(({ state }) => state.name === 'master').length ?? 0;
      if (masters !== 0 && masters !== host?.routers.length)
        return `${this.#now}: a sync group that is not of one mind`;
    }
    for (let position = 0; position < this.#variant.routers; position++) {
      const masters = this.#masters(position).map((index) => this.#partition[index]);
      if (this.#sick || new Set(masters).size === masters.length) this.#rivalsSince.delete(position);
      else if (this.#lasting(position)) return `${this.#now}: two masters of router ${position}`;
    }
    return undefined;
  }

  /** Two masters may both speak until one has heard the other's next advert. */
  #lasting(position: number): boolean {
    const since = this.#rivalsSince.get(position) ?? this.#now;
    this.#rivalsSince.set(position, since);
    return this.#now > Math.max(since, this.#quietSince) + this.#variant.interval + LAST_FLIGHT;
  }

  /** Hosts whose router at that position of the configuration is master. */
  #masters(position: number): number[] {
    const isMaster = (router: VirtualRouter | undefined): boolean => router?.state.name === 'master';
    return this.#hosts.flatMap((host, index) => (isMaster(host?.routers[position]) ? [index] : []));
  }

  /** What differs from one master for all, of the highest priority where masters are preempted. */
  #unsettled(): string | undefined {
    const { routers, preempt, priorities } = this.#variant;
    const all = Array.from({ length: routers }, (_, position) => this.#masters(position).join());
    const [first = ''] = all;
    if (!/^\d+$/.test(first) || all.some((each) => each !== first)) return `masters at the end: ${all.join(' | ')}`;
    const best = preempt ? Math.max(...priorities) : 0;
    return (priorities[Number(first)] ?? 0) < best ? `host ${first} is master at the end` : undefined;
  }
}
