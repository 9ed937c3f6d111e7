import type { GarpSettings } from '../config/types.ts';
import { type Instant, after } from '../lib/duration.ts';

/**
 * When the addresses of one virtual router are announced (gratuitous ARP, unsolicited neighbour advertisements).
 * A burst is `repeat` rounds over all addresses.
 */
export interface AnnounceSchedule {
  /** The second burst after becoming master. */
  readonly secondBurstAt?: Instant;
  /** The second burst after a lower priority advert. */
  readonly lowerPriorityBurstAt?: Instant;
  readonly refreshAt?: Instant;
}

export interface AnnounceStep {
  readonly schedule: AnnounceSchedule;
  /** Rounds to send now. */
  readonly rounds: number;
}

/** Became master: a burst now, another after the delay, refreshes from then on. */
export function startAnnouncing(settings: GarpSettings, now: Instant): AnnounceStep {
  return {
    schedule: {
      ...(settings.delay > 0 ? { secondBurstAt: after(now, settings.delay) } : {}),
      ...(settings.refresh > 0 ? { refreshAt: after(now, settings.delay + settings.refresh) } : {}),
    },
    rounds: settings.repeat,
  };
}

/** Heard a lower priority master: it may have drawn the traffic. */
export function announceAfterLowerPriority(
  settings: GarpSettings,
  schedule: AnnounceSchedule,
  now: Instant,
): AnnounceStep {
  const { lowerPriorityDelay, lowerPriorityRepeat } = settings;
  if (lowerPriorityRepeat === 0) return { schedule, rounds: 0 };
  const again = lowerPriorityDelay > 0 ? { lowerPriorityBurstAt: after(now, lowerPriorityDelay) } : {};
  return { schedule: { ...schedule, ...again }, rounds: lowerPriorityRepeat };
}

/** The bursts that are due at `now`. */
export function announceDue(settings: GarpSettings, schedule: AnnounceSchedule, now: Instant): AnnounceStep {
  let rounds = 0;
  const next: { -readonly [K in keyof AnnounceSchedule]: Instant } = { ...schedule };
  if (next.secondBurstAt !== undefined && next.secondBurstAt <= now) {
    rounds += settings.repeat;
    delete next.secondBurstAt;
  }
  if (next.lowerPriorityBurstAt !== undefined && next.lowerPriorityBurstAt <= now) {
    rounds += settings.lowerPriorityRepeat;
    delete next.lowerPriorityBurstAt;
  }
  if (next.refreshAt !== undefined && next.refreshAt <= now) {
    rounds += settings.refreshRepeat;
    next.refreshAt = after(now, settings.refresh);
  }
  return { schedule: next, rounds };
}

/** When `announceDue` has something to do. */
export function announceDeadline(schedule: AnnounceSchedule): Instant | undefined {
  const pending = [schedule.secondBurstAt, schedule.lowerPriorityBurstAt, schedule.refreshAt].filter(
    (at) => at !== undefined,
  );
  return pending.length === 0 ? undefined : (Math.min(...pending) as Instant);
}
