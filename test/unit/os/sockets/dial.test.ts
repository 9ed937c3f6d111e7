import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, test } from 'node:test';
import type { CheckerConnection } from '../../../../src/config/types.ts';
import { millis } from '../../../../src/lib/duration.ts';
import type { IpAddress } from '../../../../src/lib/ip.ts';
import { dial } from '../../../../src/os/sockets/dial.ts';

const loopback = '127.0.0.1' as IpAddress;
const never = new AbortController().signal;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const servers: Server[] = [];
const sockets: Socket[] = [];

after(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

/** A server on a free port of 127.0.0.1 that treats each connection as told. */
async function serving(treat: (socket: Socket) => void): Promise<CheckerConnection> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    treat(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  return { address: loopback, port: (server.address() as AddressInfo).port, connectTimeout: millis(200) };
}

async function connected(connection: CheckerConnection, signal = never) {
  const dialled = await dial.connect(connection, signal);
  assert.ok(dialled.ok, JSON.stringify(dialled));
  return dialled.value;
}

test('bytes come through, then the end', async () => {
  const stream = await connected(await serving((socket) => socket.on('data', (data) => socket.end(data))));
  stream.write(encode('hello'));
  const first = await stream.read(millis(200));
  assert.deepEqual(first, { ok: true, value: encode('hello') });
  assert.deepEqual(await stream.read(millis(200)), { ok: true, value: 'end' });
  stream.close();
});

test('a large answer arrives whole, read piece by piece', async () => {
  const stream = await connected(await serving((socket) => socket.end(Buffer.alloc(1_000_000, 'x'))));
  let length = 0;
  for (;;) {
    const read = await stream.read(millis(250));
    assert.ok(read.ok);
    if (read.value === 'end') break;
    length += read.value.length;
  }
  assert.equal(length, 1_000_000);
  stream.close();
});

test('a refusal', async () => {
  const connection = await serving(() => {});
  await new Promise((resolve) => servers.at(-1)?.close(resolve));
  const dialled = await dial.connect(connection, never);
  assert.deepEqual(dialled, { ok: false, error: { kind: 'failed', code: 'ECONNREFUSED' } });
});

test('a reset while reading', async () => {
  const stream = await connected(await serving((socket) => setImmediate(() => socket.resetAndDestroy())));
  const read = await stream.read(millis(200));
  assert.deepEqual(read, { ok: false, error: { kind: 'failed', code: 'ECONNRESET' } });
  stream.close();
});

test('silence ends at the limit', async () => {
  const stream = await connected(await serving(() => {}));
  assert.deepEqual(await stream.read(millis(20)), { ok: false, error: { kind: 'timeout' } });
  stream.close();
});

test('stopping ends a wait at once', async () => {
  const stop = new AbortController();
  const stream = await connected(await serving(() => {}), stop.signal);
  const read = stream.read(millis(5000));
  stop.abort();
  assert.deepEqual(await read, { ok: false, error: { kind: 'aborted' } });
  stream.close();
  const dialled = await dial.connect({ address: loopback, port: 1, connectTimeout: millis(200) }, stop.signal);
  assert.deepEqual(dialled, { ok: false, error: { kind: 'aborted' } });
});

test('the source address and port are as asked', async () => {
  const seen: string[] = [];
  const connection = await serving((socket) => seen.push(`${socket.remoteAddress}`) && socket.end());
  const bindAddress = '127.0.0.5' as IpAddress;
  const stream = await connected({ ...connection, bindAddress });
  assert.deepEqual(await stream.read(millis(200)), { ok: true, value: 'end' });
  assert.deepEqual(seen, [bindAddress]);
  stream.close();
});

test('an address that is not ours is trouble of this host', async () => {
  const connection = await serving(() => {});
  const dialled = await dial.connect({ ...connection, bindAddress: '192.0.2.77' as IpAddress }, never);
  assert.deepEqual(dialled, { ok: false, error: { kind: 'bind', message: 'Cannot assign requested address' } });
});

test('an interface that is not there is trouble of this host', {
  skip: process.getuid?.() !== 0 && 'needs root',
}, async () => {
  const connection = await serving(() => {});
  const dialled = await dial.connect({ ...connection, bindInterface: 'not-there0' }, never);
  assert.deepEqual(dialled, { ok: false, error: { kind: 'bind', message: 'No such device', device: 'not-there0' } });
});

test('a marked socket on an interface', { skip: process.getuid?.() !== 0 && 'needs root' }, async () => {
  const connection = await serving((socket) => socket.end('marked'));
  const bound = { bindInterface: 'lo', fwmark: 7, bindAddress: '127.0.0.9' as IpAddress };
  const stream = await connected({ ...connection, ...bound });
  assert.deepEqual(await stream.read(millis(200)), { ok: true, value: encode('marked') });
  stream.close();
});
