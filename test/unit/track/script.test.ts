import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type ScriptRun,
  type ScriptState,
  scriptRan,
  scriptReloaded,
  untriedScript,
} from '../../../src/track/script.ts';

const good: ScriptRun = { kind: 'exit', status: 0 };
const bad: ScriptRun = { kind: 'exit', status: 1 };
const thresholds = { name: 'z', rise: 3, fall: 2 };

function after(runs: readonly ScriptRun[], rise = 3, fall = 2): ScriptState {
  return runs.reduce((state, run) => scriptRan({ name: 'z', rise, fall }, state, run).state, untriedScript);
}

describe('script results', () => {
  test('the first run decides alone', () => {
    assert.equal(after([good]).status, 'up');
    assert.equal(after([bad]).status, 'down');
  });

  test('up again after rise successes in a row, down after fall failures in a row', () => {
    assert.equal(after([bad, good, good]).status, 'down');
    assert.equal(after([bad, good, good, good]).status, 'up');
    assert.equal(after([good, bad]).status, 'up');
    assert.equal(after([good, bad, bad]).status, 'down');
    assert.equal(after([bad, good, good, good, bad]).status, 'up');
    assert.equal(after([bad, good, good, good, bad, bad]).status, 'down');
  });

  test('a failure on the way up begins anew, a success on the way down too', () => {
    assert.equal(after([bad, good, good, bad, good, good]).status, 'down');
    assert.equal(after([good, bad, good, bad]).status, 'up');
  });

  test('what is logged', () => {
    const events = (state: ScriptState, run: ScriptRun) => scriptRan(thresholds, state, run).log;
    assert.deepEqual(events(untriedScript, good), [{ event: 'scriptSucceeded', name: 'z' }]);
    assert.deepEqual(events(after([good]), bad), [{ event: 'scriptReturns', name: 'z', status: 1 }]);
    assert.deepEqual(events(after([good, bad]), { kind: 'timeout' }), [
      { event: 'scriptFailed', name: 'z', run: { kind: 'timeout' } },
    ]);
    assert.deepEqual(events(after([good, bad]), bad), [{ event: 'scriptFailed', name: 'z', run: bad }]);
    assert.deepEqual(events(after([bad]), bad), []);
  });

  test('other thresholds after a reload keep the verdict', () => {
    assert.deepEqual(scriptReloaded({ name: 'z', rise: 2, fall: 5 }, after([good, bad])), {
      ...{ status: 'up', count: 6, lastExit: 1 },
    });
    assert.equal(scriptReloaded({ name: 'z', rise: 2, fall: 5 }, after([bad, good])).count, 0);
  });

  test('property: enough equal results in a row decide, whatever was before', () => {
    const run = fc.constantFrom(good, bad);
    const threshold = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(fc.array(run), threshold, threshold, (runs, rise, fall) => {
        assert.equal(after([...runs, ...Array(rise).fill(good)], rise, fall).status, 'up');
        assert.equal(after([...runs, ...Array(fall).fill(bad)], rise, fall).status, 'down');
      }),
    );
  });
});
