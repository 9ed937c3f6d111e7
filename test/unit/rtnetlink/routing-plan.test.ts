import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  kernelKey,
  routesDifference,
  routingDifference,
  routingFailureText,
} from '../../../src/rtnetlink/routing-plan.ts';
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

test('a route with another property changes; one that leads elsewhere goes and comes', () => {
  const encapsulation = { kind: 'ip', id: 5n } as const;
  const metrics = { locked: [], mtu: 1400 };
  const before = [
    routeTo('10.1.0.0/16', { metrics, encapsulation }),
    routeTo('10.2.0.0/16', { interface: 'eth0' }),
    routeTo('10.3.0.0/16', { tracked: false }),
    routeTo('10.4.0.0/16'),
  ];
  const after = [
    routeTo('10.1.0.0/16', { metrics: { locked: [], mtu: 1300 }, encapsulation: { ...encapsulation } }),
    routeTo('10.2.0.0/16', { interface: 'eth1' }),
    routeTo('10.3.0.0/16'),
    routeTo('10.4.0.0/16'),
  ];
  const [mtu, moved, tracked] = before;
  assert.deepEqual(routesDifference(before, after), {
    gone: [moved],
    added: [after[1]],
    changed: [
      [mtu, after[0]],
      [tracked, after[2]],
    ],
  });
  assert.ok(before[2] && after[2] && kernelKey(before[2]) === kernelKey(after[2]));
  assert.ok(before[0] && after[0] && kernelKey(before[0]) !== kernelKey(after[0]));
});

test('a route leads the same way on the link or not, and however it is added', () => {
  const before = routeTo('10.1.0.0/16', { placement: 'prepend' });
  const added = routeTo('10.1.0.0/16', { placement: 'add' });
  const onLink = routeTo('10.1.0.0/16', { placement: 'prepend', onlink: true });
  for (const after of [added, onLink]) {
    assert.deepEqual(routesDifference([before], [after]), { gone: [], added: [], changed: [[before, after]] });
  }
  assert.equal(kernelKey(before), kernelKey(added), 'nothing is to be sent');
  assert.notEqual(kernelKey(before), kernelKey(onLink));
});

test('of two routes that lead the same way each has one successor', () => {
  const [one, two] = [1300, 1400].map((mtu) => routeTo('10.1.0.0/16', { metrics: { locked: [], mtu } }));
  const next = routeTo('10.1.0.0/16', { metrics: { locked: [], mtu: 1500 } });
  assert.ok(one && two);
  assert.deepEqual(routesDifference([one, two], [next]), { gone: [two], added: [], changed: [[one, next]] });
});

test('failures in keepalived’s words', () => {
  assert.equal(
    routingFailureText({ kind: 'deleteRule', rule: ruleAt(5) }, 2, 9),
    'Netlink: error: No such file or directory(2), type=RTM_DELRULE(33), seq=9, pid=0',
  );
});
