import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Channel, openChannel } from '../../../src/os/channel.ts';
import { native } from '../../../src/os/native.ts';

function pair(): [Channel, Channel] {
  const [one, other] = native.socketPair();
  return [openChannel(one), openChannel(other)];
}

/** The next `count` messages. */
function next(channel: Channel, count: number): Promise<unknown[]> {
  const messages: unknown[] = [];
  return new Promise((resolve) => {
    channel.onMessage((message) => {
      messages.push(message);
      if (messages.length === count) resolve(messages);
    });
  });
}

const disconnected = (channel: Channel): Promise<void> => new Promise((resolve) => channel.onDisconnect(resolve));

describe('a channel between processes', () => {
  it('carries structured clones both ways, in order', async () => {
    const [one, other] = pair();
    const bytes = new Uint8Array([1, 2, 3]);
    const sent = [{ at: 1n, none: undefined }, { map: new Map([['a', [NaN]]]) }, { bytes }];
    for (const message of sent) assert.equal(one.send(message), true);
    other.send({ back: true });
    assert.deepEqual(await next(other, 3), sent);
    assert.deepEqual(await next(one, 1), [{ back: true }]);
    one.close();
    await disconnected(other);
  });

  it('holds messages until somebody listens', async () => {
    const [one, other] = pair();
    one.send({ n: 1 });
    one.send({ n: 2 });
    one.close();
    await disconnected(other);
    assert.deepEqual(await next(other, 2), [{ n: 1 }, { n: 2 }]);
  });

  it('carries more than the kernel holds, and says when it is handed over', async () => {
    const [one, other] = pair();
    const long = 'x'.repeat(3_000_000);
    one.send({ long });
    one.send({ short: 1 });
    let flushed = false;
    const handedOver = one.flushed().then(() => {
      flushed = true;
    });
    await new Promise(setImmediate);
    assert.equal(flushed, false);
    assert.deepEqual(await next(other, 2), [{ long }, { short: 1 }]);
    await handedOver;
    other.close();
    await disconnected(one);
  });

  it('closes once everything sent has been handed over', async () => {
    const [one, other] = pair();
    const long = 'y'.repeat(1_000_000);
    one.send({ long });
    one.close();
    assert.equal(one.send({ late: true }), false);
    const got = next(other, 1);
    await disconnected(other);
    assert.deepEqual(await got, [{ long }]);
  });

  it('tells that the other end is gone, once, and whoever asks later too', async () => {
    const [one, other] = pair();
    let told = 0;
    one.onDisconnect(() => told++);
    other.close();
    await disconnected(one);
    await disconnected(one);
    assert.equal(told, 1);
    assert.equal(one.send({ late: true }), false);
    await one.flushed();
  });

  it('hands out at once, at its end, all that has come', async () => {
    const [one, other] = pair();
    const sent = Array.from({ length: 30 }, (_, n) => ({ n, text: 'x'.repeat(5000) }));
    for (const message of sent) one.send(message);
    const got: unknown[] = [];
    other.onMessage((message) => got.push(message));
    other.finish();
    assert.deepEqual(got, sent);
    other.finish();
    await disconnected(other);
    assert.equal(other.send({ late: true }), false);
    await disconnected(one);
  });

  it('gives up what nobody can have any more', async () => {
    const [one, other] = pair();
    one.send({ long: 'z'.repeat(3_000_000) });
    const flushed = one.flushed();
    other.close();
    await flushed;
    await disconnected(one);
  });
});
