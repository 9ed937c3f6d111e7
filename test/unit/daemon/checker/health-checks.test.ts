import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstVerdict } from '../../../../src/checkers/first-verdict.ts';
import type { Checker } from '../../../../src/config/types.ts';
import { type HealthCheck, HealthChecks, healthCheck } from '../../../../src/daemon/checker/health-checks.ts';
import { instant, millis, seconds } from '../../../../src/lib/duration.ts';
import type { ScriptEnd } from '../../../../src/ports/script.ts';
import { checkerPorts } from '../../../fakes/checker-ports.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { connection, ip, realServer, schedule, script, virtualServer } from '../../checkers/examples.ts';

/** Health checks whose TCP servers all answer and whose scripts take `scriptTime`; when each was asked, in seconds. */
function running(checkers: readonly Checker[], { share = false, scriptTime = 0, servers = 1 } = {}) {
  const clock = fakeClock();
  const log: string[] = [];
  const changes: string[] = [];
  const asked: number[] = [];
  const aborted: string[] = [];
  let randoms = 0;
  const timers = (span: number, done: () => void): void => {
    const timer = clock.openTimer(done);
    timer.arm(instant(clock.now() + span));
  };
  const checks = new HealthChecks({
    ports: checkerPorts({
      dial: {
        connect: () => assert.fail('not dialled'),
        probe: ({ address }, signal) => {
          asked.push(clock.now() / 1e6);
          signal.addEventListener('abort', () => aborted.push(address));
          return address === ip('10.0.0.99') ? new Promise(() => {}) : Promise.resolve(undefined);
        },
      },
      runScript: () => {
        asked.push(clock.now() / 1e6);
        return new Promise<ScriptEnd>((resolve) =>
          timers(seconds(scriptTime), () => resolve({ kind: 'exit', status: 0, timedOut: false })),
        );
      },
      random: () => (randoms++ % 10) / 10,
      clock,
    }),
    log: ({ message }) => void log.push(message),
    openTimer: clock.openTimer,
    changed: (_check, change) => void changes.push(change.type),
    checked: () => {},
  });
  const all: HealthCheck[] = [];
  for (let i = 0; i < servers; i++) {
    const key = { kind: 'fwmark', fwmark: i, family: 4 } as const;
    for (const checker of checkers) {
      const server = virtualServer([realServer('10.0.0.11', { checkers: [checker] })], { key });
      all.push(healthCheck(server, 0, checker, firstVerdict(checker, new Map())));
    }
  }
  checks.replace(all, share);
  return {
    checks,
    all,
    log,
    changes,
    asked,
    aborted,
    until: (time: number) => clock.advanceTo(instant(seconds(time))),
  };
}

const tcp = (address: string, warmup = 0): Checker => ({
  kind: 'TCP_CHECK',
  schedule: schedule({ delayLoop: seconds(2), warmup: seconds(warmup) }),
  connection: connection({ address: ip(address) }),
});

test('the next run of a script counts from the start of the last, of the others from its end', async () => {
  const misc: Checker = {
    kind: 'MISC_CHECK',
    schedule: schedule({ delayLoop: seconds(2), warmup: millis(0) }),
    command: script('/check'),
    timeout: seconds(10),
    dynamic: false,
  };
  const quick = running([misc], { scriptTime: 1 });
  await quick.until(7.5);
  assert.deepEqual(quick.asked, [1, 3, 5, 7]);
  const slow = running([misc], { scriptTime: 3 });
  await slow.until(8.5);
  assert.deepEqual(slow.asked, [1, 4, 7]);
});

test('checks that ask the same share their attempts and stay together, when told to', async () => {
  const apart = running([tcp('10.0.0.1', 1)], { servers: 3 });
  await apart.until(2);
  assert.deepEqual(apart.asked, [1, 1.1, 1.2]);
  const together = running([tcp('10.0.0.1', 1), tcp('10.0.0.2', 1)], { servers: 3, share: true });
  await together.until(3.5);
  assert.deepEqual(together.asked, [1, 1.1, 3, 3.1]);
  assert.equal(together.log.length, 6, 'each says its own verdict');
});

test('a shared attempt ends when the last who waits for it has left', async () => {
  const { checks, until, aborted, asked } = running([tcp('10.0.0.99')], { servers: 2, share: true });
  await until(1);
  assert.equal(asked.length, 1);
  assert.deepEqual(aborted, []);
  checks.close();
  assert.deepEqual(aborted, ['10.0.0.99']);
});

test('suspended checks let their turns pass and keep what they hold true', async () => {
  const { checks, all, until, asked, log } = running([tcp('10.0.0.1')]);
  await until(1);
  checks.setEnabled(all, false);
  checks.setEnabled(all, false);
  await until(6);
  assert.deepEqual(asked, [1]);
  checks.setEnabled(all, true);
  await until(7.5);
  assert.deepEqual(asked, [1, 7]);
  assert.deepEqual(log.slice(1), [
    'Suspending healthchecker for service [10.0.0.11]:none:80 for VS FWM 0',
    'Activating healthchecker for service [10.0.0.11]:none:80 for VS FWM 0',
  ]);
});

test('files and BFD sessions reach the checks that follow them, which ask nobody', async () => {
  const file: Checker = { kind: 'FILE_CHECK', schedule: schedule(), trackFile: 'tf', weight: 0, reverse: false };
  const bfd: Checker = { kind: 'BFD_CHECK', schedule: schedule(), bfd: 'b1' };
  const { checks, all, until, changes, asked } = running([file, bfd]);
  await until(100);
  assert.deepEqual(asked, []);
  checks.fileChanged('another', 1);
  checks.bfdChanged('another', false);
  assert.deepEqual(changes, []);
  checks.fileChanged('tf', 1);
  checks.bfdChanged('b1', false);
  assert.deepEqual(changes, ['down', 'weight', 'down']);
  assert.deepEqual(
    all.map(({ verdict }) => verdict.up),
    [false, false],
  );
  checks.fileChanged('tf', 0);
  checks.bfdChanged('b1', true);
  assert.deepEqual(changes.slice(3), ['weight', 'up', 'up']);
});
