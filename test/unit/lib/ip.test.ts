import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressRange, compareIp, ipBytes, isLinkLocal, parseIp, printIp } from '../../../src/lib/ip.ts';
import { ip } from '../vrrp/support.ts';

test('equal addresses are equal strings', () => {
  for (const text of ['2001:DB8:0:0:0::1', '2001:db8::1', '2001:0db8:0000:0000:0000:0000:0000:0001']) {
    assert.equal(parseIp(text), '2001:db8::1');
  }
  assert.equal(parseIp('::ffff:a00:1'), '::ffff:10.0.0.1');
  assert.equal(parseIp('::10.0.0.1'), '::10.0.0.1');
  assert.equal(parseIp('::1:2:3'), '::1:2:3');
  assert.equal(parseIp('::1'), '::1');
  assert.equal(parseIp('::'), '::');
  assert.equal(parseIp('1:0:0:2:0:0:0:3'), '1:0:0:2::3');
});

test('what inet_pton refuses is refused', () => {
  for (const text of [
    '10.1',
    '010.0.0.1',
    '256.0.0.1',
    '0x7f.0.0.1',
    '1.2.3.4.5',
    '',
    '1::2::3',
    ':1',
    '1:',
    'fe80::1%eth0',
    '12345::',
    '1:2:3:4:5:6:7',
  ]) {
    assert.equal(parseIp(text), undefined, text);
  }
});

test('property: bytes to text and back', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 })),
      (bytes) => {
        const text = printIp(bytes);
        assert.equal(isIP(text), bytes.length === 4 ? 4 : 6);
        assert.deepEqual(ipBytes(text), bytes);
        assert.equal(parseIp(text), text);
      },
    ),
  );
});

test('comparison is by network byte order', () => {
  assert.equal(compareIp(ip('10.0.0.9'), ip('10.0.0.10')), -1);
  assert.equal(compareIp(ip('fe80::2'), ip('fe80::1')), 1);
  assert.equal(compareIp(ip('10.0.0.1'), ip('10.0.0.1')), 0);
});

test('link-local addresses', () => {
  assert.equal(isLinkLocal(ip('fe80::1')), true);
  assert.equal(isLinkLocal(ip('fec0::1')), false);
  assert.equal(isLinkLocal(ip('169.254.0.1')), false);
});

test('a range holds every address from the first to the last', () => {
  assert.deepEqual(
    [...addressRange(ip('10.0.0.254'), ip('10.0.1.1'))],
    ['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.1'],
  );
  assert.deepEqual(
    [...addressRange(ip('2001:db8::ffff'), ip('2001:db8::1:1'))],
    ['2001:db8::ffff', '2001:db8::1:0', '2001:db8::1:1'],
  );
  assert.deepEqual([...addressRange(ip('255.255.255.255'), ip('255.255.255.255'))], ['255.255.255.255']);
});
