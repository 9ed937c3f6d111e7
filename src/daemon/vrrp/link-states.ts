import type { Config, InterfaceDelay, LinkbeatInterface, VrrpInstance } from '../../config/types.ts';
import { after, type Duration, type Instant, micros, seconds } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import { hasLinkbeat, type LinkbeatMethod, linkbeatMethod } from '../../os/sockets/linkbeat.ts';
import type { Clock } from '../../ports/timer.ts';
import { type LinkBelief, limitedDelays, observeLink } from '../../track/link.ts';
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

/** What is held of a link that has to hold its state for a time, and the flags it had when that began to count. */
interface Held {
  readonly belief: LinkBelief;
  readonly flags: number;
}

/** Whether links are believed to be up: after their delays, or where asked for by polling the device, and then at once. */
export class LinkStates {
  readonly #interfaces: Interfaces;
  readonly #log: Log;
  readonly #changed: () => void;
  readonly #agenda: Agenda<'poll' | 'settle'>;
  readonly #held = new Map<string, Held>();
  #configured: readonly InterfaceDelay[] = [];
  #delays = new Map<string, InterfaceDelay>();
  #polled = new Map<string, Polled>();
  #listed: readonly string[] = [];
  /** Interfaces of virtual routers' own, and those below them. */
  #bases = new Map<string, string>();

  constructor(clock: Clock, interfaces: Interfaces, log: Log, changed: () => void) {
    this.#interfaces = interfaces;
    this.#log = log;
    this.#changed = changed;
    this.#agenda = new Agenda<'poll' | 'settle'>(clock, (what) => (what === 'poll' ? this.#poll() : this.#settle()));
  }

