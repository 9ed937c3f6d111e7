import { after, type Instant } from '../lib/duration.ts';
import type { Parameters } from './parameters.ts';
import type { Master, Unanswered } from './state.ts';

/** Packets within one advert interval, more of which are a flood. */
const FLOOD = 8;

/**
 * A master has dealt with a packet and said nothing. keepalived counts its next interval from there, after refused packets
 * too: of two masters that refuse each other's adverts only one is heard. With lower_prio_no_advert it does not. A flood
 * postpones nothing of ours, lest rubbish silences a master.
 */
export function postpone(parameters: Parameters, state: Master, now: Instant): Master {
  const { advertisementInterval: interval, lowerPriorityNoAdvert } = parameters.instance;
  if (lowerPriorityNoAdvert) return state;
  const unanswered = counted(state.unanswered, interval, now);
  if (unanswered.flooded || unanswered.count > FLOOD) return { ...state, unanswered };
  return { ...state, unanswered, advertAt: after(now, interval) };
}

function counted(before: Unanswered | undefined, interval: number, now: Instant): Unanswered {
  if (before === undefined) return { since: now, count: 1, flooded: false };
  const age = now - before.since;
  if (age < interval) return { ...before, count: before.count + 1 };
  return { since: now, count: 1, flooded: before.count > FLOOD && age < 2 * interval };
}
