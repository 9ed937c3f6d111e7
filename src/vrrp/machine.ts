import type { VrrpInstance } from '../config/types.ts';
import { assertNever } from '../lib/assert-never.ts';
import { after, type Instant, micros } from '../lib/duration.ts';
import { isOwner } from '../lib/priority.ts';
import { startBackup, stepBackup } from './backup.ts';
import { becomeBackup, becomeFault, becomeMaster, say, sentAdvert } from './become.ts';
import { advertise, stepMaster } from './master.ts';
import type { Parameters } from './parameters.ts';
import { initialMemory, type Memory } from './memory.ts';
import type { Action, Event, Initialize, State, Step } from './state.ts';
import { postpone } from './postponement.ts';
import { masterDownInterval, skewTime } from './timers.ts';
import { waiting } from './waiting.ts';

/**
 * The virtual router (RFC 5798, section 6.4; RFC 3768 for version 2). Pure: the same arguments give the same step.
 * `now` is when the event happened.
 */
export function transition(parameters: Parameters, state: State, event: Event, now: Instant): Step {
  switch (event.type) {
    case 'start':
      return state.name === 'initialize' ? start(parameters, state, event, now) : stay(state);
    case 'shutdown':
      return shutdown(state, now);
    case 'faultsChanged':
      return faultsChanged(parameters, state, event, now);
    case 'priorityChanged':
      return priorityChanged(parameters, state, event);
    case 'synced':
      return synced(parameters, state, event.to, now);
    case 'advertise':
      return state.name === 'master' ? advertise(parameters, state, now) : stay(state);
    case 'reconfigured':
      return reconfigured(parameters, state, now);
    case 'addressLost':
      return addressLost(parameters, state, now);
    case 'refused':
      return stay(state.name === 'master' ? postpone(parameters, state, now) : state);
    case 'advert':
    case 'timer':
      if (state.name === 'backup') return stepBackup(parameters, state, event, now);
      if (state.name === 'master') return stepMaster(parameters, state, event, now);
      return stay(state);
    default:
      return assertNever(event);
  }
}

/** A virtual router that has not been told to start. */
export function initialState(parameters: Parameters): Initialize {
  const { advertisementInterval: interval, preempt, timerExpiredBackup } = parameters.instance;
  const memory = initialMemory(interval, preempt ? 0 : timerExpiredBackup);
  return { name: 'initialize', memory: { ...memory, masterDownTimer: masterDownInterval(parameters, interval) } };
}

/** When `transition` wants a `timer` event; undefined while nothing is awaited. */
export function deadline(state: State): Instant | undefined {
  switch (state.name) {
    case 'initialize':
    case 'fault':
      return undefined;
    case 'backup':
      return state.masterDownAt;
    case 'master':
      return state.rogue?.phase === 'listening' && state.rogue.until < state.advertAt
        ? state.rogue.until
        : state.advertAt;
    default:
      return assertNever(state);
  }
}

function stay(state: State): Step {
  return { state, actions: [] };
}

/** An address owner does not wait for others, unless it is configured to begin as backup. */
export function isMasterAtOnce(instance: VrrpInstance): boolean {
  return isOwner(instance) && instance.initialState === 'master';
}

/**
 * Only an owner becomes master at once, on its first timer; a configured MASTER of lower priority waits like any
 * backup.
 */
function start(parameters: Parameters, state: Initialize, event: Event & { type: 'start' }, now: Instant): Step {
  const { memory: before } = state;
  if (event.faulty && event.again) return stay({ name: 'fault', memory: before });
  if (event.faulty) {
    return { state: { name: 'fault', memory: before }, actions: [{ type: 'notify', state: 'fault' }] };
  }
  const atOnce = isMasterAtOnce(parameters.instance) && !event.heldBack;
  const memory: Memory = atOnce ? { ...before, masterCause: 'preempted' } : before;
  if (event.late) {
    return atOnce ? becomeMaster(parameters, memory, now) : enterBackup(parameters, memory, event.from);
  }
  if (atOnce) {
    return { state: { name: 'backup', ...waiting(parameters, memory, event.from, micros(1)) }, actions: [] };
  }
  return startBackup(parameters, memory, event.from);
}

