import { after, type Instant } from '../lib/duration.ts';
import type { Examination } from './examine.ts';
import type { Memory } from './memory.ts';
import type { Parameters } from './parameters.ts';
import type { Backup, Master, State } from './state.ts';
import { masterDownInterval } from './timers.ts';

/*
 * In the steady state a master repeats its advert and a backup hears it repeated. The addon can do both without the machine,
 * and counts the adverts; the functions here bring the machine's state up to date with its counts.
 */

/** Whether the next timer event does nothing but send the last advert again. */
export function isSteadyMaster(state: State): state is Master {
  return state.name === 'master' && state.rogue === undefined && state.memory.highestOtherPriority === 0;
}

/** A master after `count` adverts that the addon has sent, the last at `lastAt`; the next is due at `advertAt`. */
export function sentMeanwhile(state: Master, count: number, lastAt: Instant, advertAt: Instant): Master {
  if (count === 0) return state;
  const { statistics } = state.memory;
  const counted = { ...statistics, advertSent: statistics.advertSent + count };
  return { ...state, memory: { ...state.memory, statistics: counted, lastAdvertSent: lastAt }, advertAt };
}

/** Whether a packet did nothing to a backup but put its deadline off, so that the same packet again does no more. */
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

/** A backup after `count` more adverts like one that `onlyPutOff` its deadline, the last of which came at `lastAt`. */
export function heardMeanwhile(parameters: Parameters, state: Backup, count: number, lastAt: Instant): Backup {
  if (count === 0) return state;
  const { memory } = state;
  const statistics = { ...memory.statistics, advertReceived: memory.statistics.advertReceived + count };
  return { ...state, memory: { ...memory, statistics }, masterDownAt: masterDownAfter(parameters, state, lastAt) };
}

/** Until when a backup that heard such an advert at `lastAt` waits for the next. */
export function masterDownAfter(parameters: Parameters, { memory }: Backup, lastAt: Instant): Instant {
  return after(lastAt, masterDownInterval(parameters, memory.masterAdverInterval));
}
