import { instant } from '../lib/duration.ts';
import type { Clock } from '../ports/timer.ts';
import { native } from './native.ts';

/** CLOCK_MONOTONIC. */
export const monotonicClock: Clock = { now: () => instant(native.monotonicNow()) };
