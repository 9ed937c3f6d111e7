import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AuthHmac, VrrpInstance } from '../../../src/config/types.ts';
import { seconds } from '../../../src/lib/duration.ts';
import { keyedHashes as hashes } from '../../../src/os/keyed-hash.ts';
import type { PacketComplaint } from '../../../src/vrrp/complaint.ts';
import { examine } from '../../../src/vrrp/examine.ts';
import { encodeAdvert } from '../../../src/vrrp/packet.ts';
import { decodeIpv4, decodeIpv6, type ReceivedPacket } from '../../../src/vrrp/received.ts';
import { authenticationErrorOf, protocolErrorOf } from '../../../src/vrrp/refusal.ts';
import { transmit } from '../../../src/vrrp/transmit.ts';
import { initialWireState, type WireState } from '../../../src/vrrp/wire-state.ts';
import { datagram, instance, ip, parameters } from './support.ts';

const NOW = 1_795_223_319_094_726;
const from = ip('10.20.0.2');

function judge(
  packet: ReceivedPacket | undefined,
  changes: Partial<VrrpInstance> = {},
  wire = initialWireState,
  at = 0,
) {
  assert.ok(packet);
  return examine(parameters(changes), packet, { lastMaster: undefined, wire, wallClock: NOW + at * 1e6, hashes });
}

const look = (bytes: Uint8Array, changes: Partial<VrrpInstance> = {}, wire?: WireState, at?: number) =>
  judge(decodeIpv4(bytes), changes, wire, at);

/** What `from` sends when configured with `changes`. */
const sent = (changes: Partial<VrrpInstance>, wire = initialWireState) =>
  transmit(parameters(changes, from), wire, 120, { wallClock: NOW, hashes }).datagrams[0]!.bytes;

const edited = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy.set(values, at < 0 ? copy.length + at : at);
  return copy;
};

const pass = (password = 's3cr3t') => ({ authentication: { type: 'pass', password } }) as const;
const ah = (password = 's3cr3t') => ({ authentication: { type: 'ah', password } }) as const;
const toPeers = (...addresses: string[]) => ({
  checkUnicastSource: true,
  unicast: { peers: addresses.map((address) => ({ address: ip(address), minimumTtl: 20, maximumTtl: 30 })) },
});
const authHmac: AuthHmac = {
  ...{ keys: [{ id: 3, key: Buffer.alloc(32, 'a') }], activeKey: 3, antiReplay: 'time' },
  ...{ timeWindow: seconds(5), mode: 'enforce' },
};
const signed = { version: 3, authHmac } as const;
const at4 = { ...initialWireState, ahSequence: 4 };

