import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadline, transition } from '../../../src/vrrp/machine.ts';
import type { State } from '../../../src/vrrp/state.ts';
import { at, initialize, parameters, words } from './support.ts';

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
