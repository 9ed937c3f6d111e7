import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpInstance } from '../../../src/config/types.ts';
import { type Instant, seconds } from '../../../src/lib/duration.ts';
import { deadline, transition } from '../../../src/vrrp/machine.ts';
import { advertSent } from '../../../src/vrrp/master.ts';
import type { Parameters } from '../../../src/vrrp/parameters.ts';
import type { State } from '../../../src/vrrp/state.ts';
import { masterDownInterval } from '../../../src/vrrp/timers.ts';
import { at, initialize, ip, logs, parameters, words } from './support.ts';

const begin = (p: Parameters, faulty = false) =>
  transition(p, initialize(p), { type: 'start', from: at(0), faulty }, at(0));

function hear(
  p: Parameters,
  state: State,
  priority: number,
  time: number,
  source = '10.20.0.2',
  intervalCentiseconds?: number,
) {
  const advert = {
    source: ip(source),
    priority,
    ...(intervalCentiseconds === undefined ? {} : { intervalCentiseconds }),
  };
  return transition(p, state, { type: 'advert', advert }, at(time));
}

const tick = (p: Parameters, state: State, time: number) => transition(p, state, { type: 'timer' }, at(time));

function master(changes: Partial<VrrpInstance> = {}) {
  const p = parameters(changes);
  const backup = begin(p).state;
  const step = tick(p, backup, (deadline(backup) ?? 0) / 1e6);
  assert.equal(step.state.name, 'master');
  return { p, state: step.state, time: (deadline(backup) ?? 0) / 1e6 };
}

test('a member that is held back asks again later, even where the master advertises an interval of 0', () => {
  const p = parameters({ version: 3, priority: 100 });
  const obeying = hear(p, begin(p).state, 200, 1, '10.20.0.2', 0).state;
  assert.equal(deadline(obeying), at(1));
  const waiting = transition(p, obeying, { type: 'timer', heldBack: true }, at(1)).state;
  assert.ok((deadline(waiting) ?? 0) > at(1.03));
});

describe('start', () => {
  test('a router that has waited for first results is in the fault state at a reload without telling it again', () => {
    const p = parameters();
    const start = { type: 'start', from: at(0), faulty: true, again: true } as const;
    const { state, actions } = transition(p, initialize(p), start, at(0));
    assert.equal(state.name, 'fault');
    assert.deepEqual(actions, []);
  });

  test('a backup waits three intervals and its skew time', () => {
    const step = begin(parameters());
    assert.equal(step.state.name, 'backup');
    assert.equal(deadline(step.state), 3_531_250);
    assert.equal(words(step.actions), 'notify:backup');
  });

  test('a configured MASTER that is no owner waits as well', () => {
    assert.equal(deadline(begin(parameters({ initialState: 'master', priority: 100 })).state), 3_609_375);
  });

  test('version 3 scales the skew time with the interval', () => {
    const p = parameters({ version: 3, advertisementInterval: seconds(0.25) });
    assert.equal(deadline(begin(p).state), 750_000 + Math.floor((136 * 25 * 625) / 16));
  });

  test('an owner is master on its first timer, without a backup notification', () => {
    const p = parameters({ priority: 255, initialState: 'master' });
    const started = begin(p);
    assert.equal(words(started.actions), '');
    assert.equal(deadline(started.state), 1);
    const step = tick(p, started.state, 0.000001);
    assert.equal(words(step.actions), 'advert:255 addAddresses announceAddresses notify:master');
  });

  test('with the interface down it is in fault', () => {
    const step = begin(parameters(), true);
    assert.equal(step.state.name, 'fault');
    assert.equal(deadline(step.state), undefined);
    assert.equal(words(step.actions), 'notify:fault');
  });
});

