import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routingDifference, routingFailureText } from '../../../src/rtnetlink/routing-plan.ts';
import { routeTo, ruleAt } from './routing-examples.ts';

test('a changed line is gone and added; equal ones stay', () => {
  const kept = routeTo('10.1.0.0/16', { encapsulation: { kind: 'ip', id: 5n } });
  const before = routeTo('10.2.0.0/16');
  const after = routeTo('10.2.0.0/16', { metric: 7 });
  assert.deepEqual(routingDifference([kept, before], [structuredClone(kept), after]), {
    gone: [before],
    added: [after],
  });
  assert.deepEqual(routingDifference([ruleAt(5, { tunnelId: 5n })], [ruleAt(5, { tunnelId: 6n })]).added.length, 1);
});

test('failures in keepalived’s words', () => {
  assert.equal(
    routingFailureText({ kind: 'deleteRule', rule: ruleAt(5) }, 2, 9),
    'Netlink: error: No such file or directory(2), type=RTM_DELRULE(33), seq=9, pid=0',
  );
});
