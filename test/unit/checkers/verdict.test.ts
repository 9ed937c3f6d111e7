import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AttemptResult } from '../../../src/checkers/attempt.ts';
import { checkerTarget, verdictRules } from '../../../src/checkers/registry.ts';
import {
  firstRunDelay,
  initialVerdict,
  joiningVerdict,
  transition,
  type VerdictRules,
  type VerdictState,
} from '../../../src/checkers/verdict.ts';
import type { Checker } from '../../../src/config/types.ts';
import { seconds } from '../../../src/lib/duration.ts';
import { httpChecker, realServer, schedule, tcpChecker, virtualServer } from './examples.ts';

const good: AttemptResult = { kind: 'success', detail: 'good' };
const bad: AttemptResult = { kind: 'failure', detail: 'bad' };

function rulesOf(checker: Checker): VerdictRules {
  const real = realServer('10.0.0.11');
  return verdictRules(checkerTarget(virtualServer([real]), real, checker));
}

/** One line a result: what was said and done, and the seconds until the next attempt. */
function play(
  rules: VerdictRules,
  results: readonly AttemptResult[],
  state = initialVerdict(rules.schedule),
): string[] {
  return results.map((result) => {
    const step = transition(rules, state, result);
    state = step.state;
    const said = step.actions.map((action) =>
      action.type === 'log' ? action.line.message : action.type.toUpperCase(),
    );
    return [...said, `${step.wait / 1e6}s`].join(' | ');
  });
}

test('one failure of the first run is enough, and no retries are claimed', () => {
  assert.deepEqual(play(rulesOf(tcpChecker({ retry: 2 })), [bad]), [
    'TCP_CHECK on service [10.0.0.11]:tcp:80 failed. | DOWN | 6s',
  ]);
});

test('after a good first run it takes retry + 1 failures in a row', () => {
  const lines = play(rulesOf(tcpChecker({ retry: 2 })), [good, bad, bad, good, bad, bad, bad, bad, good]);
  assert.deepEqual(lines, [
    'TCP connection to [10.0.0.11]:tcp:80 success. | 6s',
    '1s',
    '1s',
    '6s',
    '1s',
    '1s',
    'TCP_CHECK on service [10.0.0.11]:tcp:80 failed after 2 retries. | DOWN | 6s',
    '6s',
    'good | TCP connection to [10.0.0.11]:tcp:80 success. | UP | 6s',
  ]);
});

test('log_all_failures of all counts as one of its own', () => {
  const ofAll = rulesOf(tcpChecker({ retry: 1, logAllFailuresOfAll: true }));
  const own = rulesOf(tcpChecker({ retry: 1, logAllFailures: true }));
  assert.deepEqual(play(ofAll, [good, bad, bad]), play(own, [good, bad, bad]));
});

test('log_all_failures tells of failures while up only', () => {
  const lines = play(rulesOf(tcpChecker({ retry: 1, logAllFailures: true })), [good, bad, bad, bad]);
  assert.deepEqual(lines.slice(1), [
    'bad | 1s',
    'bad | TCP_CHECK on service [10.0.0.11]:tcp:80 failed after 1 retries. | DOWN | 6s',
    '6s',
  ]);
});

test('joining a running daemon: retry + 1 failures, and no word of an alpha server that is down', () => {
  const joined = (checker: Checker) => play(rulesOf(checker), [bad, bad], joiningVerdict(checker.schedule));
  assert.deepEqual(joined(tcpChecker()), [
    '1s',
    'TCP_CHECK on service [10.0.0.11]:tcp:80 failed after 1 retries. | DOWN | 6s',
  ]);
  assert.deepEqual(joined(tcpChecker({ alpha: true })), ['1s', '6s']);
});

test('alpha: down from the start, confirmed once, up after one success', () => {
  assert.deepEqual(play(rulesOf(tcpChecker({ alpha: true })), [bad, bad, good]), [
    'TCP_CHECK on service [10.0.0.11]:tcp:80 failed. | CONFIRMED | 6s',
    '6s',
    'good | TCP connection to [10.0.0.11]:tcp:80 success. | UP | 6s',
  ]);
});

