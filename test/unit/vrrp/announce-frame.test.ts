import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeAnnouncement, hardwareAddressLength } from '../../../src/vrrp/announce-frame.ts';
import { ip } from './support.ts';
import { announcementVectors } from './vectors.ts';

const link = {
  type: 1,
  mac: new Uint8Array([2, 0, 0, 0, 0, 1]),
  broadcast: new Uint8Array(6).fill(0xff),
  forwardsIpv6: () => false,
};

for (const { address, mac, hex } of announcementVectors) {
  test(`announces ${address} from ${mac} as captured`, () => {
    const { bytes } = encodeAnnouncement(ip(address), { ...link, mac: Buffer.from(mac, 'hex') });
    assert.equal(Buffer.from(bytes).toString('hex'), hex);
  });
}

test('only Ethernet and Infiniband can be announced on', () => {
  assert.deepEqual([1, 32, 772].map(hardwareAddressLength), [6, 20, undefined]);
});

test('a forwarding interface sets the router flag', () => {
  assert.equal(encodeAnnouncement(ip('2001:db8::5'), { ...link, forwardsIpv6: () => true }).bytes[58], 0xa0);
});

const infiniband = {
  type: 32,
  mac: Uint8Array.from({ length: 20 }, (_, i) => 0x40 + i),
  broadcast: Buffer.from('00ffffffff12401bffff000000000000ffffffff', 'hex'),
  forwardsIpv6: () => false,
};

test('gratuitous ARP over Infiniband has its link header and 20-byte hardware addresses', () => {
  const { bytes, etherType } = encodeAnnouncement(ip('10.20.0.5'), infiniband);
  const mac = Buffer.from(infiniband.mac).toString('hex');
  const broadcast = Buffer.from(infiniband.broadcast).toString('hex');
  const expected = `${broadcast}08060000002008001404${'0001'}${mac}0a140005${broadcast}0a140005`;
  assert.equal(etherType, 0x0806);
  assert.equal(Buffer.from(bytes).toString('hex'), expected);
});

test('a neighbour advertisement over Infiniband goes to the group of all nodes, its option padded', () => {
  const { bytes, etherType } = encodeAnnouncement(ip('2001:db8::5'), infiniband);
  const hex = Buffer.from(bytes).toString('hex');
  assert.equal(etherType, 0x86dd);
  assert.equal(hex.slice(0, 48), '00ffffffff12601bffff00000000000000000001' + '86dd0000');
  assert.equal(hex.slice(-48), `02030000${Buffer.from(infiniband.mac).toString('hex')}`);
});