describe('RFC 5798, section 6.4.2, backup', () => {
  test('(345) the master-down timer makes it master: advert first, then addresses, then ARP', () => {
    const p = parameters();
    const step = tick(p, begin(p).state, 3.53125);
    assert.equal(words(step.actions), 'advert:120 addAddresses announceAddresses notify:master');
    assert.equal(logs(step.actions), 'receiveTimeout enteringMaster');
    assert.equal(deadline(step.state), 4_531_250);
  });

  test('priority 0 shortens the wait to the skew time', () => {
    const p = parameters();
    assert.equal(deadline(hear(p, begin(p).state, 0, 1).state), 1_531_250);
  });

  test('an equal or higher priority restarts the wait', () => {
    const p = parameters();
    for (const priority of [120, 200]) assert.equal(deadline(hear(p, begin(p).state, priority, 1).state), 4_531_250);
  });

  test('a lower priority is discarded and leaves the remaining time running', () => {
    const p = parameters();
    const step = hear(p, begin(p).state, 119, 1);
    assert.equal(deadline(step.state), 3_531_250);
    assert.equal(logs(step.actions), 'masterSet discardedLowerPriority');
  });

  test('without preemption a lower priority is obeyed', () => {
    const p = parameters({ preempt: false });
    const step = hear(p, begin(p).state, 50, 1);
    assert.equal(deadline(step.state), 4_531_250);
    assert.equal(step.state.memory.highestOtherPriority, 50);
  });

  test('version 3 adopts the interval of its master', () => {
    const p = parameters({ version: 3 });
    const step = hear(p, begin(p).state, 200, 1, '10.20.0.2', 200);
    assert.equal(deadline(step.state), 1_000_000 + 6_000_000 + Math.floor((136 * 200 * 625) / 16));
  });
});

describe('preempt_delay', () => {
  const p = parameters({ preemptDelay: seconds(10) });

  test('counts from the first lower advert, obeying it until the delay is over', () => {
    const first = hear(p, begin(p).state, 50, 1);
    assert.equal(logs(first.actions), 'masterSet preemptDelayStarted');
    assert.equal(deadline(hear(p, first.state, 50, 10.9).state), at(10.9 + 3.53125));
    const last = hear(p, first.state, 50, 11);
    assert.equal(logs(last.actions), 'discardedLowerPriority');
  });

  test('is called off by an equal or higher priority', () => {
    const step = hear(p, hear(p, begin(p).state, 50, 1).state, 130, 2);
    assert.equal(logs(step.actions), 'preemptDelayStopped');
    assert.equal(logs(hear(p, step.state, 50, 3).actions), 'preemptDelayStarted');
  });

  test('is told after the interval that was learnt', () => {
    const q = parameters({ preemptDelay: seconds(10), version: 3 });
    const { actions } = hear(q, begin(q).state, 50, 1, '10.20.0.2', 200);
    assert.equal(logs(actions), 'masterSet advertIntervalUpdated preemptDelayStarted');
  });
});