test('alpha that is taken to be up at a reload: its first success is notified, once', () => {
  const rules = rulesOf(tcpChecker({ alpha: true }));
  const taken = { ...initialVerdict(rules.schedule), up: true, retries: 0 };
  const types = [good, good].map((result, i, results) => {
    const state = results.slice(0, i).reduce((before, one) => transition(rules, before, one).state, taken);
    return transition(rules, state, result).actions.filter(({ type }) => type !== 'log');
  });
  assert.deepEqual(types, [[{ type: 'confirmed', up: true }], []]);
});

test('what was wrong is kept until an attempt is good', () => {
  const rules = rulesOf(tcpChecker({ retry: 1 }));
  let state = initialVerdict(rules.schedule);
  const states = [bad, good, bad, bad, { kind: 'failure' } as const, good].map((result) => {
    state = transition(rules, state, result).state;
    return state;
  });
  assert.deepEqual(
    states.map(({ up, trouble }) => [up, trouble]),
    [
      [false, 'bad'],
      [true, undefined],
      [true, 'bad'],
      [false, 'bad'],
      [false, 'TCP_CHECK on service [10.0.0.11]:tcp:80 failed.'],
      [true, undefined],
    ],
  );
});

test('a bind failure of our own says nothing about the server; the reason is said once', () => {
  const postponed: AttemptResult = {
    kind: 'postponed',
    remark: { topic: 'a', text: 'no address' },
    lines: ['put off'],
  };
  const rules = rulesOf(tcpChecker());
  const state = initialVerdict(rules.schedule);
  const step = transition(rules, state, postponed);
  assert.deepEqual({ ...step.state, remarks: {} }, state);
  assert.equal(step.wait, seconds(6));
  assert.deepEqual(play(rules, [postponed, postponed]), ['no address | put off | 6s', 'put off | 6s']);
});

const twoUrls = httpChecker({
  schedule: schedule({ retry: 0, delayLoop: seconds(2), delayBeforeRetry: seconds(3) }),
  urls: [
    { path: '/a', statusCodes: [[200, 200]], tlsCompliant: false },
    { path: '/b', statusCodes: [[200, 200]], tlsCompliant: false },
  ],
});

test('a failed url is tested alone, then a full pass counts', () => {
  const lines = play(rulesOf(twoUrls), [good, good, good, bad, bad, good, good, good]);
  assert.deepEqual(lines, [
    '2s',
    'Remote Web server [10.0.0.11]:tcp:80 succeed on service. | 2s',
    '2s',
    'HTTP_CHECK on service [10.0.0.11]:tcp:80 failed. | DOWN | 3s',
    '3s',
    'good | 2s',
    'good | 2s',
    'good | Remote Web server [10.0.0.11]:tcp:80 succeed on service. | UP | 2s',
  ]);
});

test('a url that fails during recovery is tried until it is good, then the pass goes on', () => {
  const rules = rulesOf(twoUrls);
  let state = initialVerdict(rules.schedule);
  const steps: number[] = [];
  const waits: number[] = [];
  for (const result of [good, bad, good, good, bad, bad, good]) {
    steps.push(state.step);
    const step = transition(rules, state, result);
    state = step.state;
    waits.push(step.wait / 1e6);
  }
  assert.deepEqual(steps, [0, 1, 1, 0, 1, 1, 1]);
  assert.deepEqual(waits, [2, 3, 2, 2, 3, 3, 2]);
  assert.ok(state.up);
});

test('one failure of the first pass is enough, at any of its urls', () => {
  const retried = { ...twoUrls, schedule: schedule({ retry: 2, delayLoop: seconds(2), delayBeforeRetry: seconds(1) }) };
  assert.deepEqual(play(rulesOf(retried), [good, bad, good, good, good]), [
    '2s',
    'HTTP_CHECK on service [10.0.0.11]:tcp:80 failed after 2 retries. | DOWN | 2s',
    'good | 2s',
    'good | 2s',
    'good | Remote Web server [10.0.0.11]:tcp:80 succeed on service. | UP | 2s',
  ]);
});

