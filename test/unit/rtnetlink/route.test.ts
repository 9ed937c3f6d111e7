import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Route } from '../../../src/config/types.ts';
import { messageFlag, type Request } from '../../../src/netlink/message.ts';
import {
  addRouteRequest,
  decodeRoute,
  deleteRouteRequest,
  isRoute,
  reportedRoute,
} from '../../../src/rtnetlink/route.ts';
import { routeTo } from './routing-examples.ts';
import { bodyOf, ip, messageOf } from './vectors.ts';

const indexOf = (name: string) => (name === 'v0' ? 3 : undefined);

function request(made: ReturnType<typeof addRouteRequest>): Request {
  assert.ok(!('missing' in made));
  return made;
}

function added(route: Parameters<typeof addRouteRequest>[0]): string {
  return bodyOf(request(addRouteRequest(route, indexOf)));
}

const joined = (...parts: string[]): string => parts.join('').replaceAll(' ', '');

test('a plain route', () => {
  const route = routeTo('10.1.0.0/16', { interface: 'v0' });
  assert.equal(added(route), joined('02100000 fe120001 00000000', '08000100 0a010000', '08000400 03000000'));
});

test('tables beyond a byte, gateways, sources, metrics and realms', () => {
  const route = routeTo('10.2.0.0/16', {
    interface: 'v0',
    gateway: ip('10.0.0.9'),
    preferredSource: ip('10.0.0.1'),
    metric: 5,
    table: 300,
    tos: 16,
    realms: 0x30004,
    scope: 253,
    onlink: true,
  });
  assert.equal(
    added(route),
    joined(
      '02100010 0012fd01 04000000',
      '08000f00 2c010000 08000100 0a020000 08000700 0a000001 08000500 0a000009',
      '08000400 03000000 08000600 05000000 08000b00 04000300',
    ),
  );
});

test('several ways: weight less one, interface index, gateway', () => {
  const nextHops = [
    { gateway: ip('10.0.0.9'), weight: 5, onlink: false },
    { gateway: ip('10.0.0.8'), interface: 'v0', weight: 256, onlink: true, realms: 0x10002 },
  ];
  assert.equal(
    added(routeTo('10.4.0.0/16', { nextHops })),
    joined(
      '02100000 fe120001 00000000 08000100 0a040000 2c000900',
      '10000004 00000000 08000500 0a000009',
      '180004ff 03000000 08000500 0a000008 08000b00 02000100',
    ),
  );
});

test('locked metrics are told by a mask after the others', () => {
  const metrics = { locked: ['mtu', 'cwnd'], mtu: 1400, cwnd: 5, congctl: 'cubic' } as const;
  assert.equal(
    added(routeTo('10.5.0.0/16', { metrics })),
    joined(
      '02100000 fe120001 00000000 08000100 0a050000 28000880',
      '0a001000 63756269 63000000 08000200 78050000 08000700 05000000 08000100 84000000',
    ),
  );
});

test('tunnels: attributes of their own, then their type', () => {
  const tunnel = { kind: 'ip', id: 5n, destination: ip('10.1.1.1'), trafficClass: 16, hopLimit: 5 } as const;
  assert.equal(
    added(routeTo('10.7.0.0/16', { encapsulation: tunnel })),
    joined(
      '02100000 fe120001 00000000 08000100 0a070000 28001600',
      '0c000100 00000000 00000005 08000200 0a010101 05000500 10000000 05000400 05000000',
      '06001500 02000000',
    ),
  );
  const labels = { kind: 'mpls', labels: [100, 0x200] } as const;
  assert.ok(added(routeTo('10.8.0.0/16', { encapsulation: labels })).includes(joined('0c000100 00064000 00200100')));
});

test('an addition creates, and stands where it is told to', () => {
  const flagsOf = (placement: 'add' | 'prepend' | 'append') =>
    messageOf(request(addRouteRequest(routeTo('10.1.0.0/16', { placement }), indexOf))).flags & ~messageFlag.request;
  assert.equal(flagsOf('prepend'), messageFlag.create);
  assert.equal(flagsOf('append'), messageFlag.create | messageFlag.append);
  assert.equal(flagsOf('add'), messageFlag.create | messageFlag.exclusive);
});

test('a removal fits any scope and type that were not asked for', () => {
  const removal = request(deleteRouteRequest(routeTo('10.1.0.0/16'), indexOf));
  assert.equal(bodyOf(removal), joined('02100000 fe12ff00 00000000 08000100 0a010000'));
  const blackhole = request(deleteRouteRequest(routeTo('10.1.0.0/16', { type: 6, scope: 0 }), indexOf));
  assert.equal(bodyOf(blackhole).slice(8, 16), 'fe120006');
});

test('without its interface a route cannot be asked for', () => {
  assert.deepEqual(addRouteRequest(routeTo('10.1.0.0/16', { interface: 'gone' }), indexOf), { missing: 'gone' });
});

