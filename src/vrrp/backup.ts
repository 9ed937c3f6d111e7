import { after, centiseconds, type Duration, type Instant, micros } from '../lib/duration.ts';
import { isOwner, ownerPriority } from '../lib/priority.ts';
import { adoptInterval, advertisedPriority, becomeMaster, say } from './become.ts';
import type { AcceptedAdvert } from './examine.ts';
import type { Memory } from './memory.ts';
import type { Parameters } from './parameters.ts';
import type { Action, Backup, Event, Step } from './state.ts';
import { masterDownInterval, skewTime } from './timers.ts';
import { waiting } from './waiting.ts';

/** That can be configured (RFC 5798, section 5.2.7). */
const SHORTEST_INTERVAL = centiseconds(1);

/** The first backup state, its timer counted from `from`. */
export function startBackup(parameters: Parameters, memory: Memory, from: Instant): Step {
  return {
    state: { name: 'backup', ...waiting(parameters, memory, from) },
    actions: [say({ event: 'enteringBackup', initial: true }), { type: 'notify', state: 'backup' }],
  };
}

/** RFC 5798, section 6.4.2. */
export function stepBackup(
  parameters: Parameters,
  state: Backup,
  event: Event & { type: 'advert' | 'timer' },
  now: Instant,
): Step {
  if (event.type === 'advert') return hear(parameters, state, event.advert, now);
  if (now < state.masterDownAt) return { state, actions: [] };
  if (event.heldBack) {
    const waits = waiting(parameters, state.memory, now, heldBackTime(parameters, state.memory));
    return { state: { ...state, ...waits, wantsMaster: true }, actions: [say({ event: 'receiveTimeout' })] };
  }
  const step = becomeMaster(parameters, state.memory, now);
  return { state: step.state, actions: [say({ event: 'receiveTimeout' }), ...step.actions] };
}

/** The whole master-down interval again; a master that advertises an interval of 0 must not make that no time at all. */
function heldBackTime(parameters: Parameters, { masterAdverInterval }: Memory): Duration {
  return masterDownInterval(parameters, micros(Math.max(masterAdverInterval, SHORTEST_INTERVAL)));
}

function hear(parameters: Parameters, state: Backup, advert: AcceptedAdvert, now: Instant): Step {
  const known = knowMaster(state, advert);
  const { memory, actions: restored } = restoreOwnership(parameters, state.memory, known, advert);
  if (advert.priority === 0) {
    // A released master: whoever is next waits only for its skew time.
    const skew = skewTime(parameters, memory.masterAdverInterval);
    return {
      state: { ...state, ...waiting(parameters, { ...memory, masterCause: 'priority' }, now, skew) },
      actions: [...known.actions, ...restored, say({ event: 'backupReceivedPriorityZero' })],
    };
  }
  const delay = preemptDelay(parameters, state, advert, now);
  const actions = [...known.actions, ...restored];
  if (parameters.instance.preempt && advert.priority < advertisedPriority(parameters, memory) && !delay.holding) {
    return {
      state: withPreemptAt({ ...state, memory: { ...memory, masterCause: 'preempted' } }, delay.preemptAt),
      actions: [...actions, say({ event: 'discardedLowerPriority', from: advert.source, priority: advert.priority })],
    };
  }
  const interval = advert.intervalCentiseconds === undefined ? undefined : centiseconds(advert.intervalCentiseconds);
  const adopted = adoptInterval(parameters, memory, interval);
  const accepted: Memory = {
    ...adopted.memory,
    masterCause: 'masterNoResponse',
    masterPriority: advert.priority,
    complained: known.changed ? [] : adopted.memory.complained,
    highestOtherPriority: parameters.instance.preempt
      ? adopted.memory.highestOtherPriority
      : Math.max(adopted.memory.highestOtherPriority, advert.priority),
  };
  return {
    state: withPreemptAt({ name: 'backup', ...waiting(parameters, accepted, now) }, delay.preemptAt),
    actions: [...actions, ...adopted.actions, ...delay.actions],
  };
}

function withPreemptAt(state: Backup, preemptAt: Instant | undefined): Backup {
  const { preemptAt: _, ...rest } = state;
  return preemptAt === undefined ? rest : { ...rest, preemptAt };
}

interface Known {
  readonly memory: Memory;
  readonly changed: boolean;
  readonly actions: readonly Action[];
}

function knowMaster(state: Backup, advert: AcceptedAdvert): Known {
  const { memory } = state;
  if (memory.masterAddress === advert.source) return { memory, changed: false, actions: [] };
  const action =
    memory.masterAddress === undefined
      ? say({ event: 'masterSet', to: advert.source })
      : say({ event: 'masterChanged', from: memory.masterAddress, to: advert.source });
  return { memory: { ...memory, masterAddress: advert.source }, changed: true, actions: [action] };
}

/** An owner that stepped down for another claimant takes its priority back when that one no longer claims ownership. */
function restoreOwnership(
  parameters: Parameters,
  before: Memory,
  known: Known,
  advert: AcceptedAdvert,
): { memory: Memory; actions: readonly Action[] } {
  const restores =
    isOwner(parameters.instance) && before.ownerDemoted && (known.changed || advert.priority < ownerPriority);
  if (!restores) return { memory: known.memory, actions: [] };
  return {
    memory: { ...known.memory, ownerDemoted: false },
    actions: [say({ event: 'ownerPriorityRestored', reason: 'lowerPriorityAdvert' })],
  };
}

interface PreemptDelay {
  readonly holding: boolean;
  readonly preemptAt: Instant | undefined;
  readonly actions: readonly Action[];
}

/** preempt_delay counts from the first advert of lower priority; one of equal or higher priority ends it. */
function preemptDelay(parameters: Parameters, state: Backup, advert: AcceptedAdvert, now: Instant): PreemptDelay {
  const { instance } = parameters;
  if (instance.preemptDelay === 0) return { holding: false, preemptAt: undefined, actions: [] };
  if (advert.priority >= parameters.effectivePriority) {
    return {
      holding: false,
      preemptAt: undefined,
      actions: state.preemptAt === undefined ? [] : [say({ event: 'preemptDelayStopped' })],
    };
  }
  if (state.preemptAt === undefined) {
    return {
      holding: true,
      preemptAt: after(now, instance.preemptDelay),
      actions: [say({ event: 'preemptDelayStarted', delay: instance.preemptDelay })],
    };
  }
  return { holding: now < state.preemptAt, preemptAt: state.preemptAt, actions: [] };
}
