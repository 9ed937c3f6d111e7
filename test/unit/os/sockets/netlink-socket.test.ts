import assert from 'node:assert/strict';
import { test } from 'node:test';
import { native } from '../../../../src/os/native.ts';
import { openNetlinkSocket } from '../../../../src/os/sockets/netlink-socket.ts';

const { NETLINK_ROUTE } = native.constants;
const RTM_GETLINK = 18;
const NLM_F_REQUEST_ACK = 0x5;
const NLM_F_REQUEST_DUMP = 0x301;

/** nlmsghdr and an ifinfomsg for the loopback interface, in host order. */
function getLink(flags: number, sequence: number, ifindex = 0): Uint8Array {
  const words = new Uint32Array([32, 0, sequence, 0, 0, ifindex, 0, 0]);
  new Uint16Array(words.buffer).set([RTM_GETLINK, flags], 2);
  return new Uint8Array(words.buffer);
}

function kinds(socket: ReturnType<typeof openNetlinkSocket>): string[] {
  const seen: string[] = [];
  for (;;) {
    const receipt = socket.receive();
    if (receipt === 'empty') return seen;
    seen.push(typeof receipt === 'string' ? receipt : 'data');
  }
}

test('the answer is there when send returns', () => {
  const socket = openNetlinkSocket({ protocol: NETLINK_ROUTE });
  assert.ok(socket.portId > 0);
  socket.send(getLink(NLM_F_REQUEST_DUMP, 1));
  const receipt = socket.receive();
  assert.ok(typeof receipt !== 'string');
  assert.equal(new DataView(receipt.buffer, receipt.byteOffset).getUint32(8, true), 1);
  kinds(socket);
  socket.close();
});

test('a thousand requests in one datagram give a thousand answers', () => {
  const socket = openNetlinkSocket({ protocol: NETLINK_ROUTE });
  const batch = new Uint8Array(32 * 1000);
  for (let i = 0; i < 1000; i++) batch.set(getLink(NLM_F_REQUEST_ACK, i, 1), 32 * i);
  socket.send(batch);
  const seen = kinds(socket);
  assert.ok(!seen.includes('overrun'));
  assert.equal(seen.length, 2000);
  socket.close();
});

test('an overrun is told once, and the socket goes on', async () => {
  const socket = openNetlinkSocket({ protocol: NETLINK_ROUTE, bufferBytes: 2304, force: false });
  const turn = new Promise<string[]>((resolve) => socket.onReadable(() => resolve(kinds(socket))));
  // The send buffer is as small, so that the requests go one by one.
  for (let i = 0; i < 50; i++) socket.send(getLink(NLM_F_REQUEST_ACK, i, 1));
  assert.ok((await turn).includes('overrun'));
  const again = new Promise<string[]>((resolve) => socket.onReadable(() => resolve(kinds(socket))));
  socket.send(getLink(NLM_F_REQUEST_ACK, 99, 1));
  assert.deepEqual(await again, ['data', 'data']);
  socket.close();
});

test('errors name the operation', () => {
  assert.throws(() => openNetlinkSocket({ protocol: 31 }), { name: 'SystemError', code: 'EPROTONOSUPPORT' });
  const socket = openNetlinkSocket({ protocol: NETLINK_ROUTE, bufferBytes: 4096, force: false });
  assert.throws(() => socket.send(new Uint8Array(1 << 24)), { operation: 'netlink send', code: 'EMSGSIZE' });
  socket.close();
});
