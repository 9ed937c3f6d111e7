import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { commandAttributes } from '../../../src/ipvs/attributes.ts';
import { decodeDestination, decodeService } from '../../../src/ipvs/decode.ts';
import { encodeDestination, encodeService, serviceFamily } from '../../../src/ipvs/encode.ts';
import { commandRequests, infoFrom } from '../../../src/ipvs/family.ts';
import type { Command, Destination, Service } from '../../../src/ipvs/types.ts';
import { ByteWriter } from '../../../src/lib/byte-writer.ts';
import { type Attributes, decodeAttributes, encodeAttributes } from '../../../src/netlink/attribute.ts';
import { encodeMessage, messagesIn } from '../../../src/netlink/message.ts';
import { destinations, ip, services } from './arbitrary.ts';

const family = { id: 0x1d, version: 1 };
const persistent: Service = {
  key: { kind: 'address', address: ip('10.9.0.2'), port: 80, protocol: 'UDP' },
  scheduler: 'wlc',
  flags: 1,
  timeout: 50,
  netmask: ip('255.255.255.0'),
};
const marked: Service = {
  key: { kind: 'fwmark', fwmark: 7, family: 6 },
  scheduler: 'rr',
  flags: 0,
  timeout: 0,
  netmask: 128,
};
const masqueraded: Destination = {
  address: ip('10.9.1.2'),
  port: 8080,
  forwardingMethod: 'NAT',
  weight: 3,
  upperThreshold: 10,
  lowerThreshold: 5,
};

function body(command: Command): string {
  const [request] = commandRequests(family, [command]);
  assert.ok(request);
  assert.equal(request.type, family.id);
  const writer = new ByteWriter();
  request.body(writer);
  return Buffer.from(writer.written()).toString('hex');
}

/** NEW_SERVICE of a persistent UDP service, as sent by Debian's keepalived 2.2.7. */
const persistentBytes =
  '01010000 54000180 06000100 02000000 06000200 11000000 14000300 0a090002 00000000 00000000 00000000' +
  '06000400 00500000 08000600 776c6300 0c000700 01000000 ffffffff 08000800 32000000 08000900 ffffff00';

/** The destination nests of its NEW_DEST: NAT with thresholds, and an IPv6 tunnel. */
const masqueradedBytes =
  '48000280 06000b00 02000000 14000100 0a090102 00000000 00000000 00000000 06000200 1f900000' +
  '08000300 00000000 08000400 03000000 08000500 0a000000 08000600 05000000';
const tunnelledBytes =
  '50000280 06000b00 0a000000 14000100 fd000000 00000000 00000000 00000001 06000200 00000000' +
  '08000300 02000000 08000400 01000000 05000d00 00000000 08000500 00000000 08000600 00000000';

/** NEW_SERVICE of an IPv6 firewall mark. */
const markedBytes =
  '01010000 38000180 06000100 0a000000 08000500 07000000 07000600 72720000' +
  '0c000700 00000000 ffffffff 08000800 00000000 08000900 80000000';

test('services are written byte for byte as keepalived writes them', () => {
  assert.equal(body({ kind: 'newService', service: persistent }), persistentBytes.replaceAll(' ', ''));
  assert.equal(body({ kind: 'newService', service: marked }), markedBytes.replaceAll(' ', ''));
});

test('destinations are written byte for byte as keepalived writes them', () => {
  const tunnelled: Destination = {
    address: ip('fd00::1'),
    port: 0,
    forwardingMethod: 'TUN',
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
  };
  const persistentKey =
    '30000180 06000100 02000000 06000200 11000000 14000300 0a090002 00000000 00000000 00000000 06000400 00500000';
  const markedKey = '14000180 06000100 0a000000 08000500 07000000';
  const first = body({ kind: 'newDestination', service: persistent, destination: masqueraded });
  assert.equal(first, ['05010000', persistentKey, masqueradedBytes].join('').replaceAll(' ', ''));
  const second = body({ kind: 'newDestination', service: marked, destination: tunnelled });
  assert.equal(second, ['05010000', markedKey, tunnelledBytes].join('').replaceAll(' ', ''));
});

test('removing needs only what names the object', () => {
  assert.equal(
    body({ kind: 'deleteService', service: marked }),
    '03010000140001800600010' + '00a0000000800050007000000',
  );
  assert.equal(body({ kind: 'flush' }), '11010000');
});

function throughBytes(values: Attributes<typeof commandAttributes>): Attributes<typeof commandAttributes> {
  const writer = new ByteWriter();
  encodeAttributes(writer, commandAttributes, values);
  const data = writer.written();
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const decoded = decodeAttributes(commandAttributes, view, 0, data.length);
  assert.ok(decoded.ok);
  return decoded.value;
}

test('services and destinations read back as they were written', () => {
  fc.assert(
    fc.property(services, destinations, (service, destination) => {
      const read = throughBytes({ service: encodeService(service), destination: encodeDestination(destination) });
      assert.ok(read.service && read.destination);
      assert.deepEqual(decodeService(read.service), service);
      assert.deepEqual(decodeDestination(read.destination, serviceFamily(service)), destination);
    }),
  );
});

test('a kernel that does not name the family of a destination means that of the service', () => {
  const { family: _, ...older } = throughBytes({ destination: encodeDestination(masqueraded) }).destination ?? {};
  assert.deepEqual(decodeDestination(older, 4), masqueraded);
});

test('64-bit counters are read', () => {
  const stats = { connections: 1n << 40n, incomingBytes: 7n, outgoingByteRate: 9n };
  assert.deepEqual(throughBytes({ service: { stats64: stats } }).service?.stats64, stats);
});

test('the version is three bytes of one number', () => {
  const writer = new ByteWriter();
  const info = (to: ByteWriter): void => {
    to.bytes(Uint8Array.from(Buffer.from('0e0100000800010001020100' + '0800020000100000', 'hex')));
  };
  encodeMessage(writer, { type: family.id, flags: 0, body: info }, 0, 1);
  const [message] = messagesIn(writer.written());
  assert.deepEqual(message && infoFrom(message), { version: '1.2.1', connectionTableSize: 4096 });
});
