import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { describe, it } from 'node:test';
import { openParentChannel } from '../../../../src/os/channel.ts';
import { native } from '../../../../src/os/native.ts';
import {
  type ForkedProcess,
  type ForkOptions,
  forkSelf,
  leaveParent,
  type ProcessEnd,
} from '../../../../src/os/processes/processes.ts';

/** This file is started again by the tests in it. */
const CHILD = '--child';

const child: Readonly<Record<string, () => void>> = {
  /** Answers with what it finds itself in, and ends when it is told with which status. */
  answers: () => {
    const channel = openParentChannel();
    const descriptors = readdirSync('/proc/self/fd').flatMap((fd) => target(fd));
    channel?.send({ words: process.argv.slice(3), directory: process.cwd(), descriptors, options: process.execArgv });
    channel?.onMessage((status) => process.exit((status as { status: number }).status));
  },
  leaves: () => leaveParent({ left: true }),
  waits: () => void openParentChannel()?.send({}),
  /** Tells how processes end, each with one more descriptor to spare for it, until one has been started. */
  starves: () => {
    const channel = openParentChannel();
    const ends: ProcessEnd[] = [];
    const [, hard] = native.getResourceLimit(native.constants.RLIMIT_NOFILE);
    const withSpare = (spare: number): void => {
      native.setResourceLimit(native.constants.RLIMIT_NOFILE, lowestFree(spare), hard);
      const started = forkSelf([CHILD, 'waits'], {
        message: () => started.kill(9),
        end: (end) => {
          ends.push(end);
          native.setResourceLimit(native.constants.RLIMIT_NOFILE, hard, hard);
          if (end.kind === 'status') withSpare(spare + 1);
          else channel?.send(ends);
        },
      });
    };
    withSpare(0);
  },
};

/** The number of a descriptor below which so many can be opened. */
function lowestFree(spare: number): number {
  const open = new Set(readdirSync('/proc/self/fd').map(Number));
  let limit = 0;
  for (let left = spare; left > 0 || open.has(limit); limit++) if (!open.has(limit)) left--;
  return limit;
}

function target(fd: string): string[] {
  try {
    return [`${fd} ${readlinkSync(`/proc/self/fd/${fd}`)}`];
  } catch {
    // The directory itself, which is closed by now.
    return [];
  }
}

interface Answer {
  readonly words: string[];
  readonly directory: string;
  readonly descriptors: string[];
  readonly options: string[];
}

interface Run {
  readonly process: ForkedProcess;
  readonly message: Promise<unknown>;
  readonly end: Promise<ProcessEnd>;
}

function run(what: string, words: readonly string[] = [], options: ForkOptions = {}): Run {
  let process: ForkedProcess | undefined;
  let end: Promise<ProcessEnd> | undefined;
  const message = new Promise((resolve) => {
    end = new Promise((ended) => {
      process = forkSelf([CHILD, what, ...words], { message: resolve, end: ended }, options);
    });
  });
  return { process: process as ForkedProcess, message, end: end as Promise<ProcessEnd> };
}

function tests(): void {
  describe('this program once more', () => {
    it('gets its words, a channel, and nothing of ours but the standard outputs', async () => {
      const [ours, theirs] = native.socketPair();
      const { process: started, message, end } = run('answers', ['a b', ''], { directory: '/tmp' });
      const { words, directory, descriptors, options } = (await message) as Answer;
      native.close(ours);
      native.close(theirs);
      assert.deepEqual(words, ['answers', 'a b', '']);
      assert.equal(directory, '/tmp');
      assert.deepEqual(options, process.execArgv);
      assert.equal(descriptors.includes('0 /dev/null'), true);
      for (const fd of ['1', '2'])
        assert.deepEqual(
          descriptors.filter((text) => text.startsWith(`${fd} `)),
          target(fd),
        );
      const sockets = descriptors.filter((text) => text.includes('socket:') && !/^[12] /.test(text));
      assert.deepEqual(
        sockets.map((text) => text.split(' ')[0]),
        ['3'],
      );
      assert.equal(started.send({ status: 7 }), true);
      assert.deepEqual(await end, { kind: 'status', status: 7 });
      assert.equal(started.send({}), false);
      assert.equal(started.activity(), undefined);
    });

    it('may be silent, and lead a session of its own', async () => {
      const { process: started, message, end } = run('answers', [], { silent: true, detached: true });
      const { descriptors } = (await message) as Answer;
      for (const fd of [0, 1, 2]) assert.equal(descriptors.includes(`${fd} /dev/null`), true);
      process.kill(-started.pid, 0);
      started.kill(9);
      assert.deepEqual(await end, { kind: 'signal', signal: 9, name: 'Killed' });
    });

    it('says a last word and goes its own way', async () => {
      const { message, end } = run('leaves');
      assert.deepEqual(await message, { left: true });
      assert.deepEqual(await end, { kind: 'status', status: 0 });
    });

    it('has not been started where there are no descriptors for it', async () => {
      const { process: started, message } = run('starves');
      const notStarted = { kind: 'status', status: 127 };
      const killed = { kind: 'signal', signal: 9, name: 'Killed' };
      const ends = (await message) as ProcessEnd[];
      started.kill(9);
      assert.deepEqual(ends.pop(), killed);
      assert.equal(ends.length > 2, true);
      for (const end of ends) assert.deepEqual(end, notStarted);
    });

    it('has ended when its process has', async () => {
      const { process: started, message, end } = run('waits');
      await message;
      started.kill(15);
      assert.deepEqual(await end, { kind: 'signal', signal: 15, name: 'Terminated' });
    });
  });
}

if (process.argv[2] === CHILD) child[process.argv[3] ?? '']?.();
else tests();
