import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '../../../src/lib/duration.ts';
import type { PacketComplaint } from '../../../src/vrrp/complaint.ts';
import { complainOnce, initialMemory } from '../../../src/vrrp/memory.ts';
import { ip } from './support.ts';

const from = ip('10.20.0.2');
const ttl: PacketComplaint = { event: 'packetTtl', from, received: 1 };
const version: PacketComplaint = { event: 'packetVersion', from, received: 3, expected: 2 };
const owner: PacketComplaint = { event: 'packetForOwner', from };

test('each complaint is made once', () => {
  const first = complainOnce(initialMemory(seconds(1)), [ttl, owner]);
  assert.deepEqual(first.fresh, [ttl, owner]);
  assert.deepEqual(first.memory.complained, ['packetTtl', 'packetForOwner']);
  const second = complainOnce(first.memory, [owner, version]);
  assert.deepEqual(second.fresh, [version]);
  assert.deepEqual(second.memory.complained, ['packetTtl', 'packetForOwner', 'packetVersion']);
});

test('the last error of the protocol is kept, also of a complaint that was made already', () => {
  const { memory } = complainOnce(initialMemory(seconds(1)), [ttl, version]);
  assert.equal(memory.protocolError, 'versionError');
  assert.equal(complainOnce(memory, [owner]).memory.protocolError, 'versionError');
  const again = complainOnce(memory, [ttl]);
  assert.deepEqual([again.fresh, again.memory.protocolError], [[], 'ipTtlError']);
});

test('with nothing to say the memory is as it was', () => {
  const { memory } = complainOnce(initialMemory(seconds(1)), [owner]);
  assert.equal(complainOnce(memory, []).memory, memory);
  assert.equal(complainOnce(memory, [owner]).memory, memory);
});
