import type { Chance } from '../../../src/bfd/session.ts';
import type { BfdInstance } from '../../../src/config/types.ts';
import { millis } from '../../../src/lib/duration.ts';
import { parseIp } from '../../../src/lib/ip.ts';

/** A session of one hop: ten packets a second once it is up. */
export const parameters: BfdInstance = {
  ...{ name: 'B1', family: 4, neighbor: parseIp('192.0.2.2')!, minimumReceive: millis(100) },
  ...{ minimumTransmit: millis(100), idleTransmit: millis(1000), multiplier: 3, passive: false, ttl: 255 },
  ...{ maximumHops: 0, multihop: false, weight: 0, reverse: false, forVrrp: true, forCheckers: true },
};

/** The jitter is `random` each time, and the discriminators count up from `first`. */
export function chance(random = 0.5, first = 1): Chance {
  let next = first;
  return { random: () => random, discriminator: () => next++ };
}
