import type { GlobalConfig } from '../../config/types.ts';
import { type Duration, micros } from '../../lib/duration.ts';

/**
 * How long to wait before the first election: vrrp_startup_delay, or until vrrp_delay_after_boot after the machine's start,
 * whichever is longer. `uptime` is absent where the machine does not tell.
 */
export function startupDelay({ startupDelay: fixed, delayAfterBoot }: GlobalConfig, uptime?: Duration): Duration {
  return uptime === undefined ? fixed : micros(Math.max(fixed, delayAfterBoot - uptime));
}

/** In keepalived's words. */
export function startupDelayLine(delay: Duration): string {
  return `Delaying startup for ${Number((delay / 1e6).toPrecision(6))} seconds`;
}