test('what the kernel reports is recognised, an IPv6 metric that nobody asked for included', () => {
  const six = routeTo('2001:db8::/32', { interface: 'v0' });
  const reported = decodeRoute(messageOf(request(addRouteRequest({ ...six, metric: 1024 }, indexOf))));
  assert.ok(reported && isRoute(reported, reportedRoute(six, indexOf)));
  const other = decodeRoute(messageOf(request(addRouteRequest({ ...six, metric: 7 }, indexOf))));
  assert.ok(other && !isRoute(other, reportedRoute(six, indexOf)));
});

test('a message cut short at any length is no route, and no exception', () => {
  const message = messageOf(request(addRouteRequest(routeTo('10.1.0.0/16', { interface: 'v0', metric: 5 }), indexOf)));
  for (let end = message.start; end < message.end; end++) {
    const cut = decodeRoute({ ...message, end });
    assert.ok(cut === undefined || (end - message.start - 12) % 8 === 0, `cut at ${end}`);
  }
});

test('a route of the kernel is recognised by what tells routes apart', () => {
  const both = (name: string) => ({ v0: 3, v1: 4 })[name];
  const { destination: _, ...everywhere } = routeTo('0.0.0.0/0', { interface: 'v0' });
  const routes: readonly Route[] = [
    everywhere,
    { ...everywhere, family: 6, metric: 1024 } as const,
    routeTo('10.1.0.0/16', { interface: 'v0' }),
    routeTo('10.1.0.0/16', { interface: 'v1' }),
    routeTo('10.1.0.0/17', { interface: 'v0' }),
    routeTo('10.2.0.0/16', { interface: 'v0' }),
    routeTo('2001:db8::/16', { interface: 'v0', metric: 1024 }),
    routeTo('10.1.0.0/16', { interface: 'v0', type: 6 }),
    routeTo('10.1.0.0/16', { interface: 'v0', table: 255 }),
    routeTo('10.1.0.0/16', { interface: 'v0', table: 256 }),
    routeTo('10.1.0.0/16', { interface: 'v0', tos: 4 }),
    routeTo('10.1.0.0/16', { interface: 'v0', metric: 5 }),
  ];
  for (const route of routes) {
    const reported = decodeRoute(messageOf(request(addRouteRequest(route, both))));
    assert.ok(reported);
    const { destination, ...rest } = reported;
    // The kernel reports a route to everywhere without a destination.
    const shown = route.destination ? reported : rest;
    assert.deepEqual(
      routes.filter((other) => isRoute(shown, reportedRoute(other, both))),
      [route],
      destination,
    );
  }
  const { interface: __, ...anywhere } = routeTo('10.1.0.0/16');
  const reported = decodeRoute(messageOf(request(addRouteRequest(routes[3]!, both))));
  assert.ok(reported && isRoute(reported, reportedRoute(anywhere, both)), 'its interface was not asked for');
});

test('a route to everywhere has a prefix of no length, one from somewhere that of its source', () => {
  const { destination: _, ...everywhere } = routeTo('0.0.0.0/0');
  assert.equal(added(everywhere), joined('02000000 fe120001 00000000 08000100 00000000'));
  const source = { address: ip('2001:db8::'), prefixLength: 32 };
  assert.equal(
    added({ ...everywhere, family: 6, source }),
    joined(
      '0a002000 fe120001 00000000 14000100 00000000 00000000 00000000 00000000',
      '14000200 20010db8 00000000 00000000 00000000',
    ),
  );
});

test('an entry of the kernel’s cache is no route, nor is one of another family', () => {
  const message = messageOf(request(addRouteRequest(routeTo('10.1.0.0/16'), indexOf)));
  const changed = (at: number, value: number) => {
    const bytes = new Uint8Array(message.view.buffer.slice(0));
    bytes[message.view.byteOffset + message.start + at] = value;
    return decodeRoute({
      ...message,
      view: new DataView(bytes.buffer, message.view.byteOffset, message.view.byteLength),
    });
  };
  assert.ok(changed(9, 0));
  assert.equal(changed(9, 2), undefined);
  assert.equal(changed(0, 7), undefined);
});

test('each way needs its interface', () => {
  const nextHops = [{ gateway: ip('10.0.0.9'), interface: 'gone', weight: 1, onlink: false }];
  assert.deepEqual(addRouteRequest(routeTo('10.1.0.0/16', { nextHops }), indexOf), { missing: 'gone' });
});

test('time to live of labels is propagated, or not', () => {
  const told = (ttlPropagate: boolean) => added(routeTo('10.1.0.0/16', { ttlPropagate })).slice(-16);
  assert.deepEqual([true, false].map(told), ['05001a0001000000', '05001a0000000000']);
});
