import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { micros, millis, seconds } from '../../../../src/lib/duration.ts';
import type { LogLine } from '../../../../src/lib/log.ts';
import {
  killEndingScripts,
  runningScripts,
  runScript,
  type ScriptOptions,
  type ScriptResult,
  scriptEnvironment,
  signalScripts,
} from '../../../../src/os/processes/exec.ts';
import { native } from '../../../../src/os/native.ts';
import { DESCRIPTORS_STARTED_WITH, passOnDescriptorLimit } from '../../../../src/os/processes/started-with.ts';

const { SIGTERM, SIGKILL, ENOENT, EACCES } = native.constants;
const directory = mkdtempSync(join(tmpdir(), 'evenkeel-exec-'));
const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const logged: LogLine[] = [];
after(() => rmSync(directory, { recursive: true }));

function run(
  argv: readonly string[],
  extra: readonly string[] = [],
  options: ScriptOptions = {},
): Promise<ScriptResult> {
  return new Promise((done) => {
    runScript({ argv, ...own }, extra, (line) => logged.push(line), { ...options, done });
  });
}

const days = (count: number) => micros(count * 24 * 3600 * seconds(1));

async function until(condition: () => boolean): Promise<void> {
  const limit = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > limit) throw new Error('waited in vain');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function scriptFile(name: string, text: string, mode = 0o755): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

test('exit status and arguments', async () => {
  const script = scriptFile('status', '#!/bin/sh\nexit $(($1 + $2))\n');
  assert.deepEqual(await run([script, '3'], ['4']), { kind: 'exit', status: 7, timedOut: false });
  assert.deepEqual(await run(['/bin/sh', '-c', 'kill -9 $$']), { kind: 'signal', signal: SIGKILL, timedOut: false });
});

test('a limit of more days than a timer can count is no limit', async () => {
  const command = ['/bin/sleep', '0.05'];
  assert.deepEqual(await run(command, [], { timeout: days(25) }), { kind: 'exit', status: 0, timedOut: false });
});

test('a file without an interpreter line is run by the shell', async () => {
  const script = scriptFile('plain', 'exit $1\n');
  assert.deepEqual(await run([script, '5']), { kind: 'exit', status: 5, timedOut: false });
});

test('a script that cannot be started names its errno and is logged', async () => {
  logged.length = 0;
  const missing = await run([join(directory, 'missing')]);
  assert.ok(missing.kind === 'notStarted' && missing.error.errno === ENOENT);
  const forbidden = await run([scriptFile('forbidden', 'exit 0\n', 0o644)]);
  assert.ok(forbidden.kind === 'notStarted' && forbidden.error.errno === EACCES);
  assert.match(logged[0]?.message ?? '', /^Unable to run script .*missing: No such file or directory$/);
});

test('a script has a process group of its own, nothing on its streams and no other descriptor', async () => {
  const seen = join(directory, 'seen');
  const look = `{ echo $$; cut -d' ' -f5 /proc/$$/stat; readlink /proc/$$/fd/*; } > ${seen}`;
  const script = scriptFile('look', `#!/bin/sh\n${look}\n`);
  await run([script]);
  const [pid, group, ...targets] = readFileSync(seen, 'utf8').trim().split('\n');
  assert.equal(group, pid);
  // The shell itself holds its script and the redirection open.
  assert.deepEqual(new Set(targets), new Set(['/dev/null', seen, script]));
  assert.ok(targets.filter((target) => target === '/dev/null').length <= 3);
});

test('a time limit ends the whole process group', async () => {
  assert.deepEqual(await run(['/bin/sh', '-c', 'sleep 1000'], [], { timeout: millis(20) }), {
    kind: 'signal',
    signal: SIGTERM,
    timedOut: true,
  });
  assert.deepEqual(await run(['/bin/sh', '-c', 'trap "exit 3" TERM; sleep 1000 & wait'], [], { timeout: millis(50) }), {
    kind: 'exit',
    status: 3,
    timedOut: true,
  });
});

test('running scripts are known and can be ended together', async () => {
  const ended = [run(['/bin/sleep', '1000']), run(['/bin/sleep', '1001'])];
  assert.equal(runningScripts().length, 2);
  signalScripts();
  for (const result of await Promise.all(ended)) assert.equal(result.kind, 'signal');
  assert.deepEqual(runningScripts(), []);
});