describe('RFC 5798, section 6.4.3, master', () => {
  test('an advert that was late shortens no interval', () => {
    const { p, state, time } = master();
    const step = tick(p, state, time + 1.0004);
    assert.equal(words(step.actions), 'advert:120');
    assert.equal(deadline(step.state), at(time + 2.0004));
  });

  test('the next interval begins when the advert has left', () => {
    const { p, state, time } = master();
    assert.equal(deadline(advertSent(p, state, at(time + 0.002))), at(time + 1.002));
    const backup = begin(p).state;
    assert.equal(advertSent(p, backup, at(10)), backup);
  });

  test('after a stall longer than an interval it advertises once, not in a burst', () => {
    const { p, state, time } = master();
    assert.equal(deadline(tick(p, state, time + 7.5).state), at(time + 8.5));
  });

  test('after a stall one that does not preempt leaves in peace who has taken over, heard or not', () => {
    const p = parameters({ preempt: false });
    const { state: obeying } = hear(p, begin(p).state, 50, 0);
    const { state } = tick(p, obeying, 4);
    assert.equal(tick(p, state, 7.7).state.name, 'master', 'the other waits 3 intervals and 0.8 s');
    const woken = tick(p, state, 8);
    assert.deepEqual([woken.state.name, logs(woken.actions)], ['backup', 'timerExpiredLate enteringBackup']);
    const told = hear(p, state, 50, 8);
    assert.equal(words(told.actions), 'stopAnnouncing removeAddresses notify:backup');
    assert.equal(deadline(told.state), at(11.53125));
    const postponed = transition(p, state, { type: 'refused' }, at(7.5)).state;
    assert.equal(tick(p, postponed, 8.5).state.name, 'master', 'silent, but not late');
  });

  test('after a lower router was heard, the authentication header leaves a number out', () => {
    const { p, state } = master({ authentication: { type: 'ah', password: 's3cr3t' } });
    assert.ok(words(hear(p, state, 100, 10).actions).startsWith('skipSequence advert:120'));
    assert.equal(words(hear(p, state, 0, 10).actions), 'advert:120');
  });

  test('without -D the interval learnt as backup stays in force for its deadlines', () => {
    const version3 = parameters({ version: 3 });
    for (const p of [version3, { ...version3, keepsLearntInterval: true } as const]) {
      const { state: obeying } = hear(p, begin(p).state, 200, 0, '10.20.0.2', 20);
      const { state } = tick(p, obeying, 1);
      assert.equal(deadline(state), at(2));
      const { state: lost } = transition(p, state, { type: 'addressLost' }, at(10));
      assert.equal(deadline(lost), at(10 + (p.keepsLearntInterval ? 0.10625 : 0.53125)));
    }
  });

  test('a shorter interval that was learnt limits how long a link may take to be believed', () => {
    const p = parameters({ version: 3 });
    const learnt = (q: Parameters) => hear(q, begin(q).state, 200, 0, '10.20.0.2', 50).actions.at(-1);
    assert.deepEqual(learnt(p), { type: 'limitLinkDelays', longest: 998_047 });
    assert.equal(learnt(parameters({ version: 3, downTimerAdverts: 1 }))?.type, 'log');
  });

  test('another priority after an advert of priority 0 means the whole wait again', () => {
    const p = parameters();
    const { state } = hear(p, begin(p).state, 0, 1);
    const lower = { ...p, effectivePriority: 100 };
    const step = transition(lower, state, { type: 'priorityChanged', from: 120 }, at(1.2));
    assert.equal(deadline(step.state), at(4.609375));
  });

  test('it remembers how long it last waited as backup', () => {
    const p = parameters();
    const { state } = tick(p, hear(p, begin(p).state, 0, 1).state, 2);
    assert.equal(state.name, 'master');
    assert.equal(state.memory.masterDownTimer, 531_250);
    assert.equal(hear(p, state, 200, 3).state.memory.masterDownTimer, 3_531_250);
  });

  test('a higher priority makes it backup, without an advert of priority 0', () => {
    const { p, state } = master();
    const step = hear(p, state, 121, 10);
    assert.equal(words(step.actions), 'stopAnnouncing removeAddresses notify:backup');
    assert.equal(deadline(step.state), at(13.53125));
    assert.equal(step.state.memory.masterAddress, undefined, 'that is told when it is heard the next time');
  });

  test('higher_prio_send_advert has the last word', () => {
    const { p, state } = master({ higherPrioritySendAdvert: true });
    assert.equal(words(hear(p, state, 121, 10).actions), 'advert:120 stopAnnouncing removeAddresses notify:backup');
  });

  test('of two equals the higher address stays', () => {
    const { p, state } = master();
    assert.equal(hear(p, state, 120, 10, '10.20.0.2').state.name, 'backup');
    assert.equal(hear(p, state, 120, 10, '10.20.0.0').state.name, 'master');
    assert.equal(logs(hear(p, state, 120, 10, '10.20.0.1').actions), 'receivedOwnAddress');
  });

  test('a lower priority is answered by an advert and announcements', () => {
    const { p, state } = master();
    assert.equal(words(hear(p, state, 100, 10).actions), 'advert:120 announceAfterLowerPriority notifyLowerPriority');
  });

  test('lower_prio_no_advert sends no advert and keeps its own schedule, but announces', () => {
    const { p, state } = master({ lowerPriorityNoAdvert: true });
    const step = hear(p, state, 100, 3.6);
    assert.equal(words(step.actions), 'announceAfterLowerPriority notifyLowerPriority');
    assert.equal(deadline(step.state), deadline(state));
  });

  test('priority 0 from another is answered by an advert', () => {
    const { p, state } = master();
    assert.equal(words(hear(p, state, 0, 10).actions), 'advert:120');
    assert.equal(deadline(hear(p, state, 0, 10).state), at(11));
    const silent = { ...p, instance: { ...p.instance, lowerPriorityNoAdvert: true } };
    const step = hear(silent, state, 0, 4);
    assert.equal(words(step.actions), 'advert:120');
    assert.equal(deadline(step.state), deadline(state), 'the schedule stays');
  });

  test('shutdown frees the addresses at once', () => {
    const { p, state } = master();
    const step = transition(p, state, { type: 'shutdown' }, at(10));
    assert.equal(words(step.actions), 'advert:0 stopAnnouncing removeAddresses');
    assert.equal(step.state.memory.statistics.priorityZeroSent, 1);
  });

  test('an address removed by somebody else means giving up and competing again after the skew time', () => {
    const { p, state } = master();
    const step = transition(p, state, { type: 'addressLost' }, at(10));
    assert.equal(words(step.actions), 'advert:0 stopAnnouncing removeAddresses notify:backup');
    assert.equal(deadline(step.state), at(10.53125));
  });
});

