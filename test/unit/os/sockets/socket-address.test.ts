import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type IpAddress, printIp } from '../../../../src/lib/ip.ts';
import { decodeControlMessages, encodeControlMessage } from '../../../../src/os/sockets/control-message.ts';
import {
  internetAddress,
  linkLayerAddress,
  readInternetAddress,
  unixAddress,
} from '../../../../src/os/sockets/socket-address.ts';

test('internet addresses read back', () => {
  const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(fc.oneof(octets(4), octets(16)), (raw) => {
      const address = printIp(raw);
      assert.equal(readInternetAddress(internetAddress(address, 80, 3)), address);
    }),
  );
});

test('layout of sockaddr_in: family in host order, port in network order', () => {
  const bytes = internetAddress('192.0.2.1' as IpAddress, 0x1234);
  assert.equal(new Uint16Array(bytes.buffer)[0], 2);
  assert.deepEqual([...bytes.subarray(2, 8)], [0x12, 0x34, 192, 0, 2, 1]);
});

test('layout of sockaddr_ll', () => {
  const bytes = linkLayerAddress(7, 0x0806, Uint8Array.of(1, 2, 3, 4, 5, 6));
  assert.equal(bytes.length, 20);
  assert.deepEqual([...bytes.subarray(2, 4)], [0x08, 0x06]);
  assert.equal(new Int32Array(bytes.buffer)[1], 7);
  assert.deepEqual([...bytes.subarray(11)], [6, 1, 2, 3, 4, 5, 6, 0, 0]);
});

test('Unix paths up to 107 bytes', () => {
  assert.equal(unixAddress('x'.repeat(107))?.length, 110);
  assert.equal(unixAddress('x'.repeat(108)), undefined);
  assert.deepEqual([...(unixAddress('@a') ?? [])].slice(2), [0, 97]);
});

test('control messages read back, and truncated ones end the list', () => {
  const message = fc.record(
    { level: fc.integer(), type: fc.integer(), data: fc.uint8Array({ maxLength: 40 }) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), fc.nat(300), (messages, cut) => {
      const bytes = Uint8Array.from(messages.flatMap((each) => [...encodeControlMessage(each)]));
      assert.deepEqual(decodeControlMessages(bytes, bytes.length), messages);
      const whole = decodeControlMessages(bytes, Math.min(cut, bytes.length));
      assert.deepEqual(whole, messages.slice(0, whole.length));
    }),
  );
});
