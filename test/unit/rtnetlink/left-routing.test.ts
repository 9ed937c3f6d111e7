import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Request } from '../../../src/netlink/message.ts';
import { leftRoute, leftRule, routesRequest, rulesRequest } from '../../../src/rtnetlink/left-routing.ts';
import { addRouteRequest } from '../../../src/rtnetlink/route.ts';
import { addRuleRequest } from '../../../src/rtnetlink/rule.ts';
import { routeTo, ruleAt } from './routing-examples.ts';
import { bodyOf, messageOf } from './vectors.ts';

const indexOf = (name: string) => (name === 'v0' ? 3 : undefined);
const route = routeTo('10.1.0.0/16', { interface: 'v0', metric: 7 });
const rule = ruleAt(200);

function routeRequest(options: Parameters<typeof routeTo>[1] = {}): Request {
  const made = addRouteRequest({ ...route, ...options }, indexOf);
  assert.ok(!('missing' in made));
  return made;
}

/** Type and body of what takes an item off; undefined where it stays. */
const removal = (request: Request | undefined) => request && [request.type, bodyOf(request)];

test('a route that bears our number and that nobody wants is taken off as the kernel shows it', () => {
  const left = routeRequest();
  assert.deepEqual(removal(leftRoute(messageOf(left), [], indexOf)), [25, bodyOf(left)]);
  assert.deepEqual(removal(leftRoute(messageOf(left), [routeTo('10.2.0.0/16')], indexOf)), [25, bodyOf(left)]);
  assert.equal(leftRoute(messageOf(left), [route], indexOf), undefined, 'wanted');
  assert.equal(leftRoute(messageOf(routeRequest({ protocol: 4 })), [], indexOf), undefined, 'of somebody else');
});

test('so is a rule', () => {
  const left = addRuleRequest(rule);
  assert.deepEqual(removal(leftRule(messageOf(left), [])), [33, bodyOf(left)]);
  assert.deepEqual(removal(leftRule(messageOf(left), [ruleAt(201)])), [33, bodyOf(left)]);
  assert.equal(leftRule(messageOf(left), [rule]), undefined, 'wanted');
  assert.equal(leftRule(messageOf(addRuleRequest(ruleAt(200, { protocol: 4 }))), []), undefined, 'of somebody else');
});

test('a message that is cut short is nobody’s', () => {
  const [ofRoute, ofRule] = [messageOf(routeRequest()), messageOf(addRuleRequest(rule))];
  for (let length = 0; length < 12; length++) {
    assert.equal(leftRoute({ ...ofRoute, end: ofRoute.start + length }, [], indexOf), undefined);
    assert.equal(leftRule({ ...ofRule, end: ofRule.start + length }, []), undefined);
  }
});

test('the dumps ask for both families', () => {
  assert.deepEqual([routesRequest().type, bodyOf(routesRequest())], [26, '00'.repeat(12)]);
  assert.deepEqual([rulesRequest().type, bodyOf(rulesRequest())], [34, '00'.repeat(12)]);
});
