import type { InterfaceDelay } from '../config/types.ts';
import { after, type Duration, type Instant, micros } from '../lib/duration.ts';

/** What is believed of a link, and when the contrary will be if it lasts. */
export interface LinkBelief {
  readonly up: boolean;
  readonly changesAt?: Instant;
}

/** A link has to hold its new state for the configured time (interface_up_down_delays). */
export function observeLink(
  delays: Pick<InterfaceDelay, 'up' | 'down'> | undefined,
  belief: LinkBelief,
  up: boolean,
  now: Instant,
): LinkBelief {
  if (up === belief.up) return { up };
  if (belief.changesAt !== undefined) return now < belief.changesAt ? belief : { up };
  const delay = (up ? delays?.up : delays?.down) ?? 0;
  return delay === 0 ? { up } : { up: belief.up, changesAt: after(now, delay) };
}

/** The delays with those of one interface held to `longest`; undefined where none is longer. */
export function limitedDelays(
  delays: readonly InterfaceDelay[],
  interfaceName: string,
  longest: Duration,
): readonly InterfaceDelay[] | undefined {
  const isTooLong = ({ interface: name, up, down }: InterfaceDelay) =>
    name === interfaceName && (up > longest || down > longest);
  if (!delays.some(isTooLong)) return undefined;
  const least = (delay: Duration): Duration => micros(Math.min(delay, longest));
  return delays.map((delay) => (isTooLong(delay) ? { ...delay, up: least(delay.up), down: least(delay.down) } : delay));
}
