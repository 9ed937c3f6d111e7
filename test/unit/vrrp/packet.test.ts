import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encapsulateIpv4, encodeAdvert } from '../../../src/vrrp/packet.ts';
import { ip } from './support.ts';

const group = ip('224.0.0.18');
const source = ip('10.20.0.1');

function wire(
  advert: { version: 2 | 3; priority: number; interval: number; addresses: string[]; password?: string },
  identification: number,
) {
  const { addresses, ...rest } = advert;
  const pdu = encodeAdvert({ ...rest, addresses: addresses.map(ip), virtualRouterId: 7, source, destination: group });
  return Buffer.from(encapsulateIpv4(pdu, { source, destination: group, identification, ttl: 255 })).toString('hex');
}

// Captured from keepalived 2.4.3; the IP header checksum, which the kernel fills, is zeroed.
const captured = [
  {
    name: 'version 2 without authentication, two addresses',
    advert: { version: 2, priority: 120, interval: 1, addresses: ['10.20.0.5', '10.20.0.6'] },
    identification: 1,
    hex: '45c0002c00010000ff7000000a140001e000001221077802000152c20a1400050a1400060000000000000000',
  },
  {
    name: 'version 2, priority 0',
    advert: { version: 2, priority: 0, interval: 1, addresses: ['10.20.0.5', '10.20.0.6'] },
    identification: 4,
    hex: '45c0002c00040000ff7000000a140001e0000012210700020001cac20a1400050a1400060000000000000000',
  },
  {
    name: 'version 2 with a password',
    advert: { version: 2, priority: 120, interval: 1, addresses: ['10.20.0.5'], password: 's3cr3t' },
    identification: 1,
    hex: '45c0002800010000ff7000000a140001e000001221077801010151c30a1400057333637233740000',
  },
  {
    name: 'version 3 at 250 ms',
    advert: { version: 3, priority: 120, interval: 25, addresses: ['10.20.0.5'] },
    identification: 2,
    hex: '45c0002000020000ff7000000a140001e000001231077801001962210a140005',
  },
] as const;

for (const { name, advert, identification, hex } of captured) {
  test(`encodes ${name} as captured`, () => {
    assert.equal(wire({ ...advert, addresses: [...advert.addresses] }, identification), hex);
  });
}
