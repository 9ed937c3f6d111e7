import { after, centiseconds, type Instant, longerOf, micros } from '../lib/duration.ts';
import { compareIp } from '../lib/ip.ts';
import { isOwner, ownerPriority } from '../lib/priority.ts';
import { stepBackup } from './backup.ts';
import { adoptInterval, advertisedPriority, becomeBackup, say, sentAdvert } from './become.ts';
import type { AcceptedAdvert } from './examine.ts';
import type { Memory } from './memory.ts';
import type { Parameters } from './parameters.ts';
import type { Action, Backup, Event, Master, SendAdvert, State, Step } from './state.ts';
import { postpone } from './postponement.ts';
import { skewTime } from './timers.ts';

/** RFC 5798, section 6.4.3. */
export function stepMaster(
  parameters: Parameters,
  state: Master,
  event: Event & { type: 'advert' | 'timer' },
  now: Instant,
): Step {
  if (event.type === 'timer') return expire(parameters, state, now);
  const stalled = stallTakeover(parameters, state, now);
  if (!stalled) return answer(parameters, state, event.advert, now);
  return withActions(stepBackup(parameters, stalled.state, event, now), stalled.actions);
}

function answer(parameters: Parameters, state: Master, advert: AcceptedAdvert, now: Instant): Step {
  const ours = advertisedPriority(parameters, state.memory);
  if (advert.priority === 0) {
    return withActions(answerRelease(parameters, state, now), [say({ event: 'masterReceivedPriorityZero' })]);
  }
  if (isOwner(advert) && ours === ownerPriority) return meetOwner(parameters, state, advert, now);
  if (advert.priority > ours) {
    const event = { event: 'receivedHigherPriority', from: advert.source, priority: advert.priority, ours } as const;
    return yieldTo(parameters, state, advert, now, say(event));
  }
  const addressOrder = parameters.sourceAddress === undefined ? 0 : compareIp(advert.source, parameters.sourceAddress);
  if (advert.priority === ours && addressOrder > 0) {
    return yieldTo(
      parameters,
      state,
      advert,
      now,
      say({ event: 'receivedHigherAddress', from: advert.source, priority: ours }),
    );
  }
  if (advert.priority === ours && addressOrder === 0) {
    return { state: postpone(parameters, state, now), actions: [say({ event: 'receivedOwnAddress' })] };
  }
  return insist(parameters, state, advert, ours, now);
}

function withActions(step: Step, before: readonly Action[]): Step {
  return { state: step.state, actions: [...before, ...step.actions] };
}

/** As after every packet, with lower_prio_no_advert the next advert comes when it would have come. */
function answerRelease(parameters: Parameters, state: Master, now: Instant): Step {
  const { state: next, actions } = advertise(parameters, state, now);
  if (!parameters.instance.lowerPriorityNoAdvert) return { state: next, actions };
  const [sent] = actions;
  return { state: { ...next, advertAt: state.advertAt }, actions: [{ ...sent, extra: true }] };
}

/**
 * An advert now, the next one an interval later. No interval is ever shorter, however late one of them was: others count in
 * them, as preempt_delay does.
 */
export function advertise(
  parameters: Parameters,
  state: Master,
  now: Instant,
): { state: Master; actions: readonly [SendAdvert] } {
  const priority = advertisedPriority(parameters, state.memory);
  return {
    state: {
      ...state,
      memory: sentAdvert(state.memory, priority, now),
      advertAt: after(now, parameters.instance.advertisementInterval),
    },
    actions: [{ type: 'sendAdvert', priority }],
  };
}

/** An advert left at `sentAt`, some moments after the event that called for it: the next interval begins there. */
export function advertSent(parameters: Parameters, state: State, sentAt: Instant): State {
  if (state.name !== 'master') return state;
  return { ...state, advertAt: after(sentAt, parameters.instance.advertisementInterval) };
}

