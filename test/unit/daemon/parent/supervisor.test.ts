import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Backoff, Exit } from '../../../../src/daemon/parent/supervisor.ts';
import { freshBackoff, judge } from '../../../../src/daemon/parent/supervisor.ts';
import { after, instant, seconds } from '../../../../src/lib/duration.ts';

const killed: Exit = { kind: 'signal', signal: 9, name: 'Killed' };
const child = (backoff: Backoff) => ({ role: 'vrrp', pid: 42, backoff }) as const;

/** Delays in seconds of successive deaths, each child having lived `lives` seconds. */
function delays(lives: readonly number[]): number[] {
  let now = instant(1_000_000);
  let backoff = freshBackoff(now);
  return lives.map((life) => {
    now = after(now, seconds(life));
    const { verdict } = judge(child(backoff), killed, now, false);
    assert.equal(verdict.kind, 'restart');
    if (verdict.kind !== 'restart') return -1;
    now = after(now, verdict.after);
    backoff = { ...verdict.backoff, startedAt: now };
    return verdict.after / seconds(1);
  });
}

describe('supervisor', () => {
  it('delays early deaths by 0, 1, 2, 4 … 60 seconds', () => {
    assert.deepEqual(delays([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]), [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('forgets the back-off after a minute of life', () => {
    assert.deepEqual(delays([1, 1, 1, 60, 1, 1, 1]), [0, 1, 2, 0, 0, 1, 2]);
  });

  for (const [status, word] of [
    [1, 'FATAL'],
    [2, 'CONFIG'],
    [4, 'missing permission'],
  ] as const) {
    it(`ends the daemon with status ${status} when a child does`, () => {
      const { verdict, lines } = judge(child(freshBackoff(instant(0))), { kind: 'status', status }, instant(5), false);
      assert.deepEqual(verdict, { kind: 'terminate', status });
      assert.deepEqual(
        lines.map((line) => line.message),
        [`Keepalived_vrrp exited with permanent error ${word}. Terminating`],
      );
    });
  }

  it('says what killed the child, who died and how long the restart waits', () => {
    const { lines } = judge(child(freshBackoff(instant(0))), killed, instant(5), false);
    assert.deepEqual(lines, [
      { level: 'info', message: 'Keepalived_vrrp exited due to signal 9 (Killed) - has rlimit_rttime been exceeded?' },
      { level: 'alert', message: 'VRRP child process(42) died: Respawning' },
      { level: 'info', message: 'Restart of VRRP process delayed 0 seconds to limit respawn rate' },
    ]);
  });

  it('respawns after exit status 0, saying nothing of the status', () => {
    const end: Exit = { kind: 'status', status: 0 };
    const { lines, verdict } = judge(
      { role: 'checker', pid: 7, backoff: freshBackoff(instant(0)) },
      end,
      instant(5),
      false,
    );
    assert.equal(verdict.kind, 'restart');
    assert.equal(lines[0]?.message, 'Healthcheck child process(7) died: Respawning');
  });

  it('ends the daemon on any death when respawning is off', () => {
    const { verdict, lines } = judge(child(freshBackoff(instant(0))), { kind: 'status', status: 3 }, instant(5), true);
    assert.deepEqual(verdict, { kind: 'terminate', status: 0 });
    assert.deepEqual(
      lines.map((line) => line.message),
      ['Keepalived_vrrp exited with status 3', 'VRRP child process(42) died: Exiting'],
    );
  });

  it('never waits more than a minute, and never less than the time before unless the child lived a minute', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 30 }), (lives) => {
        const waits = delays(lives);
        waits.forEach((wait, at) => {
          assert.ok(wait >= 0 && wait <= 60);
          if ((lives[at] ?? 0) >= 60) assert.equal(wait, 0);
          else if (at > 0) assert.ok(wait >= (waits[at - 1] ?? 0));
        });
      }),
    );
  });
});
