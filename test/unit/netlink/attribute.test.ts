import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../../../src/lib/byte-writer.ts';
import { parseIp } from '../../../src/lib/ip.ts';
import { type Attributes, decodeAttributes, encodeAttributes, nested } from '../../../src/netlink/attribute.ts';
import {
  be16,
  be32,
  be64,
  bytes,
  cstring,
  flag,
  ipAddress,
  s32,
  u8,
  u16,
  u32,
  u64,
} from '../../../src/netlink/kinds.ts';

const inner = { number: [1, u32], name: [2, cstring(8)] } as const;
const table = {
  u8: [1, u8],
  u16: [2, u16],
  u32: [3, u32],
  s32: [4, s32],
  u64: [5, u64],
  be16: [6, be16],
  be32: [7, be32],
  be64: [8, be64],
  cstring: [9, cstring(16)],
  bytes: [10, bytes(4)],
  anyBytes: [11, bytes()],
  address: [12, ipAddress],
  flag: [13, flag],
  nested: [14, nested(inner)],
} as const;

const ascii = (length: number) => fc.string({ unit: fc.constantFrom(...'abcxyz0189_-.'), maxLength: length });
const addresses = fc.constantFrom('10.0.0.1', '255.255.255.255', '::', 'fe80::1', '2001:db8::5').map((text) => {
  const address = parseIp(text);
  assert.ok(address);
  return address;
});
const unsigned32 = fc.integer({ min: 0, max: 0xffff_ffff });
const unsigned64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const values: fc.Arbitrary<Attributes<typeof table>> = fc.record(
  {
    u8: fc.integer({ min: 0, max: 255 }),
    u16: fc.integer({ min: 0, max: 65_535 }),
    u32: unsigned32,
    s32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    u64: unsigned64,
    be16: fc.integer({ min: 0, max: 65_535 }),
    be32: unsigned32,
    be64: unsigned64,
    cstring: ascii(15),
    bytes: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    anyBytes: fc.uint8Array({ maxLength: 9 }),
    address: addresses,
    flag: fc.constant(true as const),
    nested: fc.record({ number: unsigned32, name: ascii(7) }, { requiredKeys: [], noNullPrototype: true }),
    unknown: fc.array(
      fc.record(
        { type: fc.integer({ min: 100, max: 0x3fff }), payload: fc.uint8Array({ maxLength: 9 }) },
        { noNullPrototype: true },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  },
  { requiredKeys: [], noNullPrototype: true },
);

function encoded(attributes: Attributes<typeof table>): Uint8Array {
  const writer = new ByteWriter(8);
  encodeAttributes(writer, table, attributes);
  return writer.written().slice();
}

function decode(data: Uint8Array) {
  return decodeAttributes(table, new DataView(data.buffer, data.byteOffset, data.length), 0, data.length);
}

test('what is written reads back, unknown attributes included', () => {
  fc.assert(
    fc.property(values, (attributes) => {
      assert.deepEqual(decode(encoded(attributes)), { ok: true, value: attributes });
    }),
  );
});

test('attributes cut off at any length are an error or a shorter object, never an exception', () => {
  fc.assert(
    fc.property(values, fc.nat(400), (attributes, length) => {
      const result = decode(encoded(attributes).subarray(0, length));
      assert.equal(typeof result.ok, 'boolean');
    }),
  );
});

test('any bytes decode without an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
      assert.equal(typeof decode(data).ok, 'boolean');
    }),
  );
});

test('payloads are padded to four bytes, lengths are not', () => {
  const data = encoded({ u8: 7, be16: 0x1234, cstring: 'wlc', nested: { number: 1 } });
  assert.equal(
    Buffer.from(data).toString('hex'),
    ['0500010007000000', '0600060012340000', '08000900776c6300', '0c000e8008000100', '01000000'].join(''),
  );
});

test('a payload that is too short names the attribute', () => {
  assert.deepEqual(decode(Uint8Array.from([6, 0, 3, 0, 1, 2, 0, 0])), {
    ok: false,
    error: { kind: 'malformed', offset: 0, attribute: 'u32' },
  });
});

test('of a repeated attribute the last counts', () => {
  const data = Uint8Array.from([5, 0, 1, 0, 7, 0, 0, 0, 5, 0, 1, 0, 8, 0, 0, 0]);
  assert.deepEqual(decode(data), { ok: true, value: { u8: 8 } });
});

test('text that does not fit is a broken promise', () => {
  assert.throws(() => encoded({ cstring: 'x'.repeat(16) }), /does not fit/);
  assert.throws(() => encoded({ bytes: new Uint8Array(3) }), /3 bytes/);
});
