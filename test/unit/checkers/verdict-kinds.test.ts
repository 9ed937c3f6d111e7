import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttemptResult } from '../../../src/checkers/attempt.ts';
import { firstVerdict } from '../../../src/checkers/first-verdict.ts';
import { checkerTarget, verdictRules } from '../../../src/checkers/registry.ts';
import { transition } from '../../../src/checkers/verdict.ts';
import type { Checker, CheckerSchedule } from '../../../src/config/types.ts';
import { seconds } from '../../../src/lib/duration.ts';
import { connection, httpChecker, realServer, schedule, script, virtualServer } from './examples.ts';

/** What is said and done from the first run on, one line a result. Expected texts are what keepalived says. */
function play(checker: Checker, results: readonly AttemptResult[]): string[] {
  const real = realServer('10.0.0.11');
  const rules = verdictRules(checkerTarget(virtualServer([real]), real, checker));
  let state = firstVerdict(checker, new Map());
  return results.map((result) => {
    const step = transition(rules, state, result);
    state = step.state;
    const said = step.actions.map((action) => {
      if (action.type === 'log') return action.line.message;
      if (action.type === 'weight') return `WEIGHT${action.quiet ? ' quietly' : ''}`;
      return action.type === 'confirmed'
        ? action.up
          ? 'STILLUP'
          : 'STILLDOWN'
        : `${action.type.toUpperCase()} ${action.mail}`;
    });
    return [...said, `${step.wait / 1e6}s`].join(' | ');
  });
}

const good: AttemptResult = { kind: 'success' };
const bad: AttemptResult = { kind: 'failure', detail: 'bad', reason: ' (why)' };
const all: Partial<CheckerSchedule> = { logAllFailures: true };

function misc(changes: Partial<CheckerSchedule> = {}): Checker {
  const command = script('/check', 'a');
  return { kind: 'MISC_CHECK', schedule: schedule(changes), command, timeout: seconds(1), dynamic: true };
}

test('MISC_CHECK counts its retries aloud', () => {
  const subject = 'Misc check for [[10.0.0.11]:tcp:80 VS [10.9.0.1]:tcp:80] by [/check]';
  assert.deepEqual(play(misc({ ...all, retry: 2 }), [good, bad, bad, bad, bad, good]), [
    `${subject} succeeded. | 6s`,
    `${subject} bad, will do 2 retries (why). | 1s`,
    `${subject} bad on retry 1/2 (why). | 1s`,
    `${subject} bad after 2 retries (why). | DOWN => MISC CHECK bad on service <= | 6s`,
    '6s',
    `${subject} succeeded. | UP => MISC CHECK succeeded on service <= | 6s`,
  ]);
  assert.deepEqual(play(misc({ retry: 1 }), [bad]), [
    `${subject} bad after 1 retry (why). | DOWN => MISC CHECK bad on service <= | 6s`,
  ]);
  assert.deepEqual(play(misc({ retry: 0 }), [good, bad]).slice(1), [
    `${subject} bad with retry disabled (why). | DOWN => MISC CHECK bad on service <= | 6s`,
  ]);
});

test('MISC_CHECK sets weights; a failure takes them back without a word', () => {
  const weighs = (to: number): AttemptResult => ({ kind: 'success', weight: { to } });
  const lines = play(misc({ retry: 0 }), [weighs(10), weighs(10), weighs(5), good, weighs(7), bad, good]);
  assert.deepEqual(
    lines.map((line) => /WEIGHT( quietly)?/.exec(line)?.[0]),
    ['WEIGHT', undefined, 'WEIGHT', 'WEIGHT', 'WEIGHT', 'WEIGHT quietly', undefined],
  );
});

test('SMTP_CHECK has its retries at the first run too, and says why', () => {
  const smtp = (changes: Partial<CheckerSchedule>): Checker => ({
    kind: 'SMTP_CHECK',
    schedule: schedule(changes),
    connection: connection(),
    heloName: 'me',
  });
  const down = 'bad | DOWN => CHECK failed on service :  (why) <= | 6s';
  assert.deepEqual(play(smtp(all), [bad, bad, bad]), ['bad | 1s', down, '6s']);
  assert.deepEqual(play(smtp({}), [bad, bad, good]), [
    '1s',
    down,
    'Remote SMTP server [10.0.0.11]:tcp:80 succeed on service. | UP => CHECK succeed on service <= | 6s',
  ]);
  const still = 'bad | STILLDOWN | 6s';
  assert.deepEqual(play(smtp({ ...all, alpha: true }), [bad, bad, bad]), ['bad | 1s', still, '6s']);
});

test('DNS_CHECK says its reason with the retries, and nothing of successes', () => {
  const dns: Checker = { kind: 'DNS_CHECK', schedule: schedule(all), connection: connection(), type: 'A', name: 'a' };
  assert.deepEqual(play(dns, [good, bad, bad, good]), [
    '6s',
    'bad | 1s',
    'bad after 1 retries | DOWN => DNS_CHECK: failed on service <= | 6s',
    'UP => DNS_CHECK: succeed on service <= | 6s',
  ]);
  const once = { ...dns, schedule: schedule({ ...all, retry: 0 }) };
  assert.match(`${play(once, [good, bad])}`, /bad after 0 retries \| DOWN/);
  assert.deepEqual(play(dns, [bad]), ['bad | DOWN => DNS_CHECK: failed on service <= | 6s']);
});

test('PING_CHECK names the virtual server once it has retried', () => {
  const ping: Checker = { kind: 'PING_CHECK', schedule: schedule(), connection: connection() };
  assert.deepEqual(play(ping, [good, bad, bad]), [
    'ICMP connection to [10.0.0.11]:tcp:80 success. | 6s',
    '1s',
    'ICMP CHECK on service [10.0.0.11]:tcp:80 of [10.9.0.1]:tcp:80 failed after 1 retries. | DOWN => ICMP CHECK failed on service <= | 6s',
  ]);
  assert.match(play(ping, [bad])[0] ?? '', /^ICMP CHECK on service \[10\.0\.0\.11\]:tcp:80 failed\. \|/);
});

test('alpha: HTTP_GET details its first failure but does not repeat that the server is down', () => {
  const http = httpChecker({ schedule: schedule({ ...all, alpha: true }) });
  assert.deepEqual(play(http, [bad, bad]), ['bad | 6s', '6s']);
  const tcp: Checker = { kind: 'TCP_CHECK', schedule: schedule({ ...all, alpha: true }), connection: connection() };
  assert.deepEqual(play(tcp, [bad]), ['TCP_CHECK on service [10.0.0.11]:tcp:80 failed. | STILLDOWN | 6s']);
});

test('SSL_GET calls itself so when it fails', () => {
  const line = play(httpChecker({ kind: 'SSL_GET' }), [bad])[0] ?? '';
  assert.match(
    line,
    /^SSL_CHECK on service \S+ failed after 1 retries\. \| DOWN => CHECK failed on service : SSL request/,
  );
});
