import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VrrpInstance } from '../../../src/config/types.ts';
import { type ImpliedBy, impliedInterfaces } from '../../../src/track/implied.ts';
import { routeTo, ruleAt } from '../rtnetlink/routing-examples.ts';
import { virtualAddress } from '../rtnetlink/vectors.ts';

const nothing: ImpliedBy = { trackGroups: [], staticAddresses: [], staticRoutes: [], staticRules: [] };

function instance(options: Partial<VrrpInstance>): VrrpInstance {
  const lists = { virtualAddresses: [], excludedAddresses: [], virtualRoutes: [], virtualRules: [] };
  return { name: 'v', interface: 'eth0', ...lists, ...options } as unknown as VrrpInstance;
}

test('interfaces of addresses, routes and rules count, unless they are the own one or not tracked', () => {
  const one = instance({
    virtualAddresses: [virtualAddress('10.0.0.1', 24, { interface: 'eth0' })],
    excludedAddresses: [
      virtualAddress('10.0.1.1', 24, { interface: 'eth1' }),
      virtualAddress('10.0.2.1', 24, { interface: 'eth2', noTrack: true }),
    ],
    virtualRoutes: [
      routeTo('10.1.0.0/16', { interface: 'eth3' }),
      routeTo('10.2.0.0/16', { interface: 'eth4', tracked: false }),
    ],
    virtualRules: [
      ruleAt(5, { inputInterface: 'eth5', outputInterface: 'eth6' }),
      ruleAt(6, { inputInterface: 'eth7', tracked: false }),
    ],
  });
  assert.deepEqual(impliedInterfaces(one, nothing), ['eth1', 'eth3', 'eth5', 'eth6']);
});

test('nothing is followed that goes out of the own virtual interface', () => {
  const one = instance({
    vmac: { name: 'vrrp.1' } as unknown as NonNullable<VrrpInstance['vmac']>,
    virtualAddresses: [virtualAddress('10.0.0.1', 24, { interface: 'vrrp.1' })],
    virtualRoutes: [routeTo('10.1.0.0/16', { interface: '' })],
  });
  assert.deepEqual(impliedInterfaces(one, nothing), []);
});

test('an address with a virtual interface of its own depends on what that stands on; dumps show the virtual one', () => {
  const address = virtualAddress('10.0.1.1', 24, { interface: 'vrrp.7', base: 'eth1' });
  const one = instance({ virtualAddresses: [address] });
  assert.deepEqual(impliedInterfaces(one, nothing), ['eth1']);
  assert.deepEqual(impliedInterfaces(one, nothing, 'virtual'), ['vrrp.7']);
});

test('static items count for the members of their track group', () => {
  const config: ImpliedBy = {
    trackGroups: [{ name: 'g', members: ['v'] }],
    staticAddresses: [
      { ...virtualAddress('10.0.1.1', 24, { interface: 'eth1' }), trackGroup: 'g' },
      virtualAddress('10.0.1.2', 24, { interface: 'eth6' }),
    ],
    staticRoutes: [
      { ...routeTo('10.1.0.0/16', { interface: 'eth2' }), trackGroup: 'g' },
      { ...routeTo('10.2.0.0/16', { interface: 'eth3', tracked: false }), trackGroup: 'g' },
    ],
    staticRules: [{ ...ruleAt(5, { inputInterface: 'eth4' }), trackGroup: 'g' }],
  };
  assert.deepEqual(impliedInterfaces(instance({}), config), ['eth1', 'eth2', 'eth4']);
  assert.deepEqual(impliedInterfaces(instance({ name: 'w' }), config), []);
});
