import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../src/lib/random.ts';

test('equal seeds give equal numbers, others others, spread over the interval', () => {
  const take = (seed: number) => Array.from({ length: 2000 }, seededRandom(seed));
  assert.deepEqual(take(5), take(5));
  assert.notDeepEqual(take(5), take(6));
  const numbers = take(0);
  assert.ok(numbers.every((number) => number >= 0 && number < 1));
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  assert.ok(Math.abs(mean - 0.5) < 0.03, `${mean}`);
});
