import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeLink, linksRequest } from '../../../src/rtnetlink/link.ts';
import { bodyOf, received } from './vectors.ts';

/** ifinfomsg of Ethernet interface 7 with flags UP, BROADCAST, RUNNING, MULTICAST, LOWER_UP; then its attributes. */
const header = '00000100 07000000 43100100 00000000';
const attributes =
  '09000300 65746830 00000000 08000400 dc050000 08001b00 02000000 0a000100 02420a4d 00010000' +
  '0a000200 ffffffff ffff0000 08000500 03000000 08000a00 05000000 10001280 0c000100 6d616376 6c616e00';

test('a link is read with its flags, addresses, parent, master and kind', () => {
  assert.deepEqual(decodeLink(received(16, header + attributes)), {
    ifindex: 7,
    name: 'eth0',
    type: 1,
    flags: 0x11043,
    up: true,
    running: true,
    loopback: false,
    broadcast: true,
    pointToPoint: false,
    noArp: false,
    multicast: true,
    mtu: 1500,
    hardwareAddress: Uint8Array.from([0x02, 0x42, 0x0a, 0x4d, 0, 1]),
    hardwareBroadcast: Uint8Array.from([255, 255, 255, 255, 255, 255]),
    master: 5,
    parent: 3,
    parentElsewhere: false,
    kind: 'macvlan',
    group: 2,
  });
});

test('a macvlan is private or not', () => {
  const link = '00000100 07000000 43100100 00000000 09000300 65746830 00000000';
  const information = '1c001200 0c000100 6d616376 6c616e00 0c000200 08000100';
  const withMode = (mode: string) => decodeLink(received(16, `${link} ${information} ${mode}`));
  assert.equal(withMode('01000000')?.privateMacvlan, true);
  assert.equal(withMode('04000000')?.privateMacvlan, undefined);
});

test('a VRF has a table', () => {
  const link = '00000100 07000000 43100100 00000000 09000300 65746830 00000000';
  const vrf = decodeLink(received(16, `${link} 18001200 08000100 76726600 0c000200 08000100 64000000`));
  assert.deepEqual([vrf?.kind, vrf?.vrfTable], ['vrf', 100]);
  const without = decodeLink(received(16, `${link} 14001200 08000100 76726600 08000200 04000200`));
  assert.deepEqual([without?.kind, without && 'vrfTable' in without], ['vrf', false]);
});

test('what is not told of a link is not there', () => {
  const bare = decodeLink(received(16, '00000100 07000000 00000000 00000000 09000300 65746830 00000000'));
  assert.deepEqual(bare, {
    ...{ ifindex: 7, name: 'eth0', type: 1, flags: 0, up: false, running: false },
    ...{ loopback: false, broadcast: false },
    ...{ pointToPoint: false, noArp: false, multicast: false, mtu: 0, group: 0, parentElsewhere: false },
    ...{ hardwareAddress: new Uint8Array(0), hardwareBroadcast: new Uint8Array(0) },
  });
  const nobodys = '08000500 00000000 08000a00 00000000';
  const free = decodeLink(received(16, `00000100 07000000 00000000 00000000 09000300 65746830 00000000 ${nobodys}`));
  assert.deepEqual(free, bare, 'an index of 0 is none');
  assert.equal(decodeLink(received(16, '00000100 07000000 00000000 00000000')), undefined, 'a name there must be');
});

test('each flag says its own', () => {
  const flagged = (flags: string) => decodeLink(received(16, `00000100 07000000 ${flags} 00000000 06000300 61000000`));
  const said = (flags: string) =>
    Object.entries(flagged(flags)!)
      .filter(([, value]) => value === true)
      .map(([name]) => name)
      .join(' ');
  assert.deepEqual(
    ['01000000', '02000000', '08000000', '10000000', '40000000', '80000000', '00100000', '41000000'].map(said),
    ['up', 'broadcast', 'loopback', 'pointToPoint', '', 'noArp', 'multicast', 'up running'],
  );
});

test('a link that is down is not running', () => {
  const down = decodeLink(received(16, `${'00000100 07000000 42100000 00000000'}${attributes}`));
  assert.equal(down?.up, false);
  assert.equal(down?.running, false);
});

test('a port leaving its bridge is not a link that is gone', () => {
  assert.equal(decodeLink(received(17, `${'07000100 07000000 43100100 00000000'}${attributes}`)), undefined);
});

test('the dump leaves the counters out', () => {
  assert.equal(bodyOf(linksRequest()), `${'00'.repeat(16)}08001d0008000000`);
});

test('a message cut off at any length, or of any content, is read without an exception', () => {
  const hex = (header + attributes).replaceAll(' ', '');
  for (let length = 0; length < hex.length; length += 2) decodeLink(received(16, hex.slice(0, length)));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (body) => {
      decodeLink(received(16, Buffer.from(body).toString('hex')));
    }),
  );
});
