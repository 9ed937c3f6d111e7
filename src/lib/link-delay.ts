import { type Duration, micros } from './duration.ts';

/**
 * How long a link may take at most to be believed (interface_up_down_delays): a master must not think itself connected for
 * longer than its backups wait once an advert is missed.
 */
export function longestLinkDelay(advertisementInterval: Duration, downTimerAdverts: number): Duration {
  return micros((downTimerAdverts - 1) * advertisementInterval - Math.floor(advertisementInterval / 256));
}
