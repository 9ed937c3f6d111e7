import { after, type Duration, type Instant } from '../lib/duration.ts';

/**
 * Frames of one kind waiting for their turn on one interface (vrrp_garp_interval, vrrp_gna_interval). A frame waits once,
 * however often it was asked for: several rounds at once leave one frame an address.
 */
export interface Pacer<Frame> {
  readonly interval: Duration;
  /** Negative where `a` leaves before `b`, 0 where both are the same frame. */
  readonly compare: (a: Frame, b: Frame) => number;
  readonly nextAt: Instant;
  /** In the order of leaving. */
  readonly waiting: readonly Frame[];
}

export interface PacerStep<Frame> {
  readonly pacer: Pacer<Frame>;
  /** The frame that leaves now, if any. */
  readonly frame: Frame | undefined;
}

export function newPacer<Frame>(interval: Duration, compare: (a: Frame, b: Frame) => number): Pacer<Frame> {
  return { interval, compare, nextAt: 0 as Instant, waiting: [] };
}

/** A frame that is to leave: at once when its kind has been silent for the interval, otherwise it waits. */
export function offer<Frame>(pacer: Pacer<Frame>, frame: Frame, now: Instant): PacerStep<Frame> {
  if (now >= pacer.nextAt) return { pacer: { ...pacer, nextAt: after(now, pacer.interval) }, frame };
  const position = pacer.waiting.findIndex((other) => pacer.compare(frame, other) <= 0);
  const place = position === -1 ? pacer.waiting.length : position;
  const there = pacer.waiting[place];
  if (there !== undefined && pacer.compare(frame, there) === 0) return { pacer, frame: undefined };
  const waiting = [...pacer.waiting.slice(0, place), frame, ...pacer.waiting.slice(place)];
  return { pacer: { ...pacer, waiting }, frame: undefined };
}

/** Forgets the frames that `keep` refuses, as when a virtual router stops being master. */
export function dropWaiting<Frame>(pacer: Pacer<Frame>, keep: (frame: Frame) => boolean): Pacer<Frame> {
  return { ...pacer, waiting: pacer.waiting.filter(keep) };
}

/** The waiting frame that may leave at `now`, if any. */
export function release<Frame>(pacer: Pacer<Frame>, now: Instant): PacerStep<Frame> {
  const [frame, ...waiting] = pacer.waiting;
  if (frame === undefined || now < pacer.nextAt) return { pacer, frame: undefined };
  return { pacer: { ...pacer, nextAt: after(now, pacer.interval), waiting }, frame };
}

export function pacerDeadline<Frame>(pacer: Pacer<Frame>): Instant | undefined {
  return pacer.waiting.length === 0 ? undefined : pacer.nextAt;
}
