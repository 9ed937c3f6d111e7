import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SyncGroup } from '../../../src/config/types.ts';
import { trackedBy } from '../../../src/track/items.ts';
import { instance } from '../vrrp/support.ts';

const item = (name: string, weight: number) => ({ name, weight, reverse: false });

test("a member tracks its sync group's objects; its own fault is stronger than the group's weight", () => {
  const own = instance({ trackScripts: [item('both', 0), item('weighed', 5)], trackInterfaces: [item('eth1', 0)] });
  const group: SyncGroup = {
    ...{ name: 'G', members: ['V'], notify: {}, smtpAlert: false, trackingWeight: true },
    trackInterfaces: [],
    trackScripts: [item('both', 7), item('weighed', 8), item('more', 9)],
    trackFiles: [],
    trackProcesses: [],
    trackBfds: [item('peer', 0)],
  };
  const found = trackedBy(own, group).map(({ kind, item: { name, weight } }) => `${kind} ${name} ${weight}`);
  assert.deepEqual(found, ['interface eth1 0', 'script both 0', 'script weighed 8', 'script more 9', 'bfd peer 0']);
  assert.equal(trackedBy(own, undefined).length, 3);
});

test('its own interface, which it tracks anyway, is not tracked once more for the group', () => {
  const group: SyncGroup = {
    ...{ name: 'G', members: ['V'], notify: {}, smtpAlert: false, trackingWeight: true },
    ...{ trackScripts: [item('eth0', 0)], trackFiles: [], trackProcesses: [], trackBfds: [] },
    trackInterfaces: [item('eth0', 0), item('eth1', 0)],
  };
  const found = (trackPrimaryInterface: boolean) =>
    trackedBy(instance({ trackPrimaryInterface }), group).map(({ kind, item: { name } }) => `${kind} ${name}`);
  assert.deepEqual(found(true), ['interface eth1', 'script eth0']);
  assert.deepEqual(found(false), ['interface eth0', 'interface eth1', 'script eth0']);
});
