import type { Instant } from '../lib/duration.ts';

/** CLOCK_MONOTONIC. */
export interface Clock {
  now(): Instant;
}

/** One deadline at a time, on the monotonic clock. */
export interface Timer {
  /** Replaces the earlier deadline; undefined disarms. A past deadline fires as soon as the loop turns. */
  arm(at: Instant | undefined): void;
  close(): void;
}