/** Who is told, and as what, is the caller's: every router releases its addresses before anybody is told. */
function shutdown(state: State, now: Instant): Step {
  if (state.name !== 'master') return { state: { name: 'initialize', memory: state.memory }, actions: [] };
  return {
    state: { name: 'initialize', memory: sentAdvert(state.memory, 0, now) },
    actions: [
      { type: 'sendAdvert', priority: 0 },
      say({ event: 'sentPriorityZero' }),
      { type: 'stopAnnouncing' },
      { type: 'removeAddresses' },
    ],
  };
}

function faultsChanged(
  parameters: Parameters,
  state: State,
  { faulty, heldBack, reloading }: Event & { type: 'faultsChanged' },
  now: Instant,
): Step {
  if (state.name === 'initialize') return stay(state);
  if (state.name === 'fault') {
    if (faulty) return stay({ name: 'fault', memory: state.memory });
    if (heldBack) return stay({ ...state, heldBack: true });
  } else if (!faulty) return stay(state);
  if (faulty) return becomeFault(parameters, state, now, reloading ? 'reload' : 'own');
  return enterBackup(parameters, state.memory, now, reloading);
}

/** From a state that held nothing, the master-down interval counting from `from`. */
function enterBackup(parameters: Parameters, memory: Memory, from: Instant, initial = false): Step {
  return {
    state: { name: 'backup', ...waiting(parameters, { ...memory, complained: [] }, from) },
    actions: [say({ event: 'enteringBackup', initial }), { type: 'notify', state: 'backup' }],
  };
}

/**
 * A backup's remaining time takes over the new skew time; after an advert of priority 0 it waits for the whole master-down
 * interval again.
 */
function priorityChanged(parameters: Parameters, state: State, event: Event & { type: 'priorityChanged' }): Step {
  const { from, quiet } = event;
  const to = parameters.effectivePriority;
  if (from === to) return stay(state);
  const actions: Action[] = quiet
    ? []
    : [say({ event: 'priorityChanged', from, to }), { type: 'notifyPriority', master: state.name === 'master' }];
  const masterDownTimer = masterDownInterval(parameters, state.memory.masterAdverInterval);
  const memory = { ...state.memory, masterDownTimer };
  if (state.name !== 'backup') return { state: { ...state, memory }, actions };
  const masterDownAt = after(state.masterDownAt, masterDownTimer - state.memory.masterDownTimer);
  return { state: { ...state, memory, masterDownAt }, actions };
}

/** What a change of one member does to the others of its sync group. */
function synced(
  parameters: Parameters,
  state: State,
  to: 'master' | 'backup' | 'fault' | 'release',
  now: Instant,
): Step {
  switch (to) {
    case 'master':
      return state.name === 'backup' || state.name === 'initialize'
        ? becomeMaster(parameters, state.memory, now)
        : stay(state);
    case 'fault':
      return state.name === 'master' || state.name === 'backup'
        ? becomeFault(parameters, state, now, 'group')
        : stay(state);
    case 'release':
      return addressLost(parameters, state, now);
    case 'backup': {
      if (state.name === 'backup') return stay(state);
      if (state.name !== 'master') return enterBackup(parameters, state.memory, now);
      return becomeBackup(parameters, state, { now });
    }
    default:
      return assertNever(to);
  }
}

/**
 * The state stays; a backup waits the whole master-down interval again, and its preempt_delay ends. An interval that a version 3
 * master taught us is forgotten, and by one that preempts now whom it would have lost to.
 */
function reconfigured(parameters: Parameters, state: State, now: Instant): Step {
  const { advertisementInterval: masterAdverInterval, preempt } = parameters.instance;
  const memory = { ...state.memory, masterAdverInterval, ...(preempt && { highestOtherPriority: 0 }) };
  // keepalived's master has no such time again before the next change.
  if (state.name === 'master') return stay({ ...state, memory: { ...memory, masterDownTimer: micros(0) } });
  if (state.name !== 'backup') return stay({ ...state, memory });
  return stay({ name: 'backup', ...waiting(parameters, memory, now) });
}

/** Whoever lost an address gives up and competes again after the skew time alone ("quick return"). */
function addressLost(parameters: Parameters, state: State, now: Instant): Step {
  if (state.name !== 'master') return stay(state);
  const wait = skewTime(parameters, state.memory.masterAdverInterval);
  return becomeBackup(parameters, state, { now, wait, priorityZero: true });
}
