import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpInstance } from '../../../src/config/types.ts';
import { keyedHashes as hashes } from '../../../src/os/keyed-hash.ts';
import { encodeAnnouncement } from '../../../src/vrrp/announce-frame.ts';
import { examine } from '../../../src/vrrp/examine.ts';
import { effectivePriority } from '../../../src/vrrp/parameters.ts';
import { decodeIpv4, decodeIpv6 } from '../../../src/vrrp/received.ts';
import { transmit } from '../../../src/vrrp/transmit.ts';
import { initialWireState } from '../../../src/vrrp/wire-state.ts';
import { ip, parameters } from './support.ts';
import { virtualAddress } from './vectors.ts';

/** RFC 9568, which replaces RFC 5798: what it adds or says more plainly, by section. */

const clock = { wallClock: 0, hashes };
const ipv4 = { version: 3 } as const;
const ipv6: Partial<VrrpInstance> = {
  version: 3,
  family: 6,
  multicastGroup: ip('ff02::12'),
  virtualAddresses: ['fe80::5', '2001:db8::5'].map((address) => virtualAddress(address)),
};

function advertOf(changes: Partial<VrrpInstance>, source: string, priority = 100): Uint8Array {
  return transmit(parameters(changes, source), initialWireState, priority, clock).datagrams[0]!.bytes;
}

function verdict(changes: Partial<VrrpInstance>, packet: Uint8Array, hopLimit = 255, to = 'ff02::12') {
  const origin = { source: ip('fe80::2'), destination: ip(to), hopLimit };
  const received = changes.family === 6 ? decodeIpv6(packet, origin) : decodeIpv4(packet);
  assert.ok(received);
  const surroundings = { state: 'backup', lastMaster: undefined, wire: initialWireState, ...clock } as const;
  const { advert, complaints } = examine(parameters(changes), received, surroundings);
  return advert ? 'accepted' : (complaints.at(-1)?.event ?? 'dropped');
}

function changed(packet: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(packet);
  copy[at] = value;
  return copy;
}

describe('5.1 IP fields', () => {
  test('5.1.1.2, 5.1.2.2 the groups are 224.0.0.18 and ff02::12', () => {
    const to = (changes: Partial<VrrpInstance>, source: string) =>
      transmit(parameters(changes, source), initialWireState, 100, clock).datagrams.map(
        ({ destination }) => destination,
      );
    assert.deepEqual(to(ipv4, '10.20.0.2'), ['224.0.0.18']);
    assert.deepEqual(to(ipv6, 'fe80::2'), ['ff02::12']);
  });
});

describe('5.2 VRRP fields', () => {
  test('5.2.9 over IPv6 the first address is link-local', () => {
    assert.deepEqual([...advertOf(ipv6, 'fe80::2').subarray(8, 10)], [0xfe, 0x80]);
  });
  test('5.2.4 priority 255 is the owner of the addresses, which tracking takes from nobody', () => {
    const owner = parameters({ ...ipv4, priority: 255 });
    assert.equal(effectivePriority(owner.instance, -200), 255);
    assert.equal(effectivePriority({ ...owner.instance, priority: 254 }, 9), 254);
    assert.equal(effectivePriority({ ...owner.instance, priority: 9 }, -20), 1);
  });
});

describe('7.1 receiving', () => {
  const four = advertOf(ipv4, '10.20.0.2');
  const six = advertOf(ipv6, 'fe80::2');
  const accepts = (changes: Partial<VrrpInstance>, packet: Uint8Array) =>
    assert.equal(verdict(changes, packet), 'accepted');

  test('a good packet is accepted', () => {
    accepts(ipv4, four);
    accepts(ipv6, six);
  });
  test('the time to live or hop limit must be 255', () => {
    assert.equal(verdict(ipv4, changed(four, 8, 254)), 'packetTtl');
    assert.equal(verdict(ipv6, six, 254), 'packetTtl');
  });
  test('the version must be ours', () => {
    assert.equal(verdict(ipv6, changed(six, 0, 0x21)), 'packetVersion');
    assert.equal(verdict(ipv4, advertOf({ version: 2 }, '10.20.0.2')), 'packetVersion');
  });
  test('the type must be 1', () => {
    assert.equal(verdict(ipv6, changed(six, 0, 0x32)), 'packetType');
  });
  test('the packet must hold all its addresses', () => {
    assert.equal(verdict(ipv6, six.subarray(0, -4)), 'packetLength');
    assert.equal(verdict(ipv6, changed(six, 3, 1)), 'packetLength');
  });
  test('the checksum must be right', () => {
    assert.equal(verdict(ipv4, changed(four, 26, 0)), 'packetChecksum');
  });
  test('reserved bits are ignored', () => {
    accepts(ipv6, changed(six, 4, 0xf0 | six[4]!));
  });
  test('another address list is only reported', () => {
    const other = { ...ipv6, virtualAddresses: ['fe80::6', '2001:db8::5'].map((address) => virtualAddress(address)) };
    accepts(ipv6, advertOf(other, 'fe80::2'));
  });
  test('another interval is only reported', () => accepts(ipv6, changed(six, 5, 25)));
  test('a packet to another address than the group is not ours', () => {
    assert.equal(verdict(ipv6, six, 255, 'fe80::1'), 'packetDestination');
  });
});

describe('8 operational issues', () => {
  const link = { type: 1, mac: Uint8Array.from([2, 0, 0, 0, 0, 1]), broadcast: new Uint8Array(6).fill(255) };
  const announced = (address: string, forwardsIpv6: boolean) =>
    encodeAnnouncement(ip(address), { ...link, forwardsIpv6: () => forwardsIpv6 }).bytes;

  test('8.1.2 gratuitous ARP is a broadcast', () => {
    assert.deepEqual([...announced('10.20.0.5', false).subarray(0, 6)], [255, 255, 255, 255, 255, 255]);
  });
  test('8.2.2 unsolicited neighbour advertisements override, are not solicited, and tell a router', () => {
    assert.equal(announced('fe80::5', true)[58], 0xa0);
    assert.equal(announced('fe80::5', false)[58], 0x20);
  });
});
