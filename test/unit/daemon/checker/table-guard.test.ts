import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TableGuard } from '../../../../src/daemon/checker/table-guard.ts';
import { instant, seconds } from '../../../../src/lib/duration.ts';
import { fakeClock } from '../../../fakes/clock.ts';

function guarded(restore: (table: { text: string }) => number) {
  const clock = fakeClock();
  const table = { text: 'ours' };
  const log: string[] = [];
  let restorations = 0;
  const guard = new TableGuard(
    {
      clock,
      log: ({ message }) => void log.push(message),
      openTimer: clock.openTimer,
      fingerprint: () => table.text,
      restore: () => {
        restorations++;
        return restore(table);
      },
    },
    seconds(1),
  );
  const until = (time: number) => clock.advanceTo(instant(seconds(time)));
  return { guard, table, log, until, restorations: () => restorations };
}

test('a table that does not change is left alone', async () => {
  const { guard, until, restorations } = guarded(() => 0);
  guard.configure(true);
  await until(10);
  assert.equal(restorations(), 0);
  guard.close();
});

test('what others change is put right within a second, said and counted', async () => {
  const { guard, table, log, until } = guarded((held) => {
    held.text = 'ours';
    return 2;
  });
  guard.configure(true);
  table.text = '';
  await until(1);
  table.text = 'theirs';
  await until(3);
  assert.deepEqual(log, [
    'IPVS: services of ours were changed by somebody else - put right by 2 command(s), 2 so far',
    'IPVS: services of ours were changed by somebody else - put right by 2 command(s), 4 so far',
  ]);
  guard.close();
});

test('our own changes are looked at once and need nothing', async () => {
  const { guard, table, log, until, restorations } = guarded(() => 0);
  guard.configure(true);
  table.text = 'ours, changed';
  await until(5);
  assert.equal(restorations(), 1);
  assert.deepEqual(log, []);
  guard.configure(false);
  table.text = 'theirs';
  await until(9);
  assert.equal(restorations(), 1);
});
