import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { after, instant, millis } from '../../../src/lib/duration.ts';
import { monotonicClock } from '../../../src/os/clock.ts';
import { openTimer } from '../../../src/os/timer.ts';

function untilExpired(at: number): Promise<number> {
  return new Promise((resolve) => {
    const timer = openTimer(() => {
      timer.close();
      resolve(monotonicClock.now());
    });
    timer.arm(instant(at));
  });
}

test('expires not before its deadline', async () => {
  const at = after(monotonicClock.now(), millis(2));
  assert.ok((await untilExpired(at)) >= at);
});

test('a past deadline expires at once', async () => {
  const start = monotonicClock.now();
  await untilExpired(1);
  await untilExpired(0);
  await untilExpired(-5);
  assert.ok(monotonicClock.now() - start < 1_000_000);
});

test('a new deadline replaces the old one, even when that has passed unnoticed', async () => {
  let count = 0;
  const timer = openTimer(() => count++);
  timer.arm(instant(1));
  const busyUntil = monotonicClock.now() + 500;
  while (monotonicClock.now() < busyUntil);
  timer.arm(after(monotonicClock.now(), millis(60_000)));
  for (let i = 0; i < 5; i++) await nextTurn();
  assert.equal(count, 0);
  timer.close();
});

test('a disarmed or closed timer stays silent', async () => {
  let count = 0;
  const disarmed = openTimer(() => count++);
  disarmed.arm(instant(1));
  disarmed.arm(undefined);
  const closed = openTimer(() => count++);
  closed.arm(instant(1));
  closed.close();
  closed.close();
  for (let i = 0; i < 5; i++) await nextTurn();
  assert.equal(count, 0);
  disarmed.close();
});

test('may be armed again from its own callback', async () => {
  const expiries: number[] = [];
  await new Promise<void>((resolve) => {
    const timer = openTimer(() => {
      expiries.push(monotonicClock.now());
      if (expiries.length < 3) return timer.arm(after(monotonicClock.now(), 200));
      timer.close();
      return resolve();
    });
    timer.arm(instant(1));
  });
  assert.equal(expiries.length, 3);
});
