import { type Duration, micros } from '../lib/duration.ts';
import { isOwner, ownerPriority } from '../lib/priority.ts';
import type { Parameters } from './parameters.ts';

/**
 * Skew_Time. Version 2: (256 - priority) / 256 seconds (RFC 3768, section 6.1).
 * Version 3: (256 - priority) * Master_Adver_Interval / 256 (RFC 5798, section 6.1). Divisions are integer ones, the
 * version 3 interval counting in whole centiseconds.
 */
export function skewTime(
  parameters: Parameters,
  masterAdverInterval: Duration,
  priority = timerPriority(parameters),
): Duration {
  const below = 256 - priority;
  if (parameters.instance.version === 2) return micros(Math.floor((below * 1_000_000) / 256));
  return micros(Math.floor((below * Math.floor(masterAdverInterval / 10_000) * 625) / 16));
}

/** Master_Down_Interval: (3 * Master_Adver_Interval) + Skew_Time, the 3 being configurable. */
export function masterDownInterval(parameters: Parameters, masterAdverInterval: Duration): Duration {
  return micros(parameters.instance.downTimerAdverts * masterAdverInterval + skewTime(parameters, masterAdverInterval));
}

function timerPriority(parameters: Parameters): number {
  return isOwner(parameters.instance) ? ownerPriority : parameters.effectivePriority;
}
