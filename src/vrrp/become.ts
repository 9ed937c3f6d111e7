import { after, type Duration, type Instant } from '../lib/duration.ts';
import { longestLinkDelay } from '../lib/link-delay.ts';
import { highestPriority, isOwner } from '../lib/priority.ts';
import type { VrrpLogEvent } from './log-event.ts';
import type { Memory } from './memory.ts';
import type { Parameters } from './parameters.ts';
import type { Action, Backup, Master, State, Step } from './state.ts';
import { count } from './statistics.ts';
import { waiting } from './waiting.ts';

export function say(event: VrrpLogEvent): Action {
  return { type: 'log', event };
}

/** The memory after an advert of `priority` left. */
export function sentAdvert(memory: Memory, priority: number, now: Instant): Memory {
  const statistics =
    priority === 0
      ? count(memory.statistics, 'advertSent', 'priorityZeroSent')
      : count(memory.statistics, 'advertSent');
  return { ...memory, statistics, lastAdvertSent: now };
}

/** What our adverts carry, and others are compared with: an owner that had to step down says 254. */
export function advertisedPriority(parameters: Parameters, memory: Memory): number {
  return isOwner(parameters.instance) && memory.ownerDemoted ? highestPriority : parameters.effectivePriority;
}

/** The only maker of a master: the advert leaves before any address is added. */
export function becomeMaster(parameters: Parameters, memory: Memory, now: Instant): Step {
  const { instance } = parameters;
  const own = instance.advertisementInterval;
  const restored = memory.masterAdverInterval !== own && parameters.keepsLearntInterval !== true;
  const next: Memory = {
    ...memory,
    masterAdverInterval: restored ? own : memory.masterAdverInterval,
    ownerDemoted: false,
    complained: [],
    masterCause: 'masterNoResponse',
    newMasterReason: memory.masterCause,
    statistics: count(memory.statistics, 'becomeMaster'),
  };
  const priority = advertisedPriority(parameters, next);
  const actions: Action[] = [];
  if (memory.ownerDemoted) actions.push(say({ event: 'ownerPriorityRestored', reason: 'otherOwnerGone' }));
  actions.push({ type: 'sendAdvert', priority }, say({ event: 'enteringMaster' }));
  if (restored) actions.push(say({ event: 'advertIntervalRestored', from: memory.masterAdverInterval, to: own }));
  actions.push({ type: 'addAddresses' }, { type: 'announceAddresses' }, { type: 'notify', state: 'master' });
  return { state: { name: 'master', memory: sentAdvert(next, priority, now), advertAt: after(now, own) }, actions };
}

export interface Demotion {
  readonly now: Instant;
  /** How long it waits for adverts; the master-down interval unless told. */
  readonly wait?: Duration;
  /** Tell the others at once that the addresses are free. */
  readonly priorityZero?: boolean;
  readonly memory?: Memory;
}

/** The only way from master to backup. */
export function becomeBackup(
  parameters: Parameters,
  state: Master,
  { now, wait, priorityZero = false, memory = state.memory }: Demotion,
): Step & { state: Backup } {
  const told = priorityZero ? sentAdvert(memory, 0, now) : memory;
  const released: Memory = {
    ...told,
    complained: [],
    statistics: count(told.statistics, 'releaseMaster'),
  };
  return {
    state: { name: 'backup', ...waiting(parameters, released, now, wait) },
    actions: [
      say({ event: 'enteringBackup', initial: false }),
      ...(priorityZero ? [{ type: 'sendAdvert', priority: 0 } as const, say({ event: 'sentPriorityZero' })] : []),
      { type: 'stopAnnouncing' },
      { type: 'removeAddresses' },
      { type: 'notify', state: 'backup' },
    ],
  };
}

/**
 * A backup's deadline moved by the `time` that leaving the master state took. keepalived starts this timer when that work is
 * done, so that of two equal routers the one that had nothing to take down becomes master.
 */
export function putOff(state: State, time: Duration): State {
  return state.name === 'backup' ? { ...state, masterDownAt: after(state.masterDownAt, time) } : state;
}

/** What brings a fault: the router itself, its sync group, or a reload. */
export type FaultCause = 'own' | 'group' | 'reload';

/**
 * To the fault state. A master says farewell with adverts of priority 0: two where the fault is its own, one where its sync
 * group has it, none where a reload brings it. A backup that its sync group takes along logs nothing.
 */
export function becomeFault(parameters: Parameters, state: State, now: Instant, cause: FaultCause = 'own'): Step {
  const entering = say({ event: 'enteringFault', initial: cause === 'reload' });
  const notify = { type: 'notify', state: 'fault' } as const;
  if (state.name !== 'master') {
    const actions = cause === 'group' ? [notify] : [entering, notify];
    const { memory } = waiting(parameters, { ...state.memory, complained: [] }, now);
    return { state: { name: 'fault', memory }, actions };
  }
  const farewell = { type: 'sendAdvert', priority: 0 } as const;
  const farewells: Readonly<Record<FaultCause, readonly Action[]>> = {
    own: [farewell, farewell, say({ event: 'sentPriorityZero' })],
    group: [farewell],
    reload: [],
  };
  const { memory } = waiting(parameters, { ...bidFarewell(state.memory, cause, now), complained: [] }, now);
  return {
    state: { name: 'fault', memory },
    actions: [entering, ...farewells[cause], { type: 'stopAnnouncing' }, { type: 'removeAddresses' }, notify],
  };
}

/** As keepalived, the first farewell does not count as one of priority 0; without any the router was not released either. */
function bidFarewell(memory: Memory, cause: FaultCause, now: Instant): Memory {
  if (cause === 'reload') return memory;
  const counted = count(memory.statistics, 'advertSent', 'releaseMaster');
  const told = { ...memory, statistics: counted, lastAdvertSent: now };
  return cause === 'own' ? sentAdvert(told, 0, now) : told;
}

/** Version 3 learns the interval of the master it obeys (RFC 5798, section 6.4.2). */
export function adoptInterval(
  parameters: Parameters,
  memory: Memory,
  advertised: Duration | undefined,
): { memory: Memory; actions: readonly Action[] } {
  if (parameters.instance.version !== 3 || advertised === undefined || advertised === memory.masterAdverInterval) {
    return { memory, actions: [] };
  }
  const { downTimerAdverts } = parameters.instance;
  const limit: readonly Action[] =
    downTimerAdverts > 1 ? [{ type: 'limitLinkDelays', longest: longestLinkDelay(advertised, downTimerAdverts) }] : [];
  const updated = say({ event: 'advertIntervalUpdated', from: memory.masterAdverInterval, to: advertised });
  return { memory: { ...memory, masterAdverInterval: advertised }, actions: [updated, ...limit] };
}
