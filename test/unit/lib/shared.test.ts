import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shared } from '../../../src/lib/shared.ts';

test('equal objects in a row are one', () => {
  const one = shared<{ a: number; b?: string }>();
  const first = one({ a: 1 });
  assert.equal(one({ a: 1 }), first);
  const other = one({ a: 1, b: 'x' });
  assert.notEqual(other, first);
  assert.equal(one({ a: 1, b: 'x' }), other);
  assert.deepEqual(one({ a: 1 }), { a: 1 });
  assert.deepEqual(one({ a: 2 }), { a: 2 });
});
