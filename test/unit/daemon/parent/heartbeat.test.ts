import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Heartbeat } from '../../../../src/daemon/parent/heartbeat.ts';
import { seconds } from '../../../../src/lib/duration.ts';
import { FakeWorld } from '../../../fakes/parent-world.ts';

describe('heartbeat', () => {
  let world: FakeWorld;
  let pings: number;
  let stuck: string[];
  let loading: boolean;
  let activity: { runnable: boolean; used: number };
  let heartbeat: Heartbeat;

  beforeEach(() => {
    world = new FakeWorld();
    pings = 0;
    stuck = [];
    loading = false;
    activity = { runnable: false, used: 1 };
    heartbeat = new Heartbeat({
      now: () => world.now(),
      openTimer: (expired) => world.openTimer(expired),
      ping: () => void pings++,
      activity: () => activity,
      loading: () => loading,
      stuck: (span, last) => void stuck.push(`${span / 1e6} ${last}`),
    });
  });

  const pass = (count: number): void => {
    for (let second = 0; second < count; second++) world.advance(seconds(1));
  };

  it('asks again and again while answers come', () => {
    for (let n = 0; n < 20; n++) {
      pass(2);
      heartbeat.answered('well');
    }
    assert.equal(pings, 20);
    assert.deepEqual(stuck, []);
  });

  it('names a child that no longer answers, and what it last did', () => {
    pass(2);
    heartbeat.answered('VI_1 MASTER');
    pass(9);
    assert.deepEqual(stuck, []);
    pass(1);
    assert.deepEqual(stuck, ['8 VI_1 MASTER']);
  });

  it('bears a child that is stopped for five seconds', () => {
    pass(7);
    heartbeat.answered('well');
    pass(4);
    assert.deepEqual([pings, stuck], [2, []]);
  });

  it('bears a child that is busy, or waits for a processor, for a minute', () => {
    activity.runnable = true;
    pass(30);
    assert.deepEqual(stuck, []);
    activity.runnable = false;
    for (let n = 0; n < 10; n++) {
      activity = { runnable: false, used: activity.used + 0.1 };
      pass(2);
    }
    assert.deepEqual(stuck, []);
    pass(4);
    assert.equal(stuck.length, 1);
  });

  it('bears no child that is busy for ever', () => {
    activity.runnable = true;
    pass(65);
    assert.equal(stuck.length, 1);
  });

  it('gives a child that reads its configuration more time', () => {
    loading = true;
    pass(60);
    assert.deepEqual(stuck, []);
    pass(40);
    assert.equal(stuck.length, 1);
  });

  it('blames nobody for its own delay', () => {
    pass(2);
    world.advance(seconds(30));
    assert.deepEqual(stuck, []);
    heartbeat.answered('well');
    pass(5);
    assert.deepEqual(stuck, []);
  });
});
