import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type ControlPacket,
  decodeControlPacket,
  diagnosticCode,
  diagnostics,
  encodeControlPacket,
} from '../../../src/bfd/packet.ts';
import { micros, millis } from '../../../src/lib/duration.ts';

const intervals = fc.integer({ min: 0, max: 0xffffffff }).map(micros);
const packets: fc.Arbitrary<ControlPacket> = fc.record(
  {
    diagnostic: fc.integer({ min: 0, max: 31 }),
    state: fc.constantFrom('adminDown' as const, 'down' as const, 'init' as const, 'up' as const),
    poll: fc.boolean(),
    final: fc.boolean(),
    demand: fc.boolean(),
    detectMultiplier: fc.integer({ min: 1, max: 255 }),
    myDiscriminator: fc.integer({ min: 1, max: 0xffffffff }),
    yourDiscriminator: fc.integer({ min: 1, max: 0xffffffff }),
    desiredMinimumTransmit: intervals,
    requiredMinimumReceive: intervals,
    requiredMinimumEchoReceive: intervals,
  },
  { noNullPrototype: true },
);

test('what is encoded is decoded', () => {
  fc.assert(
    fc.property(packets, (drawn) => {
      const packet = { ...drawn, final: drawn.final && !drawn.poll };
      const value = { ...packet, authenticated: false };
      assert.deepEqual(decodeControlPacket(encodeControlPacket(packet)), { ok: true, value });
    }),
  );
});

test('a packet of keepalived, as it stood on the wire', () => {
  const packet = encodeControlPacket({
    ...{ diagnostic: 0, state: 'up', poll: true, final: false, demand: false, detectMultiplier: 3 },
    ...{ myDiscriminator: 0x63026434, yourDiscriminator: 0x63026434, desiredMinimumTransmit: millis(100) },
    ...{ requiredMinimumReceive: millis(100), requiredMinimumEchoReceive: millis(0) },
  });
  assert.equal(Buffer.from(packet).toString('hex'), '20e003186302643463026434000186a0000186a000000000');
});

test('whatever arrives, decoding answers and does not throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const result = decodeControlPacket(bytes);
      assert.ok(!result.ok || bytes.length >= 24);
    }),
  );
});

test('a session that is down need not know our discriminator yet', () => {
  const bytes = Buffer.from('20000318 63026434 00000000 000186a0 000186a0 00000000'.replaceAll(' ', ''), 'hex');
  const discriminatorOf = (state: number) => {
    bytes[1] = state << 6;
    const decoded = decodeControlPacket(bytes);
    return decoded.ok ? decoded.value.state : decoded.error;
  };
  assert.deepEqual([0, 1, 2, 3].map(discriminatorOf), ['adminDown', 'down', 'yourDiscriminator', 'yourDiscriminator']);
});

test('diagnostics have the names and numbers of RFC 5880, section 4.1', () => {
  assert.equal(diagnostics[diagnosticCode.none], 'No Diagnostic');
  assert.equal(diagnostics[diagnosticCode.timeExpired], 'Control Detection Time Expired');
  assert.equal(diagnostics[diagnosticCode.neighborDown], 'Neighbor Signaled Session Down');
  assert.equal(diagnostics[8], 'Reverse Concatenated Path Down');
});

test('each rule of RFC 5880 section 6.8.6 refuses', () => {
  const good = Buffer.from('20e003186302643463026434000186a0000186a000000000', 'hex');
  const changed = (at: number, ...values: readonly number[]): Uint8Array => {
    const bytes = Uint8Array.from(good);
    bytes.set(values, at);
    return bytes;
  };
  const refusals = [
    [good.subarray(0, 23), 'tooSmall'],
    [changed(3, 23), 'sizeMismatch'],
    [changed(3, 25), 'sizeMismatch'],
    [Uint8Array.of(...good, 0, 0), 'sizeMismatch'],
    [changed(0, 0x00), 'version'],
    [changed(2, 0), 'detectMultiplier'],
    [changed(1, 0xc1), 'multipoint'],
    [changed(4, 0, 0, 0, 0), 'myDiscriminator'],
    [changed(8, 0, 0, 0, 0), 'yourDiscriminator'],
    [changed(1, 0xf0), 'pollAndFinal'],
  ] as const;
  for (const [bytes, error] of refusals) assert.deepEqual(decodeControlPacket(bytes), { ok: false, error });
});

test('whether a packet is authenticated is for its session to judge', () => {
  const bytes = Buffer.from('20e4031a6302643463026434000186a0000186a0000000000102', 'hex');
  const decoded = decodeControlPacket(bytes);
  assert.ok(decoded.ok && decoded.value.authenticated);
});