function expire(parameters: Parameters, state: Master, now: Instant): Step {
  const { rogue } = state;
  if (rogue?.phase === 'listening' && now >= rogue.until) {
    const { rogue: _, ...peaceful } = state;
    return { state: peaceful, actions: [say({ event: 'otherOwnerStopped' })] };
  }
  if (now < state.advertAt) return { state, actions: [] };
  const stalled = stallTakeover(parameters, state, now);
  if (stalled) return stalled;
  const step = advertise(parameters, state, now);
  if (rogue?.phase !== 'advertising') return step;
  const left = rogue.left - 1;
  const listening = { phase: 'listening', until: after(now, micros(Math.floor(rogue.interval * 1.2))) } as const;
  return { state: { ...step.state, rogue: left > 0 ? { ...rogue, left } : listening }, actions: step.actions };
}

/**
 * After a stall of our own, a higher priority router that does not preempt has taken over: leave it in peace, whether we
 * notice by our timer or by its advert.
 */
function stallTakeover(parameters: Parameters, state: Master, now: Instant): (Step & { state: Backup }) | undefined {
  const { highestOtherPriority, lastAdvertSent } = state.memory;
  if (highestOtherPriority === 0 || lastAdvertSent === undefined) return undefined;
  const interval = parameters.instance.advertisementInterval;
  const takenAt = after(lastAdvertSent, 3 * interval + skewTime(parameters, interval, highestOtherPriority));
  if (now < takenAt || now < after(state.advertAt, interval)) return undefined;
  const late = say({ event: 'timerExpiredLate', late: micros(now - state.advertAt) });
  const step = becomeBackup(parameters, state, { now });
  return { state: step.state, actions: [late, ...step.actions] };
}

function yieldTo(parameters: Parameters, state: Master, advert: AcceptedAdvert, now: Instant, reason: Action): Step {
  const lastWord = parameters.instance.higherPrioritySendAdvert
    ? advertise(parameters, state, now)
    : { state, actions: [] };
  const interval = advert.intervalCentiseconds === undefined ? undefined : centiseconds(advert.intervalCentiseconds);
  const adopted = adoptInterval(parameters, lastWord.state.memory, interval);
  const memory: Memory = { ...adopted.memory, masterPriority: advert.priority };
  return withActions(becomeBackup(parameters, lastWord.state, { now, memory }), [
    reason,
    ...lastWord.actions,
    ...adopted.actions,
  ]);
}

/**
 * A lower priority router thinks it is master: tell it, and draw the traffic back; lower_prio_no_advert leaves out only
 * the telling.
 */
function insist(parameters: Parameters, state: Master, advert: AcceptedAdvert, ours: number, now: Instant): Step {
  const silent = parameters.instance.lowerPriorityNoAdvert;
  const reason = say({
    event: 'receivedLowerPriority',
    from: advert.source,
    priority: advert.priority,
    ours,
    forcingElection: !silent,
  });
  const step = silent ? { state, actions: [] } : advertise(parameters, state, now);
  const ahead: readonly Action[] =
    parameters.instance.authentication.type === 'ah'
      ? [say({ event: 'sequenceSkipped' }), { type: 'skipSequence' }]
      : [];
  return {
    state: step.state,
    actions: [
      reason,
      ...ahead,
      ...step.actions,
      { type: 'announceAfterLowerPriority' },
      { type: 'notifyLowerPriority' },
    ],
  };
}

/** Two address owners are a configuration error; the one with the lower address gives way in the end. */
function meetOwner(parameters: Parameters, state: Master, advert: AcceptedAdvert, now: Instant): Step {
  const other = advert.source;
  const complaint = say({ event: 'twoOwners', other });
  if (parameters.sourceAddress !== undefined && compareIp(other, parameters.sourceAddress) > 0) {
    return yieldTo(parameters, state, advert, now, complaint);
  }
  const waiting = postpone(parameters, state, now);
  if (state.rogue === undefined) {
    const own = parameters.instance.advertisementInterval;
    const theirs = advert.intervalCentiseconds === undefined ? own : centiseconds(advert.intervalCentiseconds);
    const interval = longerOf(own, theirs);
    return { state: { ...waiting, rogue: { phase: 'advertising', left: 2, interval } }, actions: [complaint] };
  }
  if (state.rogue.phase === 'advertising') return { state: waiting, actions: [] };
  const { rogue: _, ...demoted } = waiting;
  return {
    state: { ...demoted, memory: { ...state.memory, ownerDemoted: true } },
    actions: [say({ event: 'otherOwnerPersists', other })],
  };
}
