import type { GarpSettings, VrrpInstance } from '../config/types.ts';
import { after, type Duration, type Instant } from '../lib/duration.ts';

/**
 * When the addresses of one virtual router are announced (gratuitous ARP, unsolicited neighbour advertisements).
 * A burst is `repeat` rounds over all addresses.
 */
export interface AnnounceSchedule {
  /** Second bursts, in order; each time the first was sent adds one, and leaving the master state takes none away. */
  readonly bursts: readonly Burst[];
  /** From then on the next advert is followed by a refresh. */
  readonly refreshAt?: Instant;
  /** From then on the next advert is followed by an announcement on further interfaces (garp_extra_if). */
  readonly extraAt?: Instant;
}

/** What of an instance says when it announces its addresses. */
export type AnnounceSettings = Pick<VrrpInstance, 'garp' | 'garpExtraInterval'>;

interface Burst {
  readonly at: Instant;
  readonly after: 'becomingMaster' | 'lowerPriorityAdvert';
}

export interface AnnounceStep {
  readonly schedule: AnnounceSchedule;
  /** Rounds to send now. */
  readonly rounds: number;
}

export const noAnnouncements: AnnounceSchedule = { bursts: [] };

/** Became master: a burst now, another after the delay, refreshes from then on. */
export function startAnnouncing(
  { garp, garpExtraInterval }: AnnounceSettings,
  { bursts }: AnnounceSchedule,
  now: Instant,
): AnnounceStep {
  const { delay, refresh } = garp;
  return {
    schedule: {
      bursts: delay > 0 ? inOrder([...bursts, { at: after(now, delay), after: 'becomingMaster' }]) : bursts,
      ...(refresh > 0 && { refreshAt: after(now, delay + refresh) }),
      ...extraFrom(garpExtraInterval, now),
    },
    rounds: garp.repeat,
  };
}

/** Heard a lower priority master: it may have drawn the traffic. */
export function announceAfterLowerPriority(
  settings: GarpSettings,
  schedule: AnnounceSchedule,
  now: Instant,
): AnnounceStep {
  const { lowerPriorityDelay, lowerPriorityRepeat } = settings;
  if (lowerPriorityRepeat === 0 || lowerPriorityDelay === 0) return { schedule, rounds: lowerPriorityRepeat };
  const again = { at: after(now, lowerPriorityDelay), after: 'lowerPriorityAdvert' } as const;
  return { schedule: { ...schedule, bursts: inOrder([...schedule.bursts, again]) }, rounds: lowerPriorityRepeat };
}

/** No longer master: refreshes end. Second bursts stay, for the case that it is master again when they are due. */
export function stopRefreshing({ bursts }: AnnounceSchedule): AnnounceSchedule {
  return { bursts };
}

/** The second bursts that are due at `now`. */
export function announceDue(settings: GarpSettings, schedule: AnnounceSchedule, now: Instant): AnnounceStep {
  const due = schedule.bursts.filter(({ at }) => at <= now);
  const rounds = due.map((burst) =>
    burst.after === 'becomingMaster' ? settings.repeat : settings.lowerPriorityRepeat,
  );
  return {
    schedule: { ...schedule, bursts: schedule.bursts.slice(due.length) },
    rounds: rounds.reduce((sum, count) => sum + count, 0),
  };
}

/** After an advert of a master: a refresh when its time has come. */
export function refreshDue(settings: GarpSettings, schedule: AnnounceSchedule, now: Instant): AnnounceStep {
  if (schedule.refreshAt === undefined || now < schedule.refreshAt) return { schedule, rounds: 0 };
  return { schedule: { ...schedule, refreshAt: after(now, settings.refresh) }, rounds: settings.refreshRepeat };
}

/** After an advert of a master: a single round on further interfaces when its time has come. */
export function extraDue(
  { garpExtraInterval }: AnnounceSettings,
  schedule: AnnounceSchedule,
  now: Instant,
): AnnounceStep {
  if (schedule.extraAt === undefined || now < schedule.extraAt) return { schedule, rounds: 0 };
  return { schedule: { ...schedule, extraAt: after(now, garpExtraInterval) }, rounds: 1 };
}

/** A reload forgets second bursts; with refreshes configured a master sends one and begins their interval anew. */
export function announceAfterReload(
  { garp, garpExtraInterval }: AnnounceSettings,
  isMaster: boolean,
  now: Instant,
): AnnounceStep {
  if (!isMaster) return { schedule: noAnnouncements, rounds: 0 };
  const extra = extraFrom(garpExtraInterval, now);
  if (garp.refresh === 0) return { schedule: { bursts: [], ...extra }, rounds: 0 };
  return { schedule: { bursts: [], refreshAt: after(now, garp.refresh), ...extra }, rounds: garp.refreshRepeat };
}

function extraFrom(interval: Duration, now: Instant): Pick<AnnounceSchedule, 'extraAt'> {
  return interval > 0 ? { extraAt: after(now, interval) } : {};
}

/** When `announceDue` has something to do. */
export function announceDeadline(schedule: AnnounceSchedule): Instant | undefined {
  return schedule.bursts[0]?.at;
}

function inOrder(bursts: readonly Burst[]): readonly Burst[] {
  return [...bursts].sort((a, b) => a.at - b.at);
}
