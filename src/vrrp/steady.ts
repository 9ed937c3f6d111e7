import { after, type Instant } from '../lib/duration.ts';
import type { Examination } from './examine.ts';
import type { Memory } from './memory.ts';
import type { Parameters } from './parameters.ts';
import type { Backup, Master, State } from './state.ts';
import { masterDownInterval } from './timers.ts';

/**
 * The steady state: a master repeats its advert, a backup hears it repeated. Others than the machine may do that, who
 * count; here the machine catches up with them.
 */

/** A timer event would do nothing but send the last advert again. */
export function isSteadyMaster(state: State): state is Master {
  return state.name === 'master' && state.rogue === undefined && state.memory.highestOtherPriority === 0;
}

/** The master's adverts that left meanwhile: how many, when the last did, and when the next will. */
export function sentMeanwhile(state: Master, count: number, lastAt: Instant, advertAt: Instant): Master {
  if (count === 0) return state;
  const { statistics } = state.memory;
  const counted = { ...statistics, advertSent: statistics.advertSent + count };
  return { ...state, memory: { ...state.memory, statistics: counted, lastAdvertSent: lastAt }, advertAt };
}

/** The same packet again would find the backup as it is, and put its deadline off. */
export function onlyPutOff(examination: Examination, before: State, after: State): boolean {
  const { advert, counters, complaints, oldChecksumDetected } = examination;
  return (
    advert !== undefined &&
    counters.length === 1 &&
    complaints.length === 0 &&
    !oldChecksumDetected &&
    before.name === 'backup' &&
    after.name === 'backup' &&
    before.masterDownAt !== after.masterDownAt &&
    before.preemptAt === undefined &&
    after.preemptAt === undefined &&
    before.wantsMaster === undefined &&
    remembersTheSame(before.memory, after.memory)
  );
}

function remembersTheSame(one: Memory, other: Memory): boolean {
  return (
    one.masterAdverInterval === other.masterAdverInterval &&
    one.masterAddress === other.masterAddress &&
    one.masterPriority === other.masterPriority &&
    one.highestOtherPriority === other.highestOtherPriority &&
    one.ownerDemoted === other.ownerDemoted &&
    one.masterCause === other.masterCause &&
    one.complained.length === other.complained.length
  );
}

/** Adverts of which the first `onlyPutOff` the deadline: how many more came, and when the last did. */
export function heardMeanwhile(parameters: Parameters, state: Backup, count: number, lastAt: Instant): Backup {
  if (count === 0) return state;
  const { memory } = state;
  const statistics = { ...memory.statistics, advertReceived: memory.statistics.advertReceived + count };
  const masterDownAt = after(lastAt, masterDownInterval(parameters, memory.masterAdverInterval));
  return { ...state, memory: { ...memory, statistics }, masterDownAt };
}
