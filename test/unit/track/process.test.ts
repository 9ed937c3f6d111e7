import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TrackProcess } from '../../../src/config/types.ts';
import { instant, seconds } from '../../../src/lib/duration.ts';
import {
  matchesProcess,
  needsCommandLine,
  processesChanged,
  processesFound,
  processesSettled,
} from '../../../src/track/process.ts';

function tracked(changes: Partial<TrackProcess> = {}): TrackProcess {
  return {
    name: 'p',
    process: 'daemon',
    parameters: [],
    parameterMatch: 'none',
    fullCommand: false,
    weight: 0,
    reverse: false,
    quorum: 1,
    terminateDelay: seconds(0),
    forkDelay: seconds(0),
    ...changes,
  };
}

const now = instant(5_000_000);

describe('tracked processes', () => {
  test('by the name that the kernel keeps', () => {
    assert.ok(matchesProcess(tracked(), { name: 'daemon', words: ['/usr/sbin/daemon', '-x'] }));
    const long = { name: 'a-very-long-dae', words: [] };
    assert.ok(!matchesProcess(tracked({ process: 'a-very-long-daemon' }), long), 'as written, and the kernel cuts it');
    assert.ok(matchesProcess(tracked({ process: 'a-very-long-dae' }), long));
    assert.ok(!matchesProcess(tracked(), { name: 'daemond', words: [] }));
  });

  test('by the command line', () => {
    const full = (match: TrackProcess['parameterMatch'], ...parameters: string[]) =>
      tracked({ process: '/bin/d', fullCommand: true, parameterMatch: match, parameters });
    const words = ['/bin/d', '-a', 'beta'];
    const identity = { name: 'd', words };
    assert.ok(matchesProcess(full('none'), identity));
    assert.ok(matchesProcess(full('none', '-b'), identity), 'its parameters do not count');
    assert.ok(!matchesProcess(full('none'), { name: 'd', words: ['/sbin/d', '-a', 'beta'] }));
    assert.ok(!matchesProcess(full('exact', '-a'), identity));
    assert.ok(matchesProcess(full('exact', '-a', 'beta'), identity));
    assert.ok(matchesProcess(full('initial'), identity));
    assert.ok(matchesProcess(full('initial', '-a', 'b'), identity));
    assert.ok(!matchesProcess(full('initial', '-a', 'eta'), identity));
    assert.ok(matchesProcess(full('partial', '-a'), identity));
    assert.ok(!matchesProcess(full('partial', '-a', 'b'), identity));
    assert.ok(!matchesProcess(full('partial', 'beta'), identity));
  });

  test('command lines are read only where one is asked for', () => {
    assert.equal(needsCommandLine([tracked(), tracked({ fullCommand: true })]), true);
    assert.equal(needsCommandLine([tracked(), tracked()]), false);
  });

  test('quorum and its upper bound', () => {
    assert.equal(processesFound(tracked({ quorum: 2 }), 1).up, false);
    assert.equal(processesFound(tracked({ quorum: 2 }), 2).up, true);
    assert.equal(processesFound(tracked({ quorum: 0, quorumMaximum: 0 }), 0).up, true);
    assert.equal(processesFound(tracked({ quorumMaximum: 2 }), 3).up, false);
  });

  test('a change counts after its delay, unless the number comes back', () => {
    const delayed = tracked({ terminateDelay: seconds(1), forkDelay: seconds(2) });
    const lost = processesChanged(delayed, { up: true, count: 1 }, 0, 'exit', now);
    assert.deepEqual(lost, { up: true, count: 0, changesAt: now + 1_000_000 });
    assert.deepEqual(processesChanged(delayed, lost, 1, 'fork', now), { up: true, count: 1 });
    assert.deepEqual(processesSettled(delayed, lost), { up: false, count: 0 });
    const fewer = processesChanged(
      tracked({ quorum: 3, terminateDelay: seconds(1) }),
      { up: true, count: 3 },
      2,
      'exit',
      now,
    );
    assert.deepEqual(
      processesChanged(tracked({ quorum: 3 }), fewer, 1, 'exit', now),
      { ...fewer, count: 1 },
      'one delay for all',
    );
    const started = processesChanged(delayed, { up: false, count: 0 }, 1, 'fork', now);
    assert.equal(started.changesAt, now + 2_000_000);
    assert.deepEqual(processesChanged(tracked(), { up: false, count: 0 }, 1, 'fork', now), { up: true, count: 1 });
  });

  test('the delay is that of the event, not of the direction', () => {
    const delayed = tracked({ terminateDelay: seconds(1), forkDelay: seconds(2) });
    assert.deepEqual(processesChanged(delayed, { up: false, count: 0 }, 1, 'otherwise', now), { up: true, count: 1 });
    assert.deepEqual(processesChanged(delayed, { up: true, count: 1 }, 0, 'otherwise', now), { up: false, count: 0 });
    const limited = { ...delayed, quorumMaximum: 1 };
    const many = processesChanged(limited, { up: true, count: 1 }, 2, 'fork', now);
    assert.deepEqual(many, { up: true, count: 2, changesAt: now + 2_000_000 });
    const fewer = processesChanged(limited, { up: false, count: 2 }, 1, 'exit', now);
    assert.deepEqual(fewer, { up: false, count: 1, changesAt: now + 1_000_000 });
  });
});
