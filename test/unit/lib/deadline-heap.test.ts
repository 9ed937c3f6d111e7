import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DeadlineHeap } from '../../../src/lib/deadline-heap.ts';
import type { Instant } from '../../../src/lib/duration.ts';

const change = fc.record({ key: fc.nat(20), at: fc.option(fc.nat(1000), { nil: undefined }) });

test('property: deadlines come out in order, each key once, with its last setting', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
      const heap = new DeadlineHeap<number>();
      const model = new Map<number, number>();
      for (const { key, at } of changes) {
        heap.set(key, at as Instant | undefined);
        if (at === undefined) model.delete(key);
        else model.set(key, at);
      }
      assert.equal(heap.earliest(), model.size === 0 ? undefined : Math.min(...model.values()));
      const first = heap.first();
      assert.equal(first === undefined ? undefined : model.get(first), heap.earliest());
      let previous = 0;
      for (let key = heap.takeDue(2000 as Instant); key !== undefined; key = heap.takeDue(2000 as Instant)) {
        const at = model.get(key);
        assert.ok(at !== undefined && at >= previous);
        previous = at;
        model.delete(key);
      }
      assert.equal(model.size, 0);
    }),
  );
});

test('what is not due stays', () => {
  const heap = new DeadlineHeap<string>();
  heap.set('later', 10 as Instant);
  assert.equal(heap.takeDue(9 as Instant), undefined);
  assert.equal(heap.takeDue(10 as Instant), 'later');
});

test('equal deadlines come in the order in which they were set', () => {
  const heap = new DeadlineHeap<string>();
  for (const key of ['a', 'b', 'c', 'd', 'e']) heap.set(key, 5 as Instant);
  const taken: (string | undefined)[] = [];
  for (let i = 0; i < 5; i++) taken.push(heap.takeDue(5 as Instant));
  assert.deepEqual(taken, ['a', 'b', 'c', 'd', 'e']);
});
