import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Simulation } from '../../fakes/simulation.ts';

/** SEED plays one schedule again; SCHEDULES and FIRST_SEED play others than the usual. */
const only = process.env.SEED;
const first = Number(only ?? process.env.FIRST_SEED ?? 1);
const count = only === undefined ? Number(process.env.SCHEDULES ?? 10_000) : 1;

test(`${count} schedules of loss, delay, repetition, partition and restart`, (context) => {
  context.diagnostic(`seeds ${first} to ${first + count - 1}`);
  for (let seed = first; seed < first + count; seed++) {
    const problem = new Simulation(seed).play();
    assert.equal(problem, undefined, `SEED=${seed}: ${problem}`);
  }
});

test('a seed always gives the same schedule', () => {
  const stories = [7, 7].map((seed) => new Simulation(seed)).map((simulation) => [simulation.play(), simulation.story]);
  assert.deepEqual(stories[0], stories[1]);
});
