import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogBatch } from '../../../src/daemon/log-batch.ts';

const line = (message: string) => ({ level: 'info', message }) as const;

test('the lines of a turn are delivered together, in order, once', () => {
  const delivered: string[] = [];
  const ends: (() => void)[] = [];
  const batch = new LogBatch(
    (lines) => delivered.push(lines.map(({ message }) => message).join(' ')),
    (end) => ends.push(end),
  );
  batch.add(line('a'));
  batch.add(line('b'));
  assert.deepEqual(delivered, []);
  for (const end of ends.splice(0)) end();
  batch.add(line('c'));
  batch.flush();
  for (const end of ends.splice(0)) end();
  assert.deepEqual(delivered, ['a b', 'c']);
});