describe('vrrp_startup_delay', () => {
  test('no wait for a master counts from before its end', () => {
    const p = { ...parameters(), electionFrom: at(5) };
    const waits = (state: State): number => (deadline(state) as number) - masterDownInterval(p, seconds(1));
    const started = transition(p, initialize(p), { type: 'start', from: at(5), faulty: false }, at(0)).state;
    assert.equal(waits(started), at(5));
    assert.equal(waits(transition(p, started, { type: 'reconfigured' }, at(2)).state), at(5));
    const down = transition(p, started, { type: 'faultsChanged', faulty: true }, at(1)).state;
    assert.equal(waits(transition(p, down, { type: 'faultsChanged', faulty: false }, at(3)).state), at(5));
    assert.equal(waits(transition(p, down, { type: 'faultsChanged', faulty: false }, at(7)).state), at(7));
  });
});

describe('fault', () => {
  test('a master leaves with two adverts of priority 0 and returns as a backup', () => {
    const { p, state } = master();
    const down = transition(p, state, { type: 'faultsChanged', faulty: true }, at(10));
    assert.equal(words(down.actions), 'advert:0 advert:0 stopAnnouncing removeAddresses notify:fault');
    const { statistics } = state.memory;
    const counted = { ...statistics, advertSent: statistics.advertSent + 2, priorityZeroSent: 1, releaseMaster: 1 };
    assert.deepEqual(down.state.memory.statistics, counted);
    const up = transition(p, down.state, { type: 'faultsChanged', faulty: false }, at(20));
    assert.equal(words(up.actions), 'notify:backup');
    assert.equal(deadline(up.state), at(23.53125));
  });

  test('a master that its sync group takes along leaves with one, without a word', () => {
    const { p, state } = master();
    const down = transition(p, state, { type: 'synced', to: 'fault' }, at(10));
    assert.equal(words(down.actions), 'advert:0 stopAnnouncing removeAddresses notify:fault');
    assert.equal(down.state.memory.statistics.priorityZeroSent, 0);
    assert.equal(logs(down.actions), 'enteringFault');
  });

  test('hears nothing', () => {
    const p = parameters();
    const { state } = begin(p, true);
    assert.deepEqual(hear(p, state, 255, 1), { state, actions: [] });
    assert.deepEqual(tick(p, state, 1), { state, actions: [] });
  });
});

