import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { VrrpInstance } from '../../../src/config/types.ts';
import { examine } from '../../../src/vrrp/examine.ts';
import { keyedHashes as hashes } from '../../../src/os/keyed-hash.ts';
import { decodeIpv4 } from '../../../src/vrrp/received.ts';
import { initialWireState } from '../../../src/vrrp/wire-state.ts';
import { datagram, ip, parameters } from './support.ts';

const surroundings = { state: 'backup', lastMaster: undefined, wire: initialWireState, wallClock: 0, hashes } as const;

function look(bytes: Uint8Array, changes: Partial<VrrpInstance> = {}, lastMaster?: string) {
  const packet = decodeIpv4(bytes);
  assert.ok(packet);
  const result = examine(parameters(changes), packet, {
    ...surroundings,
    lastMaster: lastMaster === undefined ? undefined : ip(lastMaster),
  });
  return {
    accepted: result.advert !== undefined,
    counters: result.counters.join(' '),
    complaints: result.complaints.map((complaint) => complaint.event).join(' '),
  };
}

function edited(edit: (bytes: Uint8Array) => void, of = datagram()): Uint8Array {
  const bytes = Uint8Array.from(of);
  edit(bytes);
  return bytes;
}

const pass = { authentication: { type: 'pass', password: 's3cr3t' } } as const;

test('a good advert is accepted and counted', () => {
  assert.deepEqual(look(datagram()), { accepted: true, counters: 'advertReceived', complaints: '' });
  assert.equal(look(datagram({ password: 's3cr3t' }), pass).accepted, true);
  assert.equal(look(datagram({ version: 3, interval: 100 }), { version: 3 }).accepted, true);
});

const refusals: [string, Uint8Array, Partial<VrrpInstance>, string, string][] = [
  ['short', datagram().subarray(0, 36), {}, 'packetLengthError', 'packetLength'],
  ['forwarded', datagram({ ttl: 254 }), {}, 'ipTtlError', 'packetTtl'],
  ['of another version', datagram({ version: 3 }), {}, 'versionError', 'packetVersion'],
  [
    'with an impossible authentication type',
    edited((b) => b.fill(9, 24, 25)),
    {},
    'invalidAuthType',
    'packetAuthTypeInvalid',
  ],
  ['without the password', datagram(), pass, 'authTypeMismatch', 'packetAuthTypeMismatch'],
  ['with a wrong password', datagram({ password: 'guess' }), pass, 'authFailure', 'packetPassword'],
  ['at another interval (dropped uncounted)', datagram({ interval: 2 }), {}, '', 'packetInterval'],
  ['of another type', edited((b) => b.fill(0x22, 20, 21)), {}, 'invalidTypeReceived', 'packetType'],
  ['whose header lies about the length', edited((b) => b.fill(44, 3, 4)), {}, 'packetLengthError', 'packetTotalLength'],
  ['with a wrong checksum', edited((b) => b.fill(0, 26, 28)), {}, 'checksumError', 'packetChecksum'],
  ['sent to one host', edited((b) => b.set([10, 20, 0, 1], 16)), {}, 'addressListError', 'packetDestination'],
  ['for an owner that ignores adverts', datagram(), { priority: 255, ownerIgnoreAdverts: true }, '', 'packetForOwner'],
];

for (const [name, bytes, changes, counters, complaints] of refusals) {
  test(`refuses a packet ${name}`, () => {
    assert.deepEqual(look(bytes, changes), { accepted: false, counters, complaints });
  });
}

test('a different address list is only reported', () => {
  assert.deepEqual(look(datagram({ vips: ['10.20.0.9'] })), {
    accepted: true,
    counters: 'advertReceived addressListError',
    complaints: 'packetAddressMissing',
  });
  assert.deepEqual(look(datagram({ vips: [] })), {
    accepted: true,
    counters: 'advertReceived addressListError addressListError',
    complaints: 'packetAddressCount packetAddressMissing',
  });
});

test('skip_check_adv_addr trusts the list of a master seen before', () => {
  const wrong = datagram({ vips: ['10.20.0.9'] });
  assert.equal(look(wrong, { skipCheckAdvertAddresses: true }, '10.20.0.2').complaints, '');
  assert.equal(look(wrong, { skipCheckAdvertAddresses: true }, '10.20.0.3').complaints, 'packetAddressMissing');
  const short = datagram({ vips: [] });
  assert.equal(look(short, { skipCheckAdvertAddresses: true }, '10.20.0.2').complaints, 'packetAddressCount');
});

test('a version 3 interval of another length is accepted and reported', () => {
  const result = look(datagram({ version: 3, interval: 25 }), { version: 3 });
  assert.deepEqual(result, { accepted: true, counters: 'advertReceived', complaints: 'packetInterval' });
});

test('truncated at every length: never an exception, never accepted', () => {
  const whole = datagram({ password: 's3cr3t' });
  for (let length = 0; length < whole.length; length++) {
    const packet = decodeIpv4(whole.subarray(0, length));
    if (packet) assert.equal(examine(parameters(pass), packet, surroundings).advert, undefined);
  }
});

test('property: arbitrary bytes behind an IPv4 header never throw and are never accepted', () => {
  const header = datagram().subarray(0, 20);
  fc.assert(
    fc.property(fc.constantFrom(112, 51), fc.uint8Array({ maxLength: 100 }), (protocol, bytes) => {
      const received = Uint8Array.of(...header, ...bytes);
      received[9] = protocol;
      const packet = decodeIpv4(received);
      assert.equal(packet === undefined, bytes.length < (protocol === 112 ? 8 : 32));
      if (packet) assert.equal(examine(parameters(pass), packet, surroundings).advert, undefined);
    }),
  );
});
