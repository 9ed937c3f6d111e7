import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOfOurMaking } from '../../../src/rtnetlink/own-making.ts';

const link = (name: string, mac: string, kind = 'macvlan') => ({
  ...{ name, kind },
  hardwareAddress: Uint8Array.from(mac.split(':'), (octet) => Number.parseInt(octet, 16)),
});
const prefixes = ['va', 'vrrp'];

test('names of prefix and identifier with the virtual router MAC address of that identifier are ours', () => {
  for (const name of ['vrrp.9', 'vrrp1.9', 'vrrp6.9', 'va2.9']) {
    assert.ok(isOfOurMaking(link(name, '00:00:5e:00:01:09'), prefixes), name);
  }
  assert.ok(isOfOurMaking(link('vrrp6.200', '00:00:5e:00:02:c8'), prefixes));
});

test('a prefix may begin another', () => {
  assert.ok(isOfOurMaking(link('vrrp.9', '00:00:5e:00:01:09'), ['v', 'vrrp']));
  assert.ok(isOfOurMaking(link('v.9', '00:00:5e:00:01:09'), ['v', 'vrrp']));
});

test('an ipvlan has the MAC address of its base', () => {
  assert.ok(isOfOurMaking(link('vrrp.9', '02:00:00:00:00:01', 'ipvlan'), prefixes));
  assert.ok(!isOfOurMaking(link('vrrp9', '02:00:00:00:00:01', 'ipvlan'), prefixes));
});

test('others are not', () => {
  assert.ok(!isOfOurMaking(link('vrrp.8', '00:00:5e:00:01:09'), prefixes), 'another identifier');
  assert.ok(!isOfOurMaking(link('vrrp.9', '02:00:5e:00:01:09'), prefixes), 'another MAC address');
  assert.ok(!isOfOurMaking(link('vrrp4-2-1', '00:00:5e:00:01:01'), prefixes), 'another daemon\u2019s name');
  assert.ok(!isOfOurMaking(link('vrrp.9', '00:00:5e:00:01:09', 'vlan'), prefixes), 'another kind');
  assert.ok(!isOfOurMaking(link('eth.9', '00:00:5e:00:01:09'), prefixes), 'another prefix');
  assert.ok(!isOfOurMaking(link('1.9', '00:00:5e:00:01:09'), ['']), 'no prefix');
});