test('fast_recovery does not wait between urls before the first verdict and while recovering', () => {
  const lines = play(rulesOf({ ...twoUrls, fastRecovery: true }), [good, good, bad, good, good, good, good]);
  assert.deepEqual(
    lines.map((line) => line.split(' | ').at(-1)),
    ['0s', '2s', '3s', '0s', '0s', '2s', '2s'],
  );
});

test('a first failure of HTTP_GET claims its retries', () => {
  assert.match(play(rulesOf(httpChecker()), [bad])[0] ?? '', /failed after 1 retries\. \| DOWN/);
});

test('a remark is made once as long as its topic stays the same', () => {
  const length = (topic: string, text: string): AttemptResult => ({ kind: 'success', remark: { topic, text } });
  const bad: AttemptResult = { kind: 'failure', detail: 'bad', remark: { topic: '2', text: 'other' } };
  const silent: AttemptResult = { kind: 'success', remark: { topic: '0' } };
  assert.deepEqual(play(rulesOf(httpChecker()), [length('1', 'a'), silent, length('1', 'b')]).slice(1), [
    '6s',
    'b | 6s',
  ]);
  const lines = play(rulesOf(httpChecker()), [length('1', 'length'), length('1', 'as wrong'), bad]);
  assert.deepEqual(lines, [
    'length | Remote Web server [10.0.0.11]:tcp:80 succeed on service. | 6s',
    '6s',
    'other | 1s',
  ]);
});

test('the first run comes after one second and a share of the warm-up', () => {
  assert.equal(firstRunDelay(schedule(), 0), seconds(1));
  assert.equal(firstRunDelay(schedule(), 0.5), seconds(4));
  assert.equal(firstRunDelay(schedule({ warmup: seconds(0) }), 0.9), seconds(1));
});

const outcome = fc.constantFrom<AttemptResult>(good, bad, { kind: 'postponed', lines: [] });

test('property: ups and downs alternate, and the state tells the last of them', () => {
  fc.assert(
    fc.property(
      fc.array(outcome),
      fc.boolean(),
      fc.nat(4),
      fc.integer({ min: 1, max: 3 }),
      (results, alpha, retry, urls) => {
        const url = { path: '/', statusCodes: [[200, 200]] as const, tlsCompliant: false };
        const checker = httpChecker({
          schedule: schedule({ alpha, retry }),
          urls: Array.from({ length: urls }, () => url),
        });
        const rules = rulesOf(checker);
        let state: VerdictState = initialVerdict(rules.schedule);
        let up = !alpha;
        for (const result of results) {
          const step = transition(rules, state, result);
          for (const action of step.actions) {
            const { type } = action;
            if (type === 'up' || type === 'down') assert.notEqual(up, type === 'up');
            if (type === 'up' || type === 'down') up = type === 'up';
            if (action.type === 'confirmed') assert.equal(action.up, up);
          }
          state = step.state;
          assert.equal(state.up, up);
          assert.ok(state.step < urls && state.retries <= retry + 1 && step.wait >= 0);
        }
      },
    ),
  );
});

test('property: once run, fewer failures in a row than retry + 1 never take a checker down', () => {
  fc.assert(
    fc.property(fc.nat(4), fc.array(fc.nat(4)), (retry, bursts) => {
      const rules = rulesOf(tcpChecker({ retry }));
      let { state } = transition(rules, initialVerdict(rules.schedule), good);
      for (const burst of bursts) {
        for (let i = 0; i < Math.min(burst, retry); i++) state = transition(rules, state, bad).state;
        state = transition(rules, state, good).state;
        assert.ok(state.up);
      }
      for (let i = 0; i <= retry; i++) state = transition(rules, state, bad).state;
      assert.ok(!state.up);
    }),
  );
});
