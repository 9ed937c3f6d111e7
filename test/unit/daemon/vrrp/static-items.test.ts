import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AddressKernel } from '../../../../src/daemon/vrrp/address-kernel.ts';
import { openRoutingKernel } from '../../../../src/daemon/vrrp/routing-kernel.ts';
import { StaticItems, type StaticPart, staticOwner } from '../../../../src/daemon/vrrp/static-items.ts';
import { routeMessage } from '../../../../src/rtnetlink/numbers.ts';
import { FakeNetlinkSocket } from '../../../fakes/netlink-kernel.ts';
import { routeTo, ruleAt } from '../../rtnetlink/routing-examples.ts';
import { ip, virtualAddress } from '../../rtnetlink/vectors.ts';

const names: Readonly<Record<number, string>> = {
  [routeMessage.newRoute]: 'route added',
  [routeMessage.deleteRoute]: 'route removed',
  [routeMessage.newRule]: 'rule added',
  [routeMessage.deleteRule]: 'rule removed',
};

function open() {
  const done: string[] = [];
  const lines: string[] = [];
  const log = ({ message }: { message: string }): void => void lines.push(message);
  const socket = new FakeNetlinkSocket(({ type }) => {
    done.push(names[type] ?? String(type));
    return {};
  });
  const routing = openRoutingKernel(log, { openSocket: () => socket, interfaceIndex: () => 3 });
  const addresses: Pick<AddressKernel, 'addAddresses' | 'deleteAddresses'> = {
    addAddresses: (list) => {
      for (const { address } of list) done.push(`${address} added`);
      return [];
    },
    deleteAddresses: (list) => {
      for (const { address } of list) done.push(`${address} removed`);
      return [];
    },
  };
  return { statics: new StaticItems(addresses, routing, log), done, lines };
}

const part: StaticPart = {
  staticAddresses: [virtualAddress('10.0.0.7', 24), virtualAddress('10.0.0.8', 24, { noTrack: true })],
  staticRoutes: [routeTo('10.1.0.0/16', { interface: 'v0' })],
  staticRules: [ruleAt(200)],
};

test('addresses, routes and rules come in this order and go in the other', () => {
  const { statics, done } = open();
  statics.purge(part);
  statics.extend(part);
  statics.stop();
  assert.deepEqual(done, [
    'rule removed',
    ...['10.0.0.7 added', '10.0.0.8 added', 'route added', 'rule added'],
    ...['rule removed', 'route removed', '10.0.0.7 removed', '10.0.0.8 removed'],
  ]);
});

test('a reload touches only what differs', () => {
  const { statics, done } = open();
  statics.extend(part);
  done.length = 0;
  const next = { ...part, staticAddresses: part.staticAddresses.slice(0, 1), staticRules: [ruleAt(201)] };
  statics.drop(next);
  assert.deepEqual(done, ['rule removed', '10.0.0.8 removed']);
  done.length = 0;
  statics.extend(next);
  assert.deepEqual(done, ['rule added']);
});

test('what somebody takes away comes back, unless it is not tracked', () => {
  const { statics, done, lines } = open();
  statics.extend(part);
  done.length = 0;
  statics.addressRemoved(ip('10.0.0.7'), 'v0');
  statics.addressRemoved(ip('10.0.0.8'), 'v0');
  statics.addressRemoved(ip('10.0.0.7'), 'v1');
  statics.lost({ kind: 'rule', owner: staticOwner, rule: ruleAt(200) });
  statics.lost({ kind: 'route', owner: staticOwner, route: routeTo('10.9.0.0/16', { tracked: false }) });
  assert.deepEqual(done, ['10.0.0.7 added', 'rule added']);
  assert.deepEqual(lines, [
    'Restoring deleted static address 10.0.0.7/24 dev v0 scope global set',
    'Restoring deleted static rule from all priority 200 tos 0x0 protocol 18 lookup 100',
  ]);
  done.length = 0;
  statics.interfaceUp('v0');
  assert.deepEqual(done, ['10.0.0.7 added', 'route added']);
});

test('addresses that are missing after an overrun come back', () => {
  const { statics, done } = open();
  statics.extend(part);
  done.length = 0;
  statics.addressesRead({ holds: () => true });
  assert.deepEqual(done, []);
  statics.addressesRead({ holds: () => false });
  assert.deepEqual(done, ['10.0.0.7 added']);
});