  configure(config: Config): void {
    this.#bases = new Map(config.instances.flatMap((one) => (one.vmac ? [[one.vmac.name, one.interface]] : [])));
    this.#listed = config.linkbeatInterfaces.map((one) => one.interface);
    const before = this.#polled;
    this.#polled = new Map(
      polledInterfaces(config).map(({ interface: name, method: configured }) => {
        const known = before.get(name);
        const method = known && known.configured === configured ? known.method : linkbeatMethod(name, configured);
        return [name, { configured, method, up: hasLinkbeat(name, method) }];
      }),
    );
    this.#setDelays(config.interfaceDelays);
    this.#agenda.set('poll', this.#polled.size > 0 ? after(this.#agenda.now(), POLLING_INTERVAL) : undefined);
  }

  /** The delays as they are now, after limits that masters' intervals set. */
  get delays(): readonly InterfaceDelay[] {
    return this.#configured;
  }

  /** No delay of the instance's interface may be longer, until the next reload. */
  limit({ name, interface: link }: Pick<VrrpInstance, 'name' | 'interface'>, longest: Duration): void {
    const limited = limitedDelays(this.#configured, link, longest);
    if (!limited) return;
    const message = `${name}: lower advert_int reducing interface ${link} debounce timer(s)`;
    this.#log({ level: 'info', message, detail: true });
    this.#setDelays(limited);
  }

  /** What becomes of polling, where `followed` are the interfaces that virtual routers depend on. */
  sayPolling(followed: ReadonlySet<string>): void {
    const known = [...this.#polled].map(([name, polled]) => ({
      name,
      ...polled,
      index: this.#interfaces.named(name)?.ifindex,
    }));
    let used = false;
    for (const { name, configured, method, index } of known.sort((a, b) => (a.index ?? 0) - (b.index ?? 0))) {
      if (index === undefined) continue;
      if (!followed.has(name)) {
        if (this.#listed.includes(name)) this.#say(`Turning off linkbeat for ${name} since not used for tracking`);
        continue;
      }
      used = true;
      if (configured !== undefined && configured !== method)
        this.#say(`(${name}): Configured linkbeat type ${configured} not supported, using ${method}`);
    }
    if (used) this.#say('Using MII-BMSR/ETHTOOL NIC polling thread(s)...');
  }

  isUp(name: string): boolean {
    return this.#held.get(name)?.belief.up ?? this.#actual(name);
  }

  /** How its state is polled; undefined where the kernel tells it. */
  pollingOf(name: string): LinkbeatMethod | undefined {
    return this.#polled.get(name)?.method;
  }

  /** What is still believed of a link that has changed and has to hold that for a time. */
  delayed(name: string): { readonly up: boolean } | undefined {
    const held = this.#held.get(name);
    return held?.belief.changesAt === undefined ? undefined : { up: held.belief.up };
  }

  /** Its state comes from polling. */
  isPolled(name: string): boolean {
    return this.#polled.has(name);
  }

  /** The kernel has told something about links. */
  refresh(): void {
    const now = this.#agenda.now();
    let next: number | undefined;
    for (const [name, held] of this.#held) {
      const observed = this.#observe(name, held, now);
      this.#held.set(name, observed);
      const { changesAt } = observed.belief;
      if (changesAt !== undefined) next = Math.min(next ?? changesAt, changesAt);
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
    for (const [name, polled] of this.#polled) {
      const up = hasLinkbeat(name, polled.method);
      if (up === polled.up) continue;
      polled.up = up;
      this.#changed();
    }
  }

  /** What is gone is down at once. */
  #observe(name: string, held: Held, now: Instant): Held {
    const link = this.#interfaces.named(name);
    const delay = link && this.#delays.get(name);
    const belief = observeLink(delay, held.belief, this.#actual(name), now);
    const flags = link?.flags ?? 0;
    if (belief.up !== held.belief.up) return { belief, flags };
    const [waited, waits] = [held.belief.changesAt !== undefined, belief.changesAt !== undefined];
    if (waits && !waited) {
      const change = `from 0x${held.flags.toString(16)} to 0x${flags.toString(16)}`;
      this.#say(
        `${name}: Adding flags change ${change} delay by ${(belief.up ? delay?.down : delay?.up) ?? micros(0)}`,
      );
    }
    if (waited && !waits && flags !== held.flags) this.#say(`Delay timer for ${name} cancelled`);
    return { belief, flags: held.flags };
  }

  /** Other delays; a wait that has begun goes on. */
  #setDelays(delays: readonly InterfaceDelay[]): void {
    this.#configured = delays;
    const own = delays.filter(({ interface: name }) => !this.#bases.has(name) && !this.#polled.has(name));
    this.#delays = new Map(own.map((delay) => [delay.interface, delay]));
    for (const [name, base] of this.#bases) {
      const below = this.#delays.get(base);
      if (below) this.#delays.set(name, below);
    }
    for (const name of this.#held.keys()) if (!this.#delays.has(name)) this.#held.delete(name);
    for (const name of this.#delays.keys()) {
      if (this.#held.has(name)) continue;
      this.#held.set(name, { belief: { up: this.#actual(name) }, flags: this.#interfaces.named(name)?.flags ?? 0 });
    }
  }

  #actual(name: string): boolean {
    const polled = this.#polled.get(name);
    if (polled) return polled.up && this.#interfaces.named(name) !== undefined;
    return this.#interfaces.isUp(name);
  }

  #say(message: string): void {
    this.#log({ level: 'info', message });
  }
}

/** linkbeat_interfaces, and what linkbeat_use_polling adds to them: instances' own interfaces, not those they track. */
function polledInterfaces(config: Config): readonly LinkbeatInterface[] {
  const polled = new Map(config.linkbeatInterfaces.map((one) => [one.interface, one]));
  for (const { interface: name, linkbeatUsePolling } of config.instances) {
    const asked = linkbeatUsePolling || config.global.linkbeatUsePolling;
    if (asked && name !== '' && !polled.has(name)) polled.set(name, { interface: name });
  }
  return [...polled.values()];
}
