import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { likeness, madeLike } from '../../../src/ipc/likeness.ts';

const leaf = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(undefined),
  fc.constant(null),
  fc.bigInt(),
  fc.uint8Array({ maxLength: 3 }),
);
const { value } = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c', '1', '2'), tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));
const object = fc.dictionary(fc.constantFrom('x', 'y', 'z'), value, { maxKeys: 3, noNullPrototype: true });

/** The channel between processes. */
function sent<T>(message: T): T {
  return deserialize(serialize(message)) as T;
}

/** The elements of all lists in `one`. */
function elements(one: unknown): object[] {
  if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) return [];
  const own = Array.isArray(one) ? one.filter((item) => typeof item === 'object' && !ArrayBuffer.isView(item)) : [];
  return [...own, ...Object.values(one).flatMap(elements)].filter((item) => item !== null);
}

test('an item is made again of any other, and has the elements of its lists for itself', () => {
  fc.assert(
    fc.property(object, object, (other, item) => {
      const made = madeLike(other, sent(likeness(other, item)));
      assert.deepEqual(made, item);
      assert.deepEqual(Object.keys(made as object), Object.keys(item));
      const others = new Set(elements(other));
      for (const element of elements(made)) assert.ok(!others.has(element));
    }),
  );
});

test('what two have in common is not said again, and shared', () => {
  const schedule = { delay: 5, retry: 1 };
  const other = { name: 'one', schedule, servers: [{ address: '10.0.0.1', schedule }] };
  const item = {
    name: 'two',
    schedule: { ...schedule },
    servers: [{ address: '10.0.0.2', schedule: { ...schedule } }],
  };
  const difference = likeness(other, item);
  assert.deepEqual(difference, [2, 1, 'two', 4, 1, 0, 1, 1, '10.0.0.2']);
  const made = madeLike(other, difference) as typeof other;
  assert.equal(made.schedule, other.schedule);
  assert.equal(made.servers[0]?.schedule, schedule);
});

test('items that are equal are two', () => {
  const [other, item] = [{ servers: [{ address: '10.0.0.1' }] }, { servers: [{ address: '10.0.0.1' }] }];
  const made = madeLike(other, likeness(other, item)) as typeof item;
  assert.deepEqual(made, item);
  assert.notEqual(made, other);
  assert.notEqual(made.servers[0], other.servers[0]);
});

test('without another one it is the whole', () => {
  assert.deepEqual(madeLike(undefined, likeness(undefined, { a: [1] })), { a: [1] });
});
