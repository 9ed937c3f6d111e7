import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { internetChecksum, onesComplementSum } from '../../../src/lib/checksum.ts';

test('the example of RFC 1071, section 3', () => {
  const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
  assert.equal(onesComplementSum(bytes), 0x2ddf0);
  assert.equal(internetChecksum(bytes), 0x220d);
});

test('an odd last byte counts as the high half of a word', () => {
  assert.equal(onesComplementSum(Uint8Array.of(0x01, 0x02, 0x03)), 0x0102 + 0x0300);
  assert.equal(internetChecksum(Uint8Array.of(0xff)), 0x00ff);
});

test('property: over data and its own checksum it is 0, however long and whatever was summed before', () => {
  const data = fc.uint8Array({ maxLength: 300 }).map((bytes) => bytes.subarray(0, bytes.length & ~1));
  fc.assert(
    fc.property(data, fc.nat(0xffff_ffff), (bytes, sum) => {
      const checksum = internetChecksum(bytes, sum);
      assert.ok(checksum >= 0 && checksum <= 0xffff);
      const whole = Uint8Array.of(...bytes, checksum >> 8, checksum & 0xff);
      assert.equal(internetChecksum(whole, sum), 0);
    }),
  );
});