test('one that is to end and does not is killed at the latest when we end', async () => {
  const marker = join(directory, 'deaf');
  const ended = new Promise<ScriptResult>((done) => {
    const argv = ['/bin/sh', '-c', `trap '' TERM; : > ${marker}; while :; do sleep 0.1; done`];
    const script = runScript({ argv, ...own }, [], () => {}, { done });
    void until(() => existsSync(marker)).then(() => {
      script?.end();
      script?.end();
      killEndingScripts();
    });
  });
  assert.deepEqual(await ended, { kind: 'signal', signal: SIGKILL, timedOut: false });
  killEndingScripts();
});

test('the environment is scrubbed', () => {
  const environment = {
    PATH: '/bin',
    IFS: 'x',
    LD_PRELOAD: 'x',
    LD_LIBRARY_PATH: 'x',
    NOTIFY_SOCKET: '/run/x',
    GONE: undefined,
  };
  assert.deepEqual(scriptEnvironment(environment), ['PATH=/bin', 'NOTIFY_SOCKET=']);
});

test("another user's rights", { skip: own.uid !== 0 && 'needs root' }, async () => {
  chmodSync(directory, 0o777);
  const seen = join(directory, 'rights');
  await new Promise<void>((done) => {
    const argv = ['/bin/sh', '-c', `id -u > ${seen}; id -g >> ${seen}; id -G >> ${seen}`];
    runScript({ argv, uid: 65534, gid: 65534 }, [], () => {}, { done: () => done() });
  });
  assert.equal(readFileSync(seen, 'utf8'), '65534\n65534\n65534\n');
});

test('scheduling and limits of this process are not handed on', async () => {
  const { RLIMIT_NOFILE } = native.constants;
  const [soft, hard] = native.getResourceLimit(RLIMIT_NOFILE);
  native.setResourceLimit(RLIMIT_NOFILE, soft - 1, hard);
  native.setPriority(5);
  const seen = join(directory, 'limits');
  await run(['/bin/sh', '-c', `ulimit -n > ${seen}; nice >> ${seen}`]);
  assert.equal(readFileSync(seen, 'utf8'), `${soft}\n0\n`);
});

test('a script found by another name is executed by its own, which it sees', async () => {
  const seen = join(directory, 'name');
  for (const [name, beginning] of [
    ['own-name', '#!/bin/sh\n'],
    ['no-beginning', ''],
  ] as const) {
    const path = scriptFile(name, `${beginning}echo "$0 $1" > ${seen}\n`);
    const command = { argv: [join(directory, 'another-name'), 'word'], path, ...own };
    await new Promise((done) => runScript(command, [], (line) => logged.push(line), { done }));
    assert.equal(readFileSync(seen, 'utf8'), `${path} word\n`);
  }
});

test('scripts get the limit of open files that the launcher noted before the engine raised it', async () => {
  const [soft] = native.getResourceLimit(native.constants.RLIMIT_NOFILE);
  const seen = join(directory, 'noted');
  process.env[DESCRIPTORS_STARTED_WITH] = String(soft - 5);
  passOnDescriptorLimit();
  await run(['/bin/sh', '-c', `ulimit -Sn > ${seen}; echo $${DESCRIPTORS_STARTED_WITH} >> ${seen}`]);
  delete process.env[DESCRIPTORS_STARTED_WITH];
  assert.equal(readFileSync(seen, 'utf8'), `${soft - 5}\n\n`);
});

test('orphans are reaped, known children are not', async () => {
  native.setChildSubreaper();
  // The grandchild outlives its parent and so becomes ours.
  await run(['/bin/sh', '-c', '(exec sh -c "exit 0") & exit 0']);
  let reaped = 0;
  await until(() => {
    reaped += native.reapOrphans([]);
    return reaped > 0;
  });
  assert.equal(reaped, 1);
  const child = native.spawn('/bin/sh', ['/bin/sh', '-c', 'exit 9'], [], own.uid, own.gid, [own.gid]);
  await until(() => / Z /.test(readFileSync(`/proc/${child}/stat`, 'latin1')));
  assert.equal(native.reapOrphans([child]), 0);
  assert.equal(await new Promise((resolve) => native.watchProcess(child, resolve)), 9);
});

test('a process whose status somebody else has collected counts as ended', async () => {
  const pid = native.spawn('/bin/true', ['/bin/true'], [], own.uid, own.gid, []);
  const end = new Promise((resolve) => {
    native.watchProcess(pid, (status, signal) => resolve([status, signal]));
  });
  while (native.reapOrphans([]) === 0);
  assert.deepEqual(await end, [-1, 0]);
});
