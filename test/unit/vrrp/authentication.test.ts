import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AuthHmac, VrrpInstance } from '../../../src/config/types.ts';
import { seconds } from '../../../src/lib/duration.ts';
import { keyedHashes as hashes } from '../../../src/os/keyed-hash.ts';
import { examine } from '../../../src/vrrp/examine.ts';
import { decodeIpv4 } from '../../../src/vrrp/received.ts';
import { clockSequence, isLater, markSequence, nextSequence } from '../../../src/vrrp/replay.ts';
import { transmit } from '../../../src/vrrp/transmit.ts';
import { initialWireState, type WireState } from '../../../src/vrrp/wire-state.ts';
import { ip, parameters } from './support.ts';

const NOW = 1_795_223_319_094_726;
const SECOND = 1_000_000;

/** What 10.20.0.2 sends when configured with `changes`, its wire being in `state`. */
function sent(changes: Partial<VrrpInstance>, state: WireState = initialWireState, wallClock = NOW) {
  const { datagrams, wire } = transmit(parameters(changes, '10.20.0.2'), state, 120, { wallClock, hashes });
  return { bytes: datagrams[0]!.bytes, wire };
}

interface Listening {
  readonly wire?: WireState;
  readonly wallClock?: number;
}

function heard(bytes: Uint8Array, changes: Partial<VrrpInstance>, listening: Listening = {}) {
  const packet = decodeIpv4(bytes);
  assert.ok(packet);
  const surroundings = {
    lastMaster: undefined,
    wire: initialWireState,
    wallClock: NOW,
    hashes,
  } as const;
  const result = examine(parameters(changes), packet, { ...surroundings, ...listening });
  return {
    accepted: result.advert !== undefined,
    counters: result.counters.join(' '),
    complaints: result.complaints.map(({ event }) => event).join(' '),
    wire: result.wire,
  };
}

function edited(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at < 0 ? bytes.length + at : at] = value;
  return copy;
}

describe('authentication header', () => {
  const ah = { authentication: { type: 'ah', password: 's3cr3t' } } as const;
  const at = (sequence: number): WireState => ({ ...initialWireState, ahSequence: sequence });

  test('is there exactly where it is configured', () => {
    assert.equal(heard(sent({}).bytes, ah).complaints, 'packetAhAbsent');
    assert.equal(heard(sent(ah).bytes, {}).complaints, 'packetAhUnexpected');
    assert.equal(heard(sent(ah).bytes, {}).counters, 'authTypeMismatch');
  });

  test('another password is an authentication failure', () => {
    const result = heard(sent(ah).bytes, { authentication: { type: 'ah', password: 'other' } });
    assert.deepEqual([result.counters, result.complaints], ['authFailure', 'packetAhDigest']);
  });

  test('the kernel may have changed what is not covered, and padded a short packet', () => {
    assert.equal(heard(edited(edited(sent(ah).bytes, 1, 0), 10, 9), ah).accepted, true);
    const bare = { ...ah, virtualAddresses: [] };
    assert.equal(heard(edited(sent(bare).bytes, 8, 254), bare).complaints, 'packetTtl');
  });

  test('what follows must be VRRP', () => {
    const result = heard(edited(sent(ah).bytes, 20, 6), ah);
    assert.deepEqual([result.accepted, result.counters, result.complaints], [false, '', '']);
  });

  test('its index is the address of the sender', () => {
    const result = heard(edited(sent(ah).bytes, 24, 9), ah);
    assert.deepEqual([result.counters, result.complaints], ['authFailure', 'packetAhIndex']);
  });

  test('each sequence number is taken once, in rising order', () => {
    const fifth = sent(ah, at(4)).bytes;
    assert.equal(heard(fifth, ah, { wire: at(4) }).wire.ahSequence, 5);
    assert.deepEqual(heard(fifth, ah, { wire: at(5) }).complaints, 'packetAhSequence');
    assert.equal(heard(fifth, ah, { wire: at(5) }).counters, 'authFailure');
    assert.equal(heard(fifth, ah, { wire: at(5) }).wire.ahSequence, 5);
    assert.equal(heard(fifth, ah, { wire: { ...at(5), ahCycled: true } }).accepted, true);
  });

  test('routers may have lowered the time to live of unicast', () => {
    const peers = (peer: string) => ({
      ...ah,
      unicast: { peers: [{ address: ip(peer), minimumTtl: 0, maximumTtl: 255 }] },
    });
    assert.equal(heard(edited(sent(peers('10.20.0.1')).bytes, 8, 200), peers('10.20.0.2')).accepted, true);
  });
});

