import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { crashLines } from '../../../src/daemon/crash.ts';

const module = new URL('../../../src/daemon/crash.js', import.meta.url).href;

test('what goes wrong after a crash does not end the process before the crash has been told', () => {
  const script = `import { firstCrash } from ${JSON.stringify(module)};
    void firstCrash().then(async (error) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      console.log(error.message);
      process.exit(70);
    });
    setImmediate(() => { throw new Error('first'); });
    setImmediate(() => { throw new Error('second'); });
    setImmediate(() => void Promise.reject(new Error('third')));
  `;
  const words = ['--input-type=module', '-e', script];
  const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  assert.deepEqual([status, stdout.trim()], [70, 'first']);
});

test('a crash is told with its place, line by line', () => {
  const lines = crashLines('Keepalived', new Error('broken')).map(({ message }) => message);
  assert.deepEqual(lines.slice(0, 2), ['Keepalived crashed:', 'Error: broken']);
  assert.match(lines[2] ?? '', /^ +at /);
  assert.deepEqual(crashLines('Keepalived', 'a text').at(-1), { level: 'err', message: 'a text' });
});