describe('a complaint says what came and what was expected', () => {
  const expected: readonly (readonly [ReturnType<typeof look>, PacketComplaint])[] = [
    [look(datagram().subarray(0, 36)), { event: 'packetLength', from, received: 36, expected: 40 }],
    [look(datagram({ ttl: 254 })), { event: 'packetTtl', from, received: 254 }],
    [look(datagram({ version: 3 })), { event: 'packetVersion', from, received: 3, expected: 2 }],
    [look(edited(datagram(), 24, 9)), { event: 'packetAuthTypeInvalid', from, received: 9 }],
    [look(datagram(), pass()), { event: 'packetAuthTypeMismatch', from, received: 0, expected: 1 }],
    [look(datagram({ password: 'guess' }), pass()), { event: 'packetPassword', from }],
    [look(datagram({ interval: 2 })), { event: 'packetInterval', from, version: 2, received: 2, expected: 1 }],
    [look(edited(datagram(), 20, 0x22)), { event: 'packetType', from, received: 2 }],
    [look(edited(datagram(), 2, 1, 4)), { event: 'packetTotalLength', from, declared: 260, received: 40 }],
    [look(edited(datagram(), 26, 0, 0)), { event: 'packetChecksum', from, version: 2 }],
    [look(edited(datagram(), 16, 10, 20, 0, 1)), { event: 'packetDestination', from, receivedMulticast: false }],
    [look(sent({}), toPeers(from)), { event: 'packetDestination', from, receivedMulticast: true }],
    [look(datagram(), { priority: 255, ownerIgnoreAdverts: true }), { event: 'packetForOwner', from }],
    [
      look(datagram({ vips: ['10.20.0.5', '10.20.0.6'] })),
      { event: 'packetAddressCount', from, received: 2, expected: 1 },
    ],
    [
      look(datagram({ vips: ['10.20.0.9'] })),
      { event: 'packetAddressMissing', from, virtualRouterId: 7, missing: ip('10.20.0.5') },
    ],
    [
      look(datagram({ version: 3, interval: 0x123 }), { version: 3 }),
      { event: 'packetInterval', from, version: 3, received: 0x123, expected: 100 },
    ],
    [look(sent(toPeers('10.20.0.1')), toPeers('10.20.0.3')), { event: 'packetNotPeer', from }],
    [
      look(sent(toPeers('10.20.0.1')), toPeers(from)),
      { event: 'packetPeerTtl', from, received: 255, minimum: 20, maximum: 30 },
    ],
    [look(sent({}), ah()), { event: 'packetAhAbsent', from }],
    [look(sent(ah()), {}), { event: 'packetAhUnexpected', from }],
    [
      look(edited(sent(ah()), 24, 9), ah()),
      { event: 'packetAhIndex', from, sender: Buffer.of(10, 20, 0, 2), index: Buffer.of(9, 20, 0, 2) },
    ],
    [look(sent(ah()), ah('other')), { event: 'packetAhDigest', from }],
    [look(sent(ah()), ah(), at4), { event: 'packetAhSequence', from, received: 1, ours: 4 }],
    [look(sent({ version: 3 }), signed), { event: 'trailerMissing', from }],
    [look(edited(sent(signed), -28, 2), signed), { event: 'trailerMalformed', from }],
    [look(edited(sent(signed), -25, 1), signed), { event: 'trailerMalformed', from }],
    [look(edited(sent(signed), -27, 9), signed), { event: 'trailerUnknownKey', from, keyId: 9 }],
    [look(edited(sent(signed), -1, 0), signed), { event: 'trailerInvalid', from }],
    [look(sent(signed), signed, initialWireState, 6), { event: 'trailerStale', from, skew: 6, window: 5 }],
    [look(sent(signed), signed, initialWireState, -3), { event: 'trailerSkew', from, skew: -3, window: 5 }],
    [
      look(sent({ ...signed, ...toPeers('10.20.0.1') }), { ...signed, ...toPeers('10.20.0.3') }),
      { event: 'packetNotPeer', from },
    ],
  ];
  for (const [{ complaints }, complaint] of expected) {
    const { event, ...said } = complaint;
    const numbers = Object.values(said).filter((value) => typeof value === 'number');
    test([event, ...numbers].join(' '), () => {
      assert.deepEqual(
        complaints.map((one) => (one.event === 'packetAhIndex' ? bytesOf(one) : one)),
        [complaint.event === 'packetAhIndex' ? bytesOf(complaint) : complaint],
      );
    });
  }
});

function bytesOf(complaint: Extract<PacketComplaint, { event: 'packetAhIndex' }>) {
  return { ...complaint, sender: [...complaint.sender], index: [...complaint.index] };
}