describe('auth_hmac trailer', () => {
  const settings: AuthHmac = {
    keys: [
      { id: 3, key: Buffer.alloc(32, 'a') },
      { id: 4, key: Buffer.alloc(32, 'b') },
    ],
    activeKey: 3,
    antiReplay: 'time',
    timeWindow: seconds(5),
    mode: 'enforce',
  };
  const signed = (changes: Partial<AuthHmac> = {}) => ({ version: 3, authHmac: { ...settings, ...changes } }) as const;
  const { bytes } = sent(signed());

  test('every key is good for receiving', () => {
    assert.equal(heard(bytes, signed()).accepted, true);
    assert.equal(heard(sent(signed({ activeKey: 4 })).bytes, signed()).accepted, true);
  });

  test('enforce refuses an advert without one; the other modes do not', () => {
    const bare = sent({ version: 3 }).bytes;
    const refused = heard(bare, signed());
    assert.deepEqual([refused.counters, refused.complaints], ['authExtMissing', 'trailerMissing']);
    assert.equal(heard(bare, signed({ mode: 'permissive' })).accepted, true);
    assert.equal(heard(bare, signed({ mode: 'receive-only' })).accepted, true);
    assert.equal(heard(edited(bytes, -1, 0), signed({ mode: 'receive-only' })).complaints, 'trailerInvalid');
  });

  test('without the extension it makes the packet too long', () => {
    assert.equal(heard(bytes, { version: 3 }).counters, 'packetLengthError');
  });

  test('a broken one is told by what is wrong with it, in order', () => {
    const expected: readonly [Uint8Array, string, string][] = [
      [edited(bytes, -28, 2), 'authExtMalformed', 'trailerMalformed'],
      [edited(bytes, -26, 1), 'authExtMalformed', 'trailerMalformed'],
      [edited(bytes, -21, bytes.at(-21)! ^ 0x40), 'authExtStale', 'trailerStale'],
      [edited(bytes, -27, 9), 'authExtUnknownKey', 'trailerUnknownKey'],
      [edited(bytes, -27, 4), 'authExtInvalidHmac', 'trailerInvalid'],
      [edited(bytes, 22, 200), 'authExtInvalidHmac', 'trailerInvalid'],
    ];
    for (const [packet, counter, complaint] of expected) {
      const result = heard(packet, signed());
      assert.deepEqual([result.accepted, result.counters, result.complaints], [false, counter, complaint]);
      assert.deepEqual(result.wire, initialWireState);
    }
  });

  test('the same advert is accepted once from one sender', () => {
    const first = heard(bytes, signed());
    const again = heard(bytes, signed(), { wire: first.wire });
    assert.deepEqual([again.counters, again.complaints], ['authExtReplay', 'trailerReplayed']);
    const next = sent(signed(), sent(signed()).wire).bytes;
    assert.equal(heard(next, signed(), { wire: first.wire }).accepted, true);
  });

  test('a clock off by more than half the window is reported, by more than the window refused', () => {
    const off = (by: number) => heard(bytes, signed(), { wallClock: NOW + by * SECOND });
    assert.equal(off(2).complaints, '');
    assert.deepEqual([off(-3).complaints, off(-3).accepted], ['trailerSkew', true]);
    assert.deepEqual([off(6).complaints, off(6).accepted], ['trailerStale', false]);
    const monotonic = signed({ antiReplay: 'monotonic' });
    assert.equal(heard(sent(monotonic).bytes, monotonic, { wallClock: NOW + 9e9 }).complaints, '');
  });

  test('a unicast sender must be a peer', () => {
    const peer = (address: string) => ({ peers: [{ address: ip(address), minimumTtl: 0, maximumTtl: 255 }] });
    const packet = sent({ ...signed(), unicast: peer('10.20.0.1') }).bytes;
    assert.equal(heard(packet, { ...signed(), unicast: peer('10.20.0.2') }).accepted, true);
    const result = heard(packet, { ...signed(), unicast: peer('10.20.0.3') });
    assert.deepEqual([result.counters, result.complaints], ['', 'packetNotPeer']);
  });

  test('sequences follow the clock, and count on where it stands still or goes back', () => {
    const clock = clockSequence(NOW);
    assert.equal(nextSequence(settings, undefined, NOW), clock);
    assert.equal(nextSequence(settings, clock, NOW), clock + 1n);
    assert.equal(nextSequence(settings, clock, NOW - SECOND), clock + 1n);
    assert.equal(nextSequence(settings, clock, NOW - 7 * SECOND), clockSequence(NOW - 7 * SECOND));
    assert.equal(nextSequence({ ...settings, antiReplay: 'monotonic' }, clock, NOW - 7 * SECOND), clock + 1n);
    assert.ok(isLater(1n, 2n ** 64n - 1n));
    assert.ok(!isLater(5n, 5n));
  });

  test('four multicast senders are remembered, the most silent one goes', () => {
    const hear = (marks: WireState['senders'], last: number, sequence: bigint) =>
      markSequence(settings, marks, { sender: ip(`10.20.0.${last}`), sequence }, { wallClock: NOW, peers: undefined });
    const clock = clockSequence(NOW);
    let marks: WireState['senders'] = [];
    for (const last of [1, 2, 3, 4, 1, 5]) marks = hear(marks, last, clock + BigInt(marks.length))!;
    assert.deepEqual(
      marks.map(({ sender }) => sender),
      ['10.20.0.5', '10.20.0.1', '10.20.0.4', '10.20.0.3'],
    );
    assert.equal(hear(marks, 5, clock), undefined);
    const longAgo = [{ sender: ip('10.20.0.9'), sequence: clock + (100n << 32n) }];
    assert.ok(hear(longAgo, 9, clock), 'a mark from a wrong clock is forgotten');
  });
});

