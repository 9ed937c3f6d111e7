import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errno, errnoText } from '../../../src/lib/errno.ts';
import { native } from '../../../src/os/native.ts';

test('names, numbers and texts are those of the C library', () => {
  for (const [name, number] of Object.entries(errno)) {
    assert.deepEqual([name, errnoText(number)], native.describeError(number));
  }
  assert.equal(errnoText(0), 'Success');
  assert.equal(errnoText(9999), 'Unknown error 9999');
});
