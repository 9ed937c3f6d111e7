import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runOwnScript } from '../../../../src/daemon/parent/own-script.ts';
import { seconds } from '../../../../src/lib/duration.ts';
import type { ScriptResult } from '../../../../src/os/processes/exec.ts';
import { FakeWorld } from '../../../fakes/parent-world.ts';
import { turn } from '../../../fakes/running-parent.ts';

const script = { command: { argv: ['/etc/up.sh', 'now'], uid: 0, gid: 0 }, timeout: seconds(5) };

/** A startup script that runs, what has been said of it, and whether anybody still waits for it. */
function begin() {
  const world = new FakeWorld();
  world.scriptsLast = true;
  const lines: string[] = [];
  const play = { world, lines, over: false };
  const log = ({ message, detail }: { message: string; detail?: boolean }): void =>
    void lines.push(`${detail === true ? '-D ' : ''}${message}`);
  void runOwnScript(world, log, 'startup script', script).over.then(() => {
    play.over = true;
  });
  return play;
}

async function endOf(result: ScriptResult): Promise<string[]> {
  const play = begin();
  play.world.script?.ended(result);
  await turn();
  assert.equal(play.over, true);
  assert.equal(play.lines[0], '-D Running startup script /etc/up.sh');
  return play.lines.slice(1);
}

describe('startup and shutdown scripts', () => {
  it('are spoken of as they end', async () => {
    assert.deepEqual(await endOf({ kind: 'exit', status: 0, timedOut: false }), ['-D startup script script succeeded']);
    assert.deepEqual(await endOf({ kind: 'exit', status: 3, timedOut: false }), [
      'startup script script failed, status 3',
    ]);
    assert.deepEqual(await endOf({ kind: 'signal', signal: 15, timedOut: false }), []);
  });

  it('are waited for beyond their time only as long as it takes to kill them', async () => {
    const play = begin();
    play.world.script?.expired();
    assert.equal(play.lines.at(-1), 'startup script timed out');
    play.world.script?.ended({ kind: 'signal', signal: 15, timedOut: true });
    await turn();
    play.world.advance(seconds(60));
    assert.deepEqual([play.over, play.lines.length], [true, 2]);
  });

  it('are given up when not even SIGKILL ends them', async () => {
    const play = begin();
    play.world.script?.expired();
    play.world.advance(seconds(3.9));
    assert.equal(play.lines.at(-1), 'startup script timed out');
    play.world.advance(seconds(0.1));
    assert.equal(play.lines.at(-1), 'startup script (PID 77) failed to terminate after kill');
    assert.deepEqual(play.world.journal.at(-1), 'signal 9 to script');
    play.world.advance(seconds(9.9));
    await turn();
    assert.equal(play.over, false);
    play.world.advance(seconds(0.1));
    await turn();
    assert.equal(play.over, true);
  });
});
