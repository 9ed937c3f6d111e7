import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestWord } from '../../../src/report/nearest-word.ts';

test('the nearest word is taken, if any is near enough for its length', () => {
  const words = ['priority', 'preempt', 'state', 'interface'];
  assert.equal(nearestWord('pririty', words), 'priority');
  assert.equal(nearestWord('STATE', words), 'state');
  assert.equal(nearestWord('sta', words), undefined);
  assert.equal(nearestWord('quorum', words), undefined);
});
