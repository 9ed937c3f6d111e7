import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addAddressRequest, decodeAddress, deleteAddressRequest } from '../../../src/rtnetlink/address.ts';
import { bodyOf, ip, messageOf, received, virtualAddress } from './vectors.ts';

const plain = virtualAddress('10.1.1.9', 32);
const labelled = virtualAddress('10.1.1.10', 24, { broadcast: ip('10.1.1.255'), label: 'v0:1', scope: 253 });
const peered = virtualAddress('10.2.1.10', 32, { peer: { address: ip('10.2.1.11'), prefixLength: 32 } });
const deprecated = virtualAddress('fd00::5', 128, { preferredLifetime: 0 });
const prefixed = virtualAddress('fd00::6', 64);

function joined(...parts: string[]): string {
  return parts.join('').replaceAll(' ', '');
}

/** IFA_PROTO 18, which Debian's 2.2.7 does not send yet. */
const protocol = '05000b00 12000000';

test('additions are written byte for byte as keepalived writes them', () => {
  assert.equal(bodyOf(addAddressRequest(3, plain)), joined('02200000 03000000 08000200 0a010109', protocol));
  assert.equal(
    bodyOf(addAddressRequest(3, labelled)),
    joined('021800fd 03000000 08000200 0a01010a 08000400 0a0101ff 09000300 76303a31 00000000', protocol),
  );
  assert.equal(
    bodyOf(addAddressRequest(3, peered)),
    joined('02200000 03000000 08000200 0a02010a 08000100 0a02010b', protocol),
  );
  assert.equal(
    bodyOf(addAddressRequest(3, deprecated)),
    joined(
      '0a800000 03000000 14000600 00000000 ffffffff 00000000 00000000',
      '14000200 fd000000 00000000 00000000 00000005 08000800 02000000',
      protocol,
    ),
  );
  assert.equal(
    bodyOf(addAddressRequest(3, prefixed)),
    joined('0a400000 03000000 14000200 fd000000 00000000 00000000 00000006 08000800 02000000', protocol),
  );
});

test('an addition neither creates nor replaces: flags are those of a request', () => {
  const { type, flags } = messageOf(addAddressRequest(3, plain));
  assert.equal(type, 20);
  assert.equal(flags, 1);
});

test('removals are written as keepalived writes them, which leaves the peer out', () => {
  assert.equal(
    bodyOf(deleteAddressRequest(3, labelled)),
    joined('021800fd 03000000 08000200 0a01010a 08000100 0a01010a'),
  );
  assert.equal(
    bodyOf(deleteAddressRequest(3, peered)),
    joined('02200000 03000000 08000200 0a02010a 08000100 0a02010a'),
  );
  assert.equal(
    bodyOf(deleteAddressRequest(3, prefixed)),
    joined('0a400000 03000000 14000200 fd000000 00000000 00000000 00000006'),
  );
});

/** RTM_NEWADDR of Linux 6.18 for 10.77.0.9/24 on interface 2, added by keepalived. */
const reported =
  '02188000 02000000 08000100 0a4d0009 08000200 0a4d0009 07000300 76300000 05000b00 12000000 08000800 80000000' +
  '14000600 ffffffff ffffffff 3d9b0400 3d9b0400';

test('an address is read as the kernel reports it', () => {
  assert.deepEqual(decodeAddress(received(20, reported)), {
    ifindex: 2,
    address: '10.77.0.9',
    prefixLength: 24,
    scope: 0,
    flags: 0x80,
    label: 'v0',
    protocol: 18,
  });
});

test('what was added reads back', () => {
  const read = decodeAddress(messageOf(addAddressRequest(3, labelled)));
  assert.deepEqual(read, {
    ifindex: 3,
    address: '10.1.1.10',
    prefixLength: 24,
    scope: 253,
    flags: 0,
    label: 'v0:1',
    broadcast: '10.1.1.255',
    protocol: 18,
  });
  assert.equal(decodeAddress(messageOf(addAddressRequest(3, peered)))?.peer, '10.2.1.11');
});

test('a message cut off at any length, or of any content, is read without an exception', () => {
  const hex = reported.replaceAll(' ', '');
  for (let length = 0; length < hex.length; length += 2) decodeAddress(received(20, hex.slice(0, length)));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (body) => {
      decodeAddress(received(20, Buffer.from(body).toString('hex')));
    }),
  );
});
