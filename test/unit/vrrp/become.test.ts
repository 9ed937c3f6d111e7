import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadline, transition } from '../../../src/vrrp/machine.ts';
import type { State } from '../../../src/vrrp/state.ts';
import { at, initialize, ip, logs, parameters, words } from './support.ts';

const p = parameters();

function master(): State {
  const backup = transition(p, initialize(p), { type: 'start', from: at(0), faulty: false }, at(0)).state;
  return transition(p, backup, { type: 'timer' }, deadline(backup) ?? at(0)).state;
}

test('a fault that a reload brings ends a master without an advert, and counts as no release', () => {
  const before = master();
  assert.equal(before.name, 'master');
  const { state, actions } = transition(p, before, { type: 'faultsChanged', faulty: true, reloading: true }, at(10));
  assert.equal(words(actions), 'stopAnnouncing removeAddresses notify:fault');
  assert.equal(state.name, 'fault');
  assert.deepEqual(state.memory.statistics, before.memory.statistics);
});

test('an owner that stepped down and is none any more compares with the priority it has now', () => {
  const owner = parameters({ priority: 255 });
  const waiting = transition(owner, initialize(owner), { type: 'start', from: at(0), faulty: false }, at(0)).state;
  const demoted = { ...waiting, memory: { ...waiting.memory, ownerDemoted: true } } as State;
  const advert = { source: ip('10.20.0.2'), priority: 150 };
  const heard = (of: typeof owner) => transition(of, demoted, { type: 'advert', advert }, at(1));
  assert.match(logs(heard(owner).actions), /discardedLowerPriority/);
  assert.doesNotMatch(logs(heard(parameters({ priority: 100 })).actions), /discardedLowerPriority/);
});
