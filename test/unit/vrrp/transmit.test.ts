import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyedHashes as hashes } from '../../../src/os/keyed-hash.ts';
import { transmit } from '../../../src/vrrp/transmit.ts';
import { initialWireState } from '../../../src/vrrp/wire-state.ts';
import { parameters } from './support.ts';
import { advertVectors, completed, configured } from './vectors.ts';

const IPV6_HEADER = 80;

for (const vector of advertVectors) {
  test(`sends ${vector.name} as captured`, () => {
    const own = parameters(configured(vector), vector.source);
    for (const { priority, identification, wallClock = 0, hex } of vector.adverts) {
      // The sequence number of an authentication header counts adverts as the identification does.
      const before = (identification ?? 1) - 1;
      const wire = { ...initialWireState, identification: before, ahSequence: before };
      const { datagrams } = transmit(own, wire, priority, { wallClock, hashes });
      assert.equal(datagrams.length, 1);
      const expected = vector.source.includes(':') ? hex.slice(IPV6_HEADER) : hex;
      assert.equal(completed(datagrams[0]!, vector.source), expected);
    }
  });
}

const peers = ['10.20.0.2', '10.20.0.3'];
const unicast = advertVectors.find(({ name }) => name === 'version 2 to a peer')!;
const twoPeers = { ...unicast, instance: { ...unicast.instance, peers } };

test('all peers get the same advert', () => {
  const own = parameters(configured(twoPeers));
  const { datagrams, wire } = transmit(own, initialWireState, 120, { wallClock: 0, hashes });
  assert.deepEqual(
    datagrams.map(({ destination }) => destination),
    peers,
  );
  assert.equal(wire.identification, 1);
  for (const { bytes } of datagrams) assert.equal(bytes[5], 1);
});

test('unicast_ttl is the time to live', () => {
  const own = parameters({ ...configured(twoPeers), unicastTtl: 17 });
  const { datagrams } = transmit(own, initialWireState, 120, { wallClock: 0, hashes });
  assert.deepEqual(
    datagrams.map(({ bytes }) => bytes[8]),
    [17, 17],
  );
});

test('without a source address nothing is sent and nothing counted', () => {
  const { sourceAddress: _, ...own } = parameters();
  const sent = transmit(own, initialWireState, 120, { wallClock: 0, hashes });
  assert.deepEqual(sent, { wire: initialWireState, datagrams: [] });
});

test('identifications go round without 0', () => {
  const { wire } = transmit(parameters(), { ...initialWireState, identification: 0xffff }, 120, {
    wallClock: 0,
    hashes,
  });
  assert.equal(wire.identification, 1);
});

test('sequence numbers of the authentication header go round before they are used up', () => {
  const own = parameters({ authentication: { type: 'ah', password: 's3cr3t' } });
  const next = (ahSequence: number) => {
    const { wire } = transmit(own, { ...initialWireState, ahSequence }, 120, { wallClock: 0, hashes });
    return [wire.ahSequence, wire.ahCycled];
  };
  assert.deepEqual(next(0xfffffffd), [0xfffffffe, false]);
  assert.deepEqual(next(0xfffffffe), [1, true]);
});

test('v3_checksum_as_v2 leaves the pseudo header out', () => {
  const own = parameters({ version: 3, v3ChecksumAsV2: true });
  const { datagrams } = transmit(own, initialWireState, 120, { wallClock: 0, hashes });
  const pdu = datagrams[0]!.bytes.subarray(20);
  const words = Array.from({ length: pdu.length / 2 }, (_, i) => (pdu[2 * i]! << 8) | pdu[2 * i + 1]!);
  assert.equal(words.reduce((sum, word) => sum + word, 0) % 0xffff, 0);
});

test('a trailer without its key has a zero code', () => {
  const vector = advertVectors.find(({ name }) => name.startsWith('version 3 over IPv4 with a trailer'))!;
  const changes = configured(vector);
  const own = parameters({ ...changes, authHmac: { ...changes.authHmac!, activeKey: 9 } });
  const { datagrams } = transmit(own, initialWireState, 120, { wallClock: 1e15, hashes });
  assert.deepEqual(datagrams[0]!.bytes.subarray(-16), new Uint8Array(16));
});

test('receive-only sends no trailer', () => {
  const vector = advertVectors.find(({ name }) => name.startsWith('version 3 over IPv4 with a trailer'))!;
  const changes = configured(vector);
  const own = parameters({ ...changes, authHmac: { ...changes.authHmac!, mode: 'receive-only' } });
  const { datagrams } = transmit(own, initialWireState, 120, { wallClock: 1e15, hashes });
  assert.equal(datagrams[0]!.bytes.length, 32);
});
