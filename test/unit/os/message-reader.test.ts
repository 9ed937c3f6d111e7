import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MessageReader } from '../../../src/os/message-reader.ts';

/** Hands over `stream` in pieces of at most so many bytes, the last length again and again. */
function read(stream: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const reader = new MessageReader((message) => messages.push(message));
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const space = reader.space();
    assert.ok(space.length > 0);
    const piece = stream.subarray(at, at + Math.min(space.length, lengths[turn % lengths.length] ?? 1));
    space.set(piece);
    reader.filled(piece.length);
    at += piece.length;
  }
  return messages;
}

const streamOf = (messages: readonly Uint8Array[]): Uint8Array => Buffer.concat(messages.map(MessageReader.frame));

describe('messages in a stream', () => {
  it('are the same however the stream is cut', () => {
    const messages = fc.array(
      fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 200, maxLength: 900 })),
    );
    const lengths = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 });
    fc.assert(fc.property(messages, lengths, (sent, pieces) => assert.deepEqual(read(streamOf(sent), pieces), sent)));
  });

  it('may be longer than what is read at once, one after the other', () => {
    const sent = [70_000, 3, 65_532, 65_533, 200_000, 0, 65_536].map((length, i) => new Uint8Array(length).fill(i + 1));
    for (const pieces of [[65_536], [4, 1, 65_531], [1_000_000], [997]])
      assert.deepEqual(read(streamOf(sent), pieces), sent);
  });

  it('are not touched by what comes after them', () => {
    const kept: Uint8Array[] = [];
    const reader = new MessageReader((message) => kept.push(message));
    for (const value of [1, 2]) {
      const framed = MessageReader.frame(new Uint8Array(5).fill(value));
      reader.space().set(framed);
      reader.filled(framed.length);
    }
    assert.deepEqual([...(kept[0] as Uint8Array)], [1, 1, 1, 1, 1]);
  });
});
