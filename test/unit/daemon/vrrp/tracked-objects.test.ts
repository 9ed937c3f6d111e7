import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { VrrpScript } from '../../../../src/config/types.ts';
import { TrackedFiles } from '../../../../src/daemon/tracked-files.ts';
import { TrackedScripts } from '../../../../src/daemon/vrrp/tracked-scripts.ts';
import { millis, seconds } from '../../../../src/lib/duration.ts';
import { monotonicClock } from '../../../../src/os/clock.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-tracked-'));
after(() => rmSync(directory, { recursive: true, force: true }));

function script(name: string, ...argv: string[]): VrrpScript {
  return {
    name,
    command: { argv, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    systemCheck: false,
    interval: seconds(60),
    timeout: seconds(60),
    weight: 0,
    reverse: false,
    rise: 1,
    fall: 1,
    initFail: false,
  };
}

/** The log once the script has its first result. */
function firstResult(one: VrrpScript): Promise<{ status: string; log: string[] }> {
  const log: string[] = [];
  return new Promise((resolve) => {
    const scripts = new TrackedScripts(
      monotonicClock,
      ({ message }) => void log.push(message),
      (name) => {
        resolve({ status: scripts.status(name), log });
        scripts.close();
      },
    );
    scripts.configure([one]);
    assert.equal(scripts.status(one.name), 'unknown');
    scripts.begin();
  });
}

describe('tracked scripts at work', () => {
  test('success', async () => {
    const { status, log } = await firstResult(script('good', '/bin/true'));
    assert.equal(status, 'up');
    assert.deepEqual(log, ['VRRP_Script(good) succeeded']);
  });

  test('failure, with output that nobody reads', async () => {
    const flood = script('flood', '/bin/sh', '-c', 'head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; exit 3');
    const { status, log } = await firstResult(flood);
    assert.equal(status, 'down');
    assert.deepEqual(log, ['Script `flood` now returning 3', 'VRRP_Script(flood) failed (exited with status 3)']);
  });

  test('a first result is awaited of those that were there at the start', () => {
    const scripts = new TrackedScripts(
      monotonicClock,
      () => {},
      () => {},
    );
    const [early, late] = ['early', 'late'].map((name) => script(name, '/bin/sleep', '100'));
    scripts.configure([early!]);
    scripts.begin();
    scripts.configure([early!, late!]);
    assert.equal(scripts.isAwaited('early'), true);
    assert.equal(scripts.isAwaited('late'), false);
    scripts.close();
  });

  test('one that hangs is ended with the processes it started', async () => {
    const hanging = { ...script('hang', '/bin/sh', '-c', 'sleep 100 & sleep 100'), timeout: millis(20) };
    const { status, log } = await firstResult(hanging);
    assert.equal(status, 'down');
    assert.deepEqual(log, ['VRRP_Script(hang) timed_out']);
  });

  test('one that catches the signal of its time-out decides itself', async () => {
    const stubborn = (status: number) =>
      firstResult({
        ...script('catch', '/bin/sh', '-c', `trap 'exit ${status}' TERM; while :; do sleep 0.01; done`),
        timeout: millis(200),
      });
    assert.equal((await stubborn(0)).status, 'up');
    assert.deepEqual((await stubborn(4)).log, [
      'Script `catch` now returning 4',
      'VRRP_Script(catch) failed (exited with status 4)',
    ]);
  });

  test('one that a signal ended', async () => {
    const { log } = await firstResult(script('killed', '/bin/sh', '-c', 'kill -9 $$'));
    assert.deepEqual(log, ['VRRP_Script(killed) failed (due to signal 9)']);
  });

  test('one that has been deleted counts as success, as with keepalived, but is told', async () => {
    const { status, log } = await firstResult(script('gone', join(directory, 'gone')));
    assert.equal(status, 'up');
    assert.match(log[0] ?? '', /^Unable to run script .*gone: No such file or directory$/);
  });

  test('a file that is opened instead', async () => {
    const opened = (path: string) => firstResult({ ...script('open', `<${path}`), systemCheck: true });
    assert.equal((await opened('/dev/null')).status, 'up');
    assert.deepEqual((await opened(join(directory, 'gone'))).log, [
      'Script `open` now returning 2',
      'VRRP_Script(open) failed (exited with status 2)',
    ]);
  });

  test('a reload keeps the results of a script of the same name', async () => {
    const log: string[] = [];
    await new Promise<void>((resolve) => {
      const one = script('same', '/bin/true');
      const scripts = new TrackedScripts(
        monotonicClock,
        ({ message }) => void log.push(message),
        () => {
          scripts.configure([{ ...one, rise: 3 }]);
          assert.equal(scripts.status('same'), 'up');
          scripts.configure([script('same', '/bin/false')]);
          assert.equal(scripts.status('same'), 'up');
          scripts.configure([script('other', '/bin/true')]);
          assert.equal(scripts.status('same'), 'unknown');
          scripts.close();
          resolve();
        },
      );
      scripts.configure([one]);
      scripts.begin();
    });
    assert.equal(log.at(-1), 'VRRP_Script(same) considered successful on reload');
  });
});

test('tracked files at work', async () => {
  const path = join(directory, 'load');
  const log: string[] = [];
  let told: ((name: string) => void) | undefined;
  const files = new TrackedFiles(
    ({ message }) => void log.push(message),
    (name) => told?.(name),
  );
  const next = (text: string) =>
    new Promise<string>((resolve) => {
      told = resolve;
      writeFileSync(path, text);
    });
  const file = { name: 'load', path, weight: 1, reverse: false };
  files.configure([{ ...file, initial: { value: 7, overwrite: false } }]);
  assert.equal(files.value('load'), 7);
  assert.equal(await next('-12\n'), 'load');
  assert.equal(files.value('load'), -12);
  files.configure([{ ...file, weight: 2 }]);
  assert.equal(files.value('load'), -12);
  await next('nonsense');
  assert.equal(files.value('load'), 0);
  files.close();
  assert.deepEqual(log, []);
});

test('a reload follows a directory that was made anew', async () => {
  const place = join(directory, 'anew');
  const path = join(place, 'load');
  mkdirSync(place);
  writeFileSync(path, '1');
  let told: (() => void) | undefined;
  const files = new TrackedFiles(
    () => {},
    () => told?.(),
  );
  const file = { name: 'load', path, weight: 1, reverse: false };
  files.configure([file]);
  const gone = new Promise<void>((resolve) => {
    told = resolve;
  });
  rmSync(place, { recursive: true });
  await gone;
  assert.equal(files.value('load'), 0);
  mkdirSync(place);
  writeFileSync(path, '3');
  files.configure([file]);
  assert.equal(files.value('load'), 3);
  const written = new Promise<void>((resolve) => {
    told = resolve;
  });
  writeFileSync(path, '4');
  await written;
  assert.equal(files.value('load'), 4);
  files.close();
});
