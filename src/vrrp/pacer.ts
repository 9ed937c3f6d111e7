import { type Duration, type Instant, after } from '../lib/duration.ts';

/** Frames of one kind waiting for their turn on one interface (vrrp_garp_interval, vrrp_gna_interval). */
export interface Pacer<Frame> {
  readonly interval: Duration;
  readonly nextAt: Instant;
  readonly waiting: readonly Frame[];
}

export function newPacer<Frame>(interval: Duration): Pacer<Frame> {
  return { interval, nextAt: 0 as Instant, waiting: [] };
}

export function enqueue<Frame>(pacer: Pacer<Frame>, frames: readonly Frame[]): Pacer<Frame> {
  return { ...pacer, waiting: [...pacer.waiting, ...frames] };
}

/** Forgets the frames that `keep` refuses, as when a virtual router stops being master. */
export function dropWaiting<Frame>(pacer: Pacer<Frame>, keep: (frame: Frame) => boolean): Pacer<Frame> {
  return { ...pacer, waiting: pacer.waiting.filter(keep) };
}

/** The frame that may leave at `now`, if any. */
export function release<Frame>(pacer: Pacer<Frame>, now: Instant): { pacer: Pacer<Frame>; frame: Frame | undefined } {
  const [frame, ...waiting] = pacer.waiting;
  if (frame === undefined || now < pacer.nextAt) return { pacer, frame: undefined };
  return { pacer: { ...pacer, nextAt: after(now, pacer.interval), waiting }, frame };
}

export function pacerDeadline<Frame>(pacer: Pacer<Frame>): Instant | undefined {
  return pacer.waiting.length === 0 ? undefined : pacer.nextAt;
}
