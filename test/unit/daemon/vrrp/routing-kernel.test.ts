import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRoutingKernel, type RoutingItem } from '../../../../src/daemon/vrrp/routing-kernel.ts';
import { errno } from '../../../../src/lib/errno.ts';
import { type Message, messageFlag } from '../../../../src/netlink/message.ts';
import { routeMessage } from '../../../../src/rtnetlink/numbers.ts';
import { addRouteRequest } from '../../../../src/rtnetlink/route.ts';
import { addRuleRequest } from '../../../../src/rtnetlink/rule.ts';
import { type Answer, FakeNetlinkSocket } from '../../../fakes/netlink-kernel.ts';
import { routeTo, ruleAt } from '../../rtnetlink/routing-examples.ts';

function open(answer: (request: Message) => Answer = () => ({})) {
  const lines: string[] = [];
  const asked: number[] = [];
  const world = { answer };
  const commands = new FakeNetlinkSocket((request) => {
    asked.push(request.type);
    return world.answer(request);
  });
  const events = new FakeNetlinkSocket();
  const kernel = openRoutingKernel(({ message }) => lines.push(message), {
    openSocket: ({ groups }) => (groups ? events : commands),
    interfaceIndex: (name) => (name === 'v0' ? 3 : undefined),
  });
  const lost: RoutingItem[] = [];
  kernel.onLost((item) => lost.push(item));
  kernel.watch({ routes: true, rules: true });
  return { kernel, lines, asked, world, commands, events, lost };
}

const route = routeTo('10.1.0.0/16', { interface: 'v0' });
const rule = ruleAt(100);

function removal(type: 'route' | 'rule') {
  const made = addRouteRequest(route, () => 3);
  assert.ok(!('missing' in made));
  return type === 'route'
    ? { type: routeMessage.deleteRoute, body: made.body }
    : { type: routeMessage.deleteRule, body: addRuleRequest(rule).body };
}

test('only what the kernel took is taken away again', () => {
  const { kernel, asked, world, lines } = open(() => ({ errno: errno.EINVAL }));
  kernel.addRoutes('v', [route]);
  assert.deepEqual(lines, ['Netlink: error: Invalid argument(22), type=RTM_NEWROUTE(24), seq=1, pid=0']);
  kernel.deleteRoutes('v', [route]);
  assert.deepEqual(asked, [routeMessage.newRoute]);
  world.answer = () => ({ errno: errno.EEXIST });
  kernel.addRoutes('v', [route]);
  world.answer = () => ({});
  kernel.deleteRoutes('v', [route]);
  assert.deepEqual(asked, [routeMessage.newRoute, routeMessage.newRoute, routeMessage.deleteRoute]);
  assert.equal(lines.length, 1);
});

test('a route that only changes is replaced, and is then ours', () => {
  const { kernel, asked, world, lines } = open();
  const changed = { ...route, metrics: { locked: [], mtu: 1300 } };
  kernel.addRoutes('v', [route]);
  kernel.replaceRoute('v', route, changed);
  kernel.replaceRoute('v', changed, { ...changed, tracked: false });
  const { newRoute, deleteRoute } = routeMessage;
  assert.deepEqual(asked, [newRoute, newRoute], "what is tracked is not the kernel's business");
  kernel.deleteRoutes('v', [{ ...changed, tracked: false }]);
  assert.deepEqual(asked.splice(0), [newRoute, newRoute, deleteRoute]);
  kernel.addRoutes('v', [route]);
  world.answer = ({ flags }) => ((flags & messageFlag.replace) === 0 ? {} : { errno: errno.ENOENT });
  kernel.replaceRoute('v', route, changed);
  assert.deepEqual(asked.splice(0), [newRoute, newRoute, deleteRoute, newRoute], 'somebody had taken it away');
  kernel.replaceRoute('v', route, changed);
  assert.deepEqual(asked, [newRoute], 'it was not there');
  assert.deepEqual(lines, []);
});

test('what another owner has too stays where that is asked for', () => {
  const { kernel, asked, lines } = open();
  const { newRoute, deleteRoute, newRule, deleteRule } = routeMessage;
  kernel.addRoutes('before', [route]);
  kernel.addRules('before', [rule]);
  kernel.addRoutes('after', [{ ...route, tracked: false }]);
  kernel.addRules('after', [rule]);
  kernel.deleteRoutes('before', [route], { unlessShared: true });
  kernel.deleteRules('before', [rule], { unlessShared: true });
  assert.deepEqual(asked.splice(0), [newRoute, newRule, newRoute, newRule]);
  kernel.deleteRoutes('after', [{ ...route, tracked: false }], { unlessShared: true });
  kernel.deleteRules('after', [rule], { unlessShared: true });
  assert.deepEqual(asked, [deleteRoute, deleteRule]);
  assert.deepEqual(lines, []);
});

test('a purge asks for everything and says nothing', () => {
  const { kernel, asked, lines } = open(() => ({ errno: errno.ESRCH }));
  kernel.deleteRules('v', [rule], { purge: true });
  kernel.deleteRoutes('v', [route, routeTo('10.2.0.0/16', { interface: 'gone' })], { purge: true });
  assert.deepEqual(asked, [routeMessage.deleteRule, routeMessage.deleteRoute]);
  assert.deepEqual(lines, []);
});

test('losses to others are told once, our own removals never', () => {
  const { kernel, events, commands, lost } = open();
  kernel.addRoutes('v', [route]);
  kernel.addRules('v', [rule]);
  events.emit(removal('route'), commands.portId);
  assert.deepEqual(lost, []);
  events.emit(removal('route'));
  events.emit(removal('rule'));
  events.emit(removal('rule'));
  assert.deepEqual(
    lost.map(({ kind, owner }) => [kind, owner]),
    [
      ['route', 'v'],
      ['rule', 'v'],
    ],
  );
});

test('a route whose interface is down or missing is tried again', () => {
  const { kernel, asked, world, lines } = open(() => ({ errno: errno.ENETDOWN }));
  kernel.addRoutes('v', [route, routeTo('10.2.0.0/16', { interface: 'gone' })]);
  assert.deepEqual(lines, [
    "Not adding route to gone since interface doesn't exist",
    'Netlink: error: Network is down(100), type=RTM_NEWROUTE(24), seq=1, pid=0',
  ]);
  world.answer = () => ({});
  kernel.retry();
  kernel.deleteRoutes('v', [route]);
  assert.deepEqual(asked, [routeMessage.newRoute, routeMessage.newRoute, routeMessage.deleteRoute]);
});

test('after an overrun, what can be added anew was lost', () => {
  const { kernel, events, world, lost, asked } = open();
  kernel.addRoutes('v', [route]);
  kernel.addRules('v', [rule]);
  world.answer = ({ type }) => ({ errno: type === routeMessage.newRule ? errno.EEXIST : 0 });
  events.emitOverrun();
  assert.deepEqual(
    lost.map(({ kind }) => kind),
    ['route'],
  );
  asked.length = 0;
  kernel.deleteRoutes('v', [route]);
  assert.deepEqual(asked, [routeMessage.deleteRoute], 'what was added anew can be taken away');
});

test('a route that names no interface is asked for again when one comes up', () => {
  const { kernel, asked, world } = open();
  kernel.addRoutes('v', [route, routeTo('10.2.0.0/16')]);
  world.answer = () => ({ errno: errno.EEXIST });
  kernel.retry();
  assert.deepEqual(asked, [routeMessage.newRoute, routeMessage.newRoute, routeMessage.newRoute]);
});