describe('unicast', () => {
  const toPeer = (address: string, ttl: readonly [number, number] = [0, 255]): Partial<VrrpInstance> => ({
    checkUnicastSource: true,
    unicast: { peers: [{ address: ip(address), minimumTtl: ttl[0], maximumTtl: ttl[1] }] },
  });
  const { bytes } = sent({ ...toPeer('10.20.0.1'), unicastTtl: 17 });

  test('a sender that is no peer is refused where that is asked for', () => {
    assert.equal(heard(bytes, toPeer('10.20.0.2')).accepted, true);
    const stranger = heard(bytes, toPeer('10.20.0.3'));
    assert.deepEqual(
      [stranger.accepted, stranger.counters, stranger.complaints],
      [false, 'advertReceived', 'packetNotPeer'],
    );
    assert.equal(heard(bytes, { ...toPeer('10.20.0.3'), checkUnicastSource: false }).accepted, true);
  });

  test('a peer further or nearer than configured is ignored', () => {
    assert.equal(heard(bytes, toPeer('10.20.0.2', [17, 17])).accepted, true);
    assert.equal(heard(bytes, toPeer('10.20.0.2', [18, 255])).complaints, 'packetPeerTtl');
    assert.equal(heard(bytes, toPeer('10.20.0.2', [0, 16])).complaints, 'packetPeerTtl');
  });

  test('multicast is not for a unicast instance, nor the other way round', () => {
    assert.deepEqual(heard(sent({}).bytes, toPeer('10.20.0.2')).counters, 'addressListError');
    assert.deepEqual(heard(sent(toPeer('10.20.0.1')).bytes, {}).counters, 'addressListError');
  });

  describe('version 3 checksum over the multicast group', () => {
    const old = { ...toPeer('10.20.0.1'), version: 3, oldUnicastChecksum: 'always' } as const;
    const own = (oldUnicastChecksum: VrrpInstance['oldUnicastChecksum']) =>
      ({ ...toPeer('10.20.0.2'), version: 3, oldUnicastChecksum }) as const;

    test('is found out, and answered in kind', () => {
      const result = heard(sent(old).bytes, own('detect'));
      assert.deepEqual([result.accepted, result.wire.oldChecksum], [true, true]);
      const answer = (wire: WireState) =>
        transmit(parameters(own('detect')), wire, 120, { wallClock: NOW, hashes }).datagrams[0]!.bytes;
      assert.notDeepEqual(answer(result.wire), answer(initialWireState));
      const { wire } = result;
      assert.equal(heard(sent(old).bytes, own('detect'), { wire }).accepted, true);
      const now = heard(sent({ ...old, oldUnicastChecksum: 'never' }).bytes, own('detect'), { wire });
      assert.equal(now.counters, 'checksumError', 'from then on no other is right');
    });

    test('is wrong where it never is to be used', () => {
      assert.equal(heard(sent(old).bytes, own('never')).counters, 'checksumError');
      assert.equal(heard(sent(old).bytes, own('always')).accepted, true);
      assert.equal(heard(sent({ ...old, oldUnicastChecksum: 'never' }).bytes, own('always')).counters, 'checksumError');
    });
  });

  test('v3_checksum_as_v2 takes any checksum', () => {
    const loose = { version: 3, v3ChecksumAsV2: true } as const;
    assert.equal(heard(edited(sent({ version: 3 }).bytes, 26, 0), loose).accepted, true);
  });
});
