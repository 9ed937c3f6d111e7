import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createSocket, type Socket } from 'node:dgram';
import { test } from 'node:test';
import { instant, micros } from '../../../../src/lib/duration.ts';
import type { IpAddress } from '../../../../src/lib/ip.ts';
import { native } from '../../../../src/os/native.ts';
import { repeat } from '../../../../src/os/sockets/repeater.ts';
import { internetAddress } from '../../../../src/os/sockets/socket-address.ts';

const { AF_INET, AF_INET6, SOCK_DGRAM } = native.constants;
const HERE = '127.0.0.1' as IpAddress;

test('datagrams like one that was heard are counted, others are heard', () => {
  const { fd, hear, send, close } = pair();
  const heard: string[] = [];
  const packet = new Uint8Array(64);
  const drain = hear(packet, (length) => heard.push(Buffer.from(packet.subarray(0, length)).toString()));
  send('xAsame');
  drain.drain();
  const number = drain.countRepeats(6);
  for (const text of ['xAsame', 'xAsame', 'xAother', 'xBsame', 'xAsame']) send(text);
  const before = native.monotonicNow();
  drain.drain();
  assert.deepEqual(heard, ['xAsame', 'xAother', 'xBsame']);
  const out = new Float64Array(1);
  assert.equal(drain.repeats(number, out), 3);
  assert.ok((out[0] ?? 0) >= before - 1000, 'the last came just now');
  assert.equal(drain.repeats(number, out), 0);
  drain.hearAgain(number);
  send('xAsame');
  drain.drain();
  assert.equal(heard.at(-1), 'xAsame');
  assert.equal(heard.length, 4);
  drain.close();
  drain.drain();
  assert.equal(drain.countRepeats(3), -1);
  assert.equal(drain.repeats(number, out), 0);
  assert.ok(fd >= 0);
  close();
});

test('while something is expected, the loop is woken for all else alone', async () => {
  const heard: string[] = [];
  const packet = new Uint8Array(64);
  const { fd, send, close } = pair();
  let others = 0;
  let first = -1;
  let told: () => void = () => {};
  const toldOf = (count: number) =>
    new Promise<void>((resolve) => {
      told = () => heard.length === count && resolve();
    });
  const woken = () => {
    others++;
    hearing.drain();
  };
  const hearing = native.hear(fd, AF_INET6, packet, new Uint8Array(28), new Uint8Array(64), woken, (length) => {
    const text = Buffer.from(packet.subarray(0, length)).toString();
    heard.push(text);
    if (text === 'xAsame' && first < 0) first = hearing.countRepeats(length);
    told();
  });
  const out = new Float64Array(1);
  const once = toldOf(1);
  send('xAsame');
  await once;
  for (const round of [1, 2]) {
    const other = toldOf(1 + round);
    for (const text of ['xAsame', 'xAsame', 'xBother', 'xAsame']) send(text);
    await other;
    hearing.drain();
    assert.equal(hearing.repeats(first, out), 3);
  }
  assert.deepEqual(heard, ['xAsame', 'xBother', 'xBother']);
  assert.equal(others, 3);
  const again = toldOf(4);
  hearing.hearAgain(first);
  send('xAsame');
  await again;
  const looped = toldOf(5);
  send('xClast');
  await looped;
  hearing.close();
  close();
});

test('a listener may close the socket, and its exception is told', () => {
  const { hear, send, close } = pair();
  const packet = new Uint8Array(64);
  const closing = hear(packet, () => closing.close());
  send('one');
  send('two');
  closing.drain();
  const throwing = hear(packet, () => {
    throw new Error('thrown');
  });
  assert.throws(() => throwing.drain(), /thrown/);
  throwing.close();
  close();
});

test('a repetition sends every interval, counts identifications up, and ends', async () => {
  const receiver = createSocket('udp4').bind(0, HERE);
  await once(receiver, 'listening');
  const fd = native.socket(AF_INET, SOCK_DGRAM, 0);
  const repetition = repeat(
    {
      ...{ fd, bytes: new Uint8Array(8), address: internetAddress(HERE, receiver.address().port) },
      ...{ control: null, flags: 0, identification: 0xfffe, interval: micros(2000) },
      firstAt: instant(native.monotonicNow()),
    },
    () => assert.fail('it could send'),
  );
  assert.ok(repetition);
  const identifications = await received(receiver, 4);
  assert.deepEqual(identifications.slice(0, 4), [0xffff, 1, 2, 3]);
  const told = repetition.sent();
  assert.ok(told.count >= 4);
  const end = repetition.stop();
  assert.equal(end.nextAt - end.lastAt, 2000);
  assert.equal(repetition.stop().count, 0);
  receiver.close();
  native.close(fd);
});

test('a repetition that cannot send tells so and stops', async () => {
  const fd = native.socket(AF_INET, SOCK_DGRAM, 0);
  const message = { fd, bytes: new Uint8Array(8), address: internetAddress('255.255.255.255' as IpAddress, 9) };
  const times = { identification: undefined, interval: micros(1000), firstAt: instant(1) };
  await new Promise<void>((resolve) => {
    // The repeater itself keeps no process alive.
    const patience = setTimeout(() => assert.fail('nothing was told'), 10_000);
    const repetition = repeat({ ...message, ...times, control: null, flags: 0 }, () => {
      clearTimeout(patience);
      assert.equal(repetition?.stop().count, 0);
      resolve();
    });
  });
  native.abandonRepeating(fd);
  native.close(fd);
});

test('the threads end with their process', () => {
  const script = `
    const native = require('node:module').createRequire(process.cwd() + '/package.json')('#native');
    native.openRepeater(() => {});
    const { AF_INET, SOCK_DGRAM } = native.constants;
    const fd = native.socket(AF_INET, SOCK_DGRAM, 0);
    native.startRepeating(fd, new Uint8Array(8), new Uint8Array(16), null, 0, -1, 1e6, native.monotonicNow() + 1e9);
    native.bind(fd, new Uint8Array([2, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]));
    const three = [new Uint8Array(64), new Uint8Array(28), new Uint8Array(64)];
    const hearing = native.hear(fd, AF_INET, ...three, () => {}, (length) => hearing.countRepeats(length));
    native.sendmsg(fd, new Uint8Array(8), native.getsockname(fd), null, 0);
    hearing.drain();
    console.log('done');
    process.exit();`;
  const text = execFileSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    cwd: process.cwd(),
    timeout: 20_000,
  });
  assert.equal(text.trim(), 'done');
});

/** Two sockets of which one hears the other. */
function pair() {
  const fd = native.socket(AF_INET, SOCK_DGRAM, 0);
  native.bind(fd, internetAddress(HERE));
  const address = native.getsockname(fd);
  const sender = native.socket(AF_INET, SOCK_DGRAM, 0);
  native.bind(sender, internetAddress(HERE));
  return {
    fd,
    hear: (packet: Uint8Array, heard: (length: number) => void) =>
      native.hear(fd, AF_INET6, packet, new Uint8Array(28), new Uint8Array(64), () => {}, heard),
    send: (text: string) => void native.sendmsg(sender, Buffer.from(text), address, null, 0),
    close: () => [fd, sender].forEach(native.close),
  };
}

/** Bytes 4 and 5 of so many datagrams. */
function received(socket: Socket, count: number): Promise<number[]> {
  return new Promise((resolve) => {
    const numbers: number[] = [];
    socket.on('message', (bytes) => {
      if (numbers.push(bytes.readUInt16BE(4)) === count) resolve(numbers);
    });
  });
}
