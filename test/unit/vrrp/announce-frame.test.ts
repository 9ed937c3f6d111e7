import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeAnnouncement } from '../../../src/vrrp/announce-frame.ts';
import { ip } from './support.ts';

const link = {
  mac: new Uint8Array([2, 0, 0, 0, 0, 1]),
  broadcast: new Uint8Array(6).fill(0xff),
  forwardsIpv6: false,
};

function frame(address: string, forwardsIpv6 = false) {
  return Buffer.from(encodeAnnouncement(ip(address), { ...link, forwardsIpv6 })).toString('hex');
}

// Captured from keepalived 2.4.3.
test('a gratuitous ARP is a broadcast request for the address itself', () => {
  assert.equal(
    frame('10.20.0.5'),
    'ffffffffffff020000000001080600010800060400010200000000010a140005ffffffffffff0a140005',
  );
});

test('a neighbour advertisement is unsolicited and overrides', () => {
  assert.equal(
    frame('fe80::5'),
    '33330000000102000000000186dd6000000000203afffe800000000000000000000000000005ff0200000000000000000000000000018800579320000000fe8000000000000000000000000000050201020000000001',
  );
});

test('a forwarding interface sets the router flag', () => {
  assert.equal(Buffer.from(frame('2001:db8::5', true), 'hex')[58], 0xa0);
});
