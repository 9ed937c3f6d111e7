import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Vmac } from '../../../src/config/types.ts';
import { advertInterface, linkLocalOf, virtualMac } from '../../../src/vrrp/virtual-mac.ts';
import { instance } from './support.ts';

const vmac = { name: 'vrrp.7', kind: 'macvlan' } as Vmac;
const own = Uint8Array.of(2, 0, 0, 0, 9, 1);

test('the MAC address is that of identifier and family, unless another is configured', () => {
  assert.deepEqual([...virtualMac(instance({ vmac }))], [0, 0, 0x5e, 0, 1, 7]);
  assert.deepEqual([...virtualMac(instance({ vmac, family: 6, virtualRouterId: 255 }))], [0, 0, 0x5e, 0, 2, 255]);
  assert.deepEqual(virtualMac(instance({ vmac: { ...vmac, mac: own } })), own);
});

test('adverts use the virtual interface, but for vmac_xmit_base', () => {
  assert.equal(advertInterface(instance()), 'eth0');
  assert.equal(advertInterface(instance({ vmac })), 'vrrp.7');
  assert.equal(advertInterface(instance({ vmac, vmacTransmitBase: true })), 'eth0');
});

test('a link-local address is made of the MAC address with its universal bit inverted', () => {
  assert.equal(linkLocalOf(own), 'fe80::ff:fe00:901');
  assert.equal(linkLocalOf(Uint8Array.of(0, 0, 0x5e, 0, 2, 51)), 'fe80::200:5eff:fe00:233');
});
