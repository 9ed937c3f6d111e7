import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../../../src/lib/byte-writer.ts';
import { decodeError, encodeMessage, type Message, messagesIn } from '../../../src/netlink/message.ts';

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function only(datagram: Uint8Array): Message {
  const messages = [...messagesIn(datagram)];
  assert.equal(messages.length, 1);
  return messages[0] as Message;
}

test('a request has its length, flags and sequence number', () => {
  const writer = new ByteWriter();
  encodeMessage(writer, { type: 20, flags: 0x400, body: (body) => body.u8(9) }, 4, 77);
  assert.equal(Buffer.from(writer.written()).toString('hex'), '11000000140005044d0000000000000009000000');
});

test('an acknowledgement is no error', () => {
  const message = only(bytesOf('24000000 0200 0001 05000000 67120000 00000000 20000000 1400 0500 05000000 00000000'));
  assert.equal(message.sequence, 5);
  assert.equal(message.portId, 0x1267);
  assert.deepEqual(decodeError(message), { errno: 0 });
});

/** A deletion of 10.77.0.1 that the kernel refused, with extended acknowledgement and without the request's body. */
const refused =
  '50000000 0200 0003 05000000 67120000' +
  '9dffffff 28000000 1500 0500 05000000 00000000' +
  '20000100 697076343a2041646472657373206e6f7420666f756e642e 00000000' +
  '08000200 10000000';

test('a refusal has errno, words and offset', () => {
  assert.deepEqual(decodeError(only(bytesOf(refused.replace('50000000', '4c000000')))), {
    errno: 99,
    text: 'ipv4: Address not found.',
    offset: 16,
    sequence: 5,
  });
});

test('the words come after the request when it is not capped', () => {
  const uncapped =
    '40000000 0200 0002 05000000 67120000' +
    '9dffffff 18000000 1500 0500 05000000 00000000' +
    '0218000001000000' +
    '0c000100 6e6f7420666f756e' +
    '08000200 10000000';
  assert.deepEqual(decodeError(only(bytesOf(uncapped))), { errno: 99, text: 'not foun', offset: 16, sequence: 5 });
});

test('a datagram cut off at any length gives the whole messages and no exception', () => {
  const datagram = bytesOf(refused.replace('50000000', '4c000000'));
  for (let length = 0; length < datagram.length; length++) {
    assert.deepEqual([...messagesIn(datagram.subarray(0, length))], []);
  }
});

test('any bytes split and decode without an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (datagram) => {
      for (const message of messagesIn(datagram)) assert.equal(typeof decodeError(message).errno, 'number');
    }),
  );
});

test('an error message of any content decodes without an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 80 }), fc.integer({ min: 0, max: 0xffff }), (body, flags) => {
      const writer = new ByteWriter();
      encodeMessage(writer, { type: 2, flags, body: (to) => to.bytes(body) }, 0, 1);
      for (const message of messagesIn(writer.written())) assert.equal(typeof decodeError(message).errno, 'number');
    }),
  );
});
