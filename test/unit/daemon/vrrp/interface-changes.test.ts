import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignedAddresses, interfaceChanges } from '../../../../src/daemon/vrrp/interface-changes.ts';
import type { IpAddress } from '../../../../src/lib/ip.ts';

const address = (text: string) => text as IpAddress;
const view = (up: boolean, own?: string) =>
  new Map([
    ['eth0', { exists: true, up, addresses: { 4: own === undefined ? undefined : address(own), 6: undefined } }],
  ]);
const gone = new Map([['eth0', { exists: false, up: false, addresses: { 4: undefined, 6: undefined } }]]);

test('addresses at the start', () => {
  const own = new Set(['eth0']);
  assert.deepEqual(assignedAddresses(view(true, '10.0.0.1'), own), ['Assigned address 10.0.0.1 for interface eth0']);
  assert.deepEqual(assignedAddresses(view(true), own), []);
  assert.deepEqual(assignedAddresses(view(true, '10.0.0.1'), new Set()), [], 'only followed');
});

test('links and addresses come and go', () => {
  assert.deepEqual(interfaceChanges(view(true), view(true)), []);
  assert.deepEqual(interfaceChanges(view(true), view(false)), ['Netlink reports eth0 down']);
  assert.deepEqual(interfaceChanges(view(false), view(true)), ['Netlink reports eth0 up']);
  assert.deepEqual(interfaceChanges(view(true, '10.0.0.1'), view(true, '10.0.0.2')), [
    'Deassigned address 10.0.0.1 from interface eth0',
    'Assigned address 10.0.0.2 for interface eth0',
  ]);
});

test('interfaces come and go', () => {
  assert.deepEqual(interfaceChanges(view(false), gone), ['Interface eth0 deleted']);
  assert.deepEqual(interfaceChanges(gone, view(true)), ['Interface eth0 added', 'Netlink reports eth0 up']);
});
