import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '../../../../src/lib/duration.ts';
import { native } from '../../../../src/os/native.ts';
import { openScripts } from '../../../../src/os/processes/checker-script.ts';

const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const run = openScripts(() => {});

test('a script that ignores SIGTERM is killed once nobody wants it any more', async () => {
  const controller = new AbortController();
  const argv = ['/bin/sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done'];
  const ended = run({ argv, ...own }, seconds(60), controller.signal);
  setTimeout(() => controller.abort(), 100);
  assert.deepEqual(await ended, { kind: 'signal', signal: native.constants.SIGKILL, timedOut: false });
});
