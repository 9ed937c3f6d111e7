import type { Config, InterfaceDelay, LinkbeatInterface } from '../../config/types.ts';
import { after, seconds } from '../../lib/duration.ts';
import { hasLinkbeat, type LinkbeatMethod, linkbeatMethod } from '../../os/sockets/linkbeat.ts';
import type { Clock } from '../../ports/timer.ts';
import { type LinkBelief, observeLink } from '../../track/link.ts';
import { Agenda } from './agenda.ts';
import type { Interfaces } from './interfaces.ts';

const POLLING_INTERVAL = seconds(1);

interface Polled {
  /** Where asking begins; undefined for all ways in their order. */
  readonly configured: LinkbeatMethod | undefined;
  /** The first from there on that the device answers. */
  readonly method: LinkbeatMethod;
  up: boolean;
}

/** Whether links are believed to be up: after their delays, and where asked for by polling the device. */
export class LinkStates {
  readonly #interfaces: Interfaces;
  readonly #changed: () => void;
  readonly #agenda: Agenda<'poll' | 'settle'>;
  readonly #beliefs = new Map<string, LinkBelief>();
  #delays = new Map<string, InterfaceDelay>();
  #polled = new Map<string, Polled>();

  constructor(clock: Clock, interfaces: Interfaces, changed: () => void) {
    this.#interfaces = interfaces;
    this.#changed = changed;
    this.#agenda = new Agenda<'poll' | 'settle'>(clock, (what) => (what === 'poll' ? this.#poll() : this.#settle()));
  }

  configure(config: Config): void {
    this.setDelays(config.interfaceDelays);
    for (const name of this.#beliefs.keys()) if (!this.#delays.has(name)) this.#beliefs.delete(name);
    for (const name of this.#delays.keys()) {
      if (!this.#beliefs.has(name)) this.#beliefs.set(name, { up: this.#actual(name) });
    }
    const before = this.#polled;
    this.#polled = new Map(
      polledInterfaces(config).map(({ interface: name, method: configured }) => {
        const known = before.get(name);
        const method = known && known.configured === configured ? known.method : linkbeatMethod(name, configured);
        return [name, { configured, method, up: hasLinkbeat(name, method) }];
      }),
    );
    this.#agenda.set('poll', this.#polled.size > 0 ? after(this.#agenda.now(), POLLING_INTERVAL) : undefined);
  }

  /** Other delays of the same interfaces; a wait that has begun goes on. */
  setDelays(delays: readonly InterfaceDelay[]): void {
    this.#delays = new Map(delays.map((delay) => [delay.interface, delay]));
  }

  isUp(name: string): boolean {
    return this.#beliefs.get(name)?.up ?? this.#actual(name);
  }

  /** How its state is polled; undefined where the kernel tells it. */
  pollingOf(name: string): LinkbeatMethod | undefined {
    return this.#polled.get(name)?.method;
  }

  /** What is still believed of a link that has changed and has to hold that for a time. */
  delayed(name: string): { readonly up: boolean } | undefined {
    const belief = this.#beliefs.get(name);
    return belief?.changesAt === undefined ? undefined : { up: belief.up };
  }

  /** Its state comes from polling. */
  isPolled(name: string): boolean {
    return this.#polled.has(name);
  }

  /** The kernel has told something about links. */
  refresh(): void {
    const now = this.#agenda.now();
    let next: number | undefined;
    for (const [name, belief] of this.#beliefs) {
      const observed = observeLink(this.#delays.get(name), belief, this.#actual(name), now);
      this.#beliefs.set(name, observed);
      if (observed.changesAt !== undefined) next = Math.min(next ?? observed.changesAt, observed.changesAt);
    }
    this.#agenda.set('settle', next === undefined ? undefined : after(now, next - now));
  }

  close(): void {
    this.#agenda.close();
  }

  #settle(): void {
    this.refresh();
    this.#changed();
  }

  #poll(): void {
    this.#agenda.set('poll', after(this.#agenda.now(), POLLING_INTERVAL));
    let changed = false;
    for (const [name, polled] of this.#polled) {
      const up = hasLinkbeat(name, polled.method);
      changed ||= up !== polled.up;
      polled.up = up;
    }
    if (!changed) return;
    this.refresh();
    this.#changed();
  }

  #actual(name: string): boolean {
    const polled = this.#polled.get(name);
    if (polled) return polled.up && this.#interfaces.named(name)?.up === true;
    return this.#interfaces.isUp(name);
  }
}

/** linkbeat_interfaces, and what linkbeat_use_polling adds to them. */
function polledInterfaces(config: Config): readonly LinkbeatInterface[] {
  const polled = new Map(config.linkbeatInterfaces.map((one) => [one.interface, one]));
  for (const { interface: name, linkbeatUsePolling, trackInterfaces } of config.instances) {
    const names = linkbeatUsePolling ? [name] : [];
    if (config.global.linkbeatUsePolling) names.push(name, ...trackInterfaces.map((item) => item.name));
    for (const each of names) if (each !== '' && !polled.has(each)) polled.set(each, { interface: each });
  }
  return [...polled.values()];
}