describe('an accepted advert', () => {
  test('tells its sender, priority and, in version 3, interval', () => {
    assert.deepEqual(look(datagram({ priority: 99 })).advert, { source: from, priority: 99 });
    const { advert } = look(datagram({ version: 3, interval: 0x123, priority: 1 }), { version: 3 });
    assert.deepEqual(advert, { source: from, priority: 1, intervalCentiseconds: 0x123 });
  });

  test('of priority 0 is counted as such', () => {
    assert.deepEqual(look(datagram({ priority: 0 })).counters, ['advertReceived', 'priorityZeroReceived']);
    assert.deepEqual(look(datagram({ priority: 1 })).counters, ['advertReceived']);
  });

  test('may be padded to the shortest Ethernet payload, and no further', () => {
    const bare = { version: 3, virtualAddresses: [] } as const;
    const padded = (length: number) => Uint8Array.of(...sent(bare), ...new Uint8Array(length - 28));
    assert.ok(look(padded(46), bare).advert);
    for (const length of [29, 45, 47, 50]) {
      const complaint = { event: 'packetLength', from, received: length, expected: 28 };
      assert.deepEqual(look(padded(length), bare).complaints, [complaint]);
    }
    const vips = Array.from({ length: 6 }, (_, i) => ({
      ...instance().virtualAddresses[0]!,
      address: ip(`10.20.1.${i}`),
    }));
    const long = { version: 3, virtualAddresses: vips } as const;
    assert.ok(look(sent(long), long).advert);
    assert.equal(look(Uint8Array.of(...sent(long), 0, 0), long).advert, undefined, 'long enough as it is');
  });

  test('may list its addresses in any order', () => {
    const [first] = instance().virtualAddresses;
    const virtualAddresses = ['10.20.0.5', '10.20.0.6'].map((address) => ({ ...first!, address: ip(address) }));
    const judged = (...vips: string[]) => look(datagram({ vips }), { virtualAddresses }).complaints;
    assert.deepEqual(judged('10.20.0.5', '10.20.0.6'), []);
    assert.deepEqual(judged('10.20.0.6', '10.20.0.5'), []);
    const missing = { event: 'packetAddressMissing', from, virtualRouterId: 7, missing: '10.20.0.6' };
    assert.deepEqual(judged('10.20.0.5', '10.20.0.7'), [missing]);
  });

  test('over IPv6 has neither password nor authentication header, and addresses of 16 bytes', () => {
    const origin = { source: ip('fe80::2'), destination: ip('ff02::12'), hopLimit: 255 };
    const advert = (version: 2 | 3, vip: string) =>
      encodeAdvert({
        ...{ version, virtualRouterId: 7, priority: 100, interval: version === 2 ? 1 : 100 },
        ...{ addresses: [ip(vip)], source: origin.source, destination: origin.destination },
      });
    const [first] = instance().virtualAddresses;
    const own = { family: 6, virtualAddresses: [{ ...first!, address: ip('fe80::5') }] } as const;
    const seen = (version: 2 | 3, vip: string, changes: Partial<VrrpInstance> = {}) =>
      judge(decodeIpv6(advert(version, vip), origin), { ...own, version, ...changes });
    assert.deepEqual(seen(3, 'fe80::5').advert, { source: 'fe80::2', priority: 100, intervalCentiseconds: 100 });
    assert.deepEqual(seen(3, 'fe80::5').complaints, []);
    assert.deepEqual(
      seen(3, 'fe80::6').complaints.map(({ event }) => event),
      ['packetAddressMissing'],
    );
    assert.equal(decodeIpv6(new Uint8Array(7), origin), undefined);
    assert.equal(decodeIpv6(new Uint8Array(8), origin)?.addressCount, 0);
  });

  test('of version 3 has no password', () => {
    assert.ok(look(datagram({ version: 3, interval: 100 }), { version: 3, ...pass() }).advert);
  });

  test('leaves what else is known of the wire', () => {
    const known = { ...initialWireState, oldChecksum: true, ahSequence: 9 };
    const { wire } = look(sent(signed), signed, known);
    assert.deepEqual({ ...wire, senders: [] }, known);
    assert.deepEqual(
      wire.senders.map(({ sender }) => sender),
      [from],
    );
    assert.deepEqual(look(sent(ah(), at4), ah(), { ...at4, oldChecksum: true }).wire, {
      ...at4,
      ...{ oldChecksum: true, ahSequence: 5 },
    });
  });

  test('tells once that its checksum is of the old kind', () => {
    const peer = (address: string, oldUnicastChecksum: 'always' | 'detect' | 'never') => ({
      ...({ version: 3, oldUnicastChecksum } as const),
      unicast: { peers: [{ address: ip(address), minimumTtl: 0, maximumTtl: 255 }] },
    });
    const old = sent(peer('10.20.0.1', 'always'));
    const first = look(old, peer(from, 'detect'));
    assert.deepEqual([first.oldChecksumDetected, first.wire.oldChecksum], [true, true]);
    assert.equal(look(old, peer(from, 'detect'), first.wire).oldChecksumDetected, false);
    const plain = look(sent(peer('10.20.0.1', 'never')), peer(from, 'detect'));
    assert.deepEqual([plain.oldChecksumDetected, plain.wire.oldChecksum], [false, false]);
  });

  test('goes to an owner unless that ignores adverts', () => {
    assert.ok(look(datagram(), { priority: 255 }).advert);
    assert.ok(look(datagram(), { priority: 254, ownerIgnoreAdverts: true }).advert);
  });
});

test('what a complaint is to those who ask by SNMP', () => {
  assert.equal(protocolErrorOf({ event: 'packetTtl', from, received: 1 }), 'ipTtlError');
  assert.equal(protocolErrorOf({ event: 'packetPassword', from }), undefined);
  assert.equal(authenticationErrorOf({ event: 'packetPassword', from }), 'authFailure');
  assert.equal(authenticationErrorOf({ event: 'packetTtl', from, received: 1 }), undefined);
});
