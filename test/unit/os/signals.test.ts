import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { native } from '../../../src/os/native.ts';

const { SIGHUP, SIGUSR1, SIGUSR2, SIGTERM, SIGINT, SIGRTMIN, SIGRTMAX, SIGALRM } = native.constants;
const wanted = [SIGHUP, SIGUSR1, SIGUSR2, SIGTERM, SIGINT, SIGRTMIN + 2, SIGRTMAX - 1];
const received: number[] = [];
const watch = native.signals(wanted, (signal) => received.push(signal));
after(() => watch.close());

async function arrival(count: number): Promise<number[]> {
  const limit = performance.now() + 10_000;
  while (received.length < count && performance.now() < limit) await nextTurn();
  return received.splice(0);
}

function deliver(signals: readonly number[]): Promise<number[]> {
  for (const signal of signals) process.kill(process.pid, signal);
  return arrival(signals.length);
}

test('the daemon signals are delivered, real-time ones too', async () => {
  for (const signal of wanted) assert.deepEqual(await deliver([signal]), [signal]);
});

test("keepalived's JSON and STATS_CLEAR signals have the numbers 36 and 63", () => {
  assert.deepEqual([SIGRTMIN + 2, SIGRTMAX - 1], [36, 63]);
});

test('none of a storm of signals is lost', async () => {
  const storm = Array.from({ length: 1000 }, (_, i) => wanted[i % wanted.length] as number);
  assert.deepEqual((await deliver(storm)).toSorted(), storm.toSorted());
});

const TGKILL = 234;
const tgkill = `import ctypes, sys
libc = ctypes.CDLL(None)
for thread in sys.argv[2:]: libc.syscall(${TGKILL}, int(sys.argv[1]), int(thread), 36)`;

/** The engine's threads that may be given the signal: one of them blocks all. */
function threadsTaking(signal: number): string[] {
  return readdirSync(`/proc/${process.pid}/task`).filter((thread) => {
    const status = readFileSync(`/proc/${process.pid}/task/${thread}/status`, 'latin1');
    const blocked = BigInt(`0x${/^SigBlk:\s*(\w+)/m.exec(status)?.[1] ?? '0'}`);
    return (blocked & (1n << BigInt(signal - 1))) === 0n;
  });
}

test('every thread of the engine passes signals on', {
  skip: process.arch !== 'x64' && 'x64 call number',
}, async () => {
  const threads = threadsTaking(36);
  assert.ok(threads.length > 1);
  execFileSync('python3', ['-c', tgkill, String(process.pid), ...threads]);
  assert.deepEqual(
    await arrival(threads.length),
    threads.map(() => 36),
  );
});

test('programs start with default actions and nothing blocked', () => {
  native.ignoreSignals([SIGALRM]);
  const status = execFileSync('cat', ['/proc/self/status'], { encoding: 'utf8' });
  assert.match(status, /SigBlk:\t0{16}/);
  assert.match(status, /SigCgt:\t0{16}/);
});

test('there is one receiver at a time', () => {
  assert.throws(() => native.signals([SIGHUP], () => {}), { code: 'EBUSY' });
});

test('signals that cannot be caught are refused', () => {
  watch.close();
  assert.throws(() => native.signals([9], () => {}), { code: 'EINVAL' });
  assert.throws(() => native.signals([0], () => {}), { code: 'EINVAL' });
  native.signals(wanted, () => {}).close();
});
