import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seconds } from '../../../src/lib/duration.ts';
import { deadline, transition } from '../../../src/vrrp/machine.ts';
import { initialMemory } from '../../../src/vrrp/memory.ts';
import type { State } from '../../../src/vrrp/state.ts';
import { at, instance } from './support.ts';

const master: State = { name: 'master', memory: initialMemory(seconds(1)), advertAt: at(11) };

/** When the next advert is due after packets at these moments were refused. */
function due(moments: readonly number[], changes: Parameters<typeof instance>[0] = {}): number | undefined {
  const router = instance(changes);
  const state = moments.reduce(
    (before, moment) =>
      transition({ instance: router, effectivePriority: 120 }, before, { type: 'refused' }, at(moment)).state,
    master,
  );
  return deadline(state);
}

describe('a master that refuses packets', () => {
  it('counts its next interval from each, as long as they come one in an interval', () => {
    assert.equal(due([10.4]), at(11.4));
    assert.equal(due([10.9, 11.8, 12.7, 13.6, 14.5, 15.4]), at(16.4));
  });

  it('does not with lower_prio_no_advert', () => {
    assert.equal(due([10.4], { lowerPriorityNoAdvert: true }), at(11));
  });

  it('is not silenced by a flood', () => {
    const flood = Array.from({ length: 20_000 }, (_, i) => 10.2 + i / 10_000);
    const expected = due(flood.slice(0, 8));
    assert.equal(due(flood), expected);
    assert.ok(expected !== undefined && expected < at(11.21));
  });

  it('is postponed again once the flood is over', () => {
    const flood = Array.from({ length: 100 }, (_, i) => 10.2 + i / 10_000);
    assert.equal(due([...flood, 13]), at(14));
  });
});

describe('a backup that refuses packets', () => {
  it('waits no longer', () => {
    const backup: State = { name: 'backup', memory: initialMemory(seconds(1)), masterDownAt: at(13) };
    const parameters = { instance: instance(), effectivePriority: 120 };
    assert.equal(deadline(transition(parameters, backup, { type: 'refused' }, at(12)).state), at(13));
  });
});