describe('two owners', () => {
  const owner = { priority: 255, initialState: 'master' } as const;
  const begin = (p: Parameters) => {
    const justBefore = (at(0) - 1) as Instant;
    return tick(p, transition(p, initialize(p), { type: 'start', from: justBefore, faulty: false }, at(0)).state, 0);
  };

  test('the one with the lower address yields', () => {
    const p = parameters(owner);
    const { state } = begin(p);
    assert.equal(hear(p, state, 255, 1, '10.20.0.2').state.name, 'backup');
  });

  test('the other advertises twice, listens, and steps down to 254 if the claim persists', () => {
    const p = parameters(owner);
    let step = hear(p, begin(p).state, 255, 0.5, '10.20.0.0');
    assert.equal(logs(step.actions), 'twoOwners');
    assert.equal(deadline(step.state), at(1.5), 'its own next advert waits an interval');
    step = tick(p, tick(p, step.state, 1.5).state, 2.5);
    assert.equal(deadline(step.state), at(3.5));
    const persists = hear(p, step.state, 255, 3, '10.20.0.0');
    assert.equal(logs(persists.actions), 'otherOwnerPersists');
    assert.equal(words(tick(p, persists.state, 4).actions), 'advert:254');
    assert.equal(hear(p, persists.state, 255, 4.5, '10.20.0.0').state.name, 'backup');
  });

  test('it goes on as before when the claim ends', () => {
    const p = parameters(owner);
    let step = hear(p, begin(p).state, 255, 0.5, '10.20.0.0');
    step = tick(p, tick(p, step.state, 1.5).state, 2.5);
    step = tick(p, step.state, 3.5);
    assert.equal(deadline(step.state), at(3.7));
    assert.equal(logs(tick(p, step.state, 3.7).actions), 'otherOwnerStopped');
  });
});

describe('reload', () => {
  test('a master speaks out of turn and starts its interval anew', () => {
    const { p, state } = master();
    const step = transition(p, state, { type: 'advertise' }, at(10.2));
    assert.equal(words(step.actions), 'advert:120');
    assert.equal(deadline(step.state), at(11.2));
    assert.deepEqual(transition(p, begin(p).state, { type: 'advertise' }, at(1)).actions, []);
  });

  test('a backup waits anew, by the new interval and priority', () => {
    const previous = parameters();
    const changed = parameters({ advertisementInterval: seconds(2), priority: 90 });
    const { state } = begin(previous);
    const step = transition(changed, state, { type: 'reconfigured' }, at(1));
    assert.deepEqual(step.actions, []);
    assert.equal(deadline(step.state), at(1 + 6) + Math.floor((166 * 1_000_000) / 256));
    assert.equal(deadline(hear(changed, step.state, 200, 2).state), at(2 + 6) + Math.floor((166 * 1_000_000) / 256));
  });

  test('an interval that was learnt is forgotten', () => {
    const p = parameters({ version: 3 });
    const { state } = hear(p, begin(p).state, 200, 0, '10.20.0.2', 20);
    assert.equal(deadline(transition(p, state, { type: 'reconfigured' }, at(1)).state), at(4.53125));
  });

  test('one that preempts from now on forgets the priority that it would not have preempted', () => {
    const reluctant = parameters({ priority: 100, preempt: false });
    const obeying = hear(reluctant, begin(reluctant).state, 200, 1).state;
    assert.equal(obeying.memory.highestOtherPriority, 200);
    const eager = parameters({ priority: 100, preempt: true });
    assert.equal(transition(eager, obeying, { type: 'reconfigured' }, at(2)).state.memory.highestOtherPriority, 0);
    assert.equal(
      transition(reluctant, obeying, { type: 'reconfigured' }, at(2)).state.memory.highestOtherPriority,
      200,
    );
  });
});
