import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyedHashes as hashes } from '../../../src/os/keyed-hash.ts';
import { examine } from '../../../src/vrrp/examine.ts';
import { initialWireState } from '../../../src/vrrp/wire-state.ts';
import { parameters } from './support.ts';
import { advertVectors, configured, received } from './vectors.ts';

const surroundings = { state: 'backup', lastMaster: undefined, wire: initialWireState, hashes } as const;

function accepts(vector: (typeof advertVectors)[number], packet: Uint8Array, wallClock: number): boolean {
  const own = parameters(configured(vector), '10.20.0.99');
  const decoded = received(packet);
  if (!decoded) return false;
  const result = examine(own, decoded, { ...surroundings, wallClock });
  if (!result.advert) assert.ok(result.wire.senders.length === 0 || vector.instance.hmac, 'nothing is remembered');
  return result.advert !== undefined;
}

for (const vector of advertVectors) {
  const [{ hex, wallClock = 0 }] = vector.adverts as [(typeof vector.adverts)[number]];
  const packet = Buffer.from(hex, 'hex');
  const header = vector.source.includes(':') ? 40 : 20;

  test(`${vector.name} is accepted whole`, () => assert.equal(accepts(vector, packet, wallClock), true));

  test(`${vector.name} is refused at every shorter length`, () => {
    for (let length = 0; length < packet.length; length++) {
      assert.equal(accepts(vector, packet.subarray(0, length), wallClock), false, `${length} bytes`);
    }
  });

  test(`${vector.name} is refused with any byte of the VRRP packet changed`, () => {
    const covered = vector.instance.hmac || !vector.source.includes(':');
    for (let at = header; at < packet.length; at++) {
      const changed = Uint8Array.from(packet);
      changed[at] = changed[at]! ^ 0xff;
      const refused = !accepts(vector, changed, wallClock);
      // Over IPv6 the kernel verifies the checksum, before anything gets here; the trailer does not cover it.
      const isChecksum = at === header + 6 || at === header + 7;
      if (covered && !(isChecksum && vector.source.includes(':'))) assert.ok(refused, `byte ${at}`);
    }
  });
}

test('whatever arrives is examined without an exception', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...advertVectors),
      fc.nat(),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
      fc.uint8Array({ maxLength: 64 }),
      (vector, length, changes, tail) => {
        const original = Buffer.from(vector.adverts[0]!.hex, 'hex');
        const packet = Buffer.concat([original.subarray(0, length % (original.length + 1)), tail]);
        for (const [at, value] of changes) if (packet.length > 0) packet[at % packet.length] = value;
        for (const other of advertVectors) accepts(other, packet, 0);
      },
    ),
  );
});
