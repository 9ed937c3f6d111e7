import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostIsLittleEndian } from '../../../src/lib/byte-order.ts';
import { errno } from '../../../src/lib/errno.ts';
import { NetlinkConnection } from '../../../src/netlink/connection.ts';
import { findFamily } from '../../../src/netlink/generic.ts';
import type { Message, Request } from '../../../src/netlink/message.ts';
import { FakeIpvs } from '../../fakes/ipvs-kernel.ts';
import { FakeNetlinkSocket } from '../../fakes/netlink-kernel.ts';

function request(value: number): Request {
  return { type: 20, flags: 0, body: (writer) => writer.u32(value) };
}

function valueIn({ view, start }: Message): number {
  return view.getUint32(start, hostIsLittleEndian);
}

function* requests(count: number): Generator<Request> {
  for (let value = 0; value < count; value++) yield request(value);
}

test('450 requests go in three datagrams and each gets its own answer', () => {
  const socket = new FakeNetlinkSocket((message) => ({ errno: valueIn(message) % 100 === 7 ? errno.EEXIST : 0 }));
  const answers = new NetlinkConnection(socket).transact(requests(450));
  assert.deepEqual(socket.batches, [200, 200, 50]);
  assert.equal(answers.length, 450);
  answers.forEach((answer, i) => {
    assert.equal(answer.errno, i % 100 === 7 ? errno.EEXIST : 0);
  });
});

test('a refused last request is told from a silent success', () => {
  const socket = new FakeNetlinkSocket((message) => ({ errno: valueIn(message) === 2 ? errno.EINVAL : 0 }));
  const answers = new NetlinkConnection(socket).transact(requests(3));
  assert.deepEqual(
    answers.map((answer) => answer.errno),
    [0, 0, errno.EINVAL],
  );
});

test('answers lost to an overrun are asked for again, one by one', () => {
  const seen: number[] = [];
  const socket = new FakeNetlinkSocket((message) => {
    seen.push(valueIn(message));
    return { errno: valueIn(message) === 1 ? errno.EEXIST : 0 };
  });
  socket.dropNext = 2;
  const answers = new NetlinkConnection(socket).transact(requests(3));
  assert.deepEqual(
    answers.map((answer) => answer.errno),
    [0, errno.EEXIST, 0],
  );
  assert.deepEqual(seen, [0, 1, 2, 0, 1, 2]);
});

test('a kernel that stays silent is an error, not a success', () => {
  const socket = new FakeNetlinkSocket();
  socket.send = () => {};
  const answers = new NetlinkConnection(socket).transact(requests(2));
  assert.deepEqual(
    answers.map((answer) => answer.errno),
    [errno.EPROTO, errno.EPROTO],
  );
});

test('nothing to do is no system call', () => {
  const socket = new FakeNetlinkSocket();
  assert.deepEqual(new NetlinkConnection(socket).transact([]), []);
  assert.deepEqual(socket.batches, []);
});

test('of a batch that is carried out whole or not at all the last but one is acknowledged', () => {
  const flags: number[] = [];
  const socket = new FakeNetlinkSocket((message) => {
    flags.push(message.flags);
    return {};
  });
  const connection = new NetlinkConnection(socket);
  assert.equal(connection.transactWhole([...requests(4)]), undefined);
  assert.deepEqual(flags, [1, 1, 5, 1]);
  assert.deepEqual(socket.batches, [4]);
  assert.deepEqual(
    connection.transact(requests(1)).map((answer) => answer.errno),
    [0],
    'later requests have numbers of their own',
  );
});

test('its first refusal is the answer; none at all is an error', () => {
  const refusing = new FakeNetlinkSocket((message) => ({
    errno: [0, errno.ENOENT, 0, errno.EEXIST][valueIn(message)] ?? 0,
  }));
  assert.equal(new NetlinkConnection(refusing).transactWhole([...requests(5)])?.errno, errno.ENOENT);
  const silent = new FakeNetlinkSocket();
  silent.send = () => {};
  assert.deepEqual(new NetlinkConnection(silent).transactWhole([...requests(3)]), { errno: errno.EPROTO });
  const overrun = new FakeNetlinkSocket();
  overrun.dropNext = 1;
  assert.deepEqual(new NetlinkConnection(overrun).transactWhole([...requests(3)]), { errno: errno.ENOBUFS });
});

function items(count: number, flags = 0) {
  return Array.from({ length: count }, (_, i) => ({ type: 21, flags, body: request(i).body }));
}

test('a dump gives every item', () => {
  const socket = new FakeNetlinkSocket(() => ({ replies: items(300) }));
  const dump = new NetlinkConnection(socket).dump(request(0), valueIn);
  assert.deepEqual(dump, { ok: true, value: Array.from({ length: 300 }, (_, i) => i) });
});

test('a dump that the table changed under is read again', () => {
  let readings = 0;
  const socket = new FakeNetlinkSocket(() => {
    readings++;
    return readings < 3 ? { replies: items(4, 0x10) } : { replies: items(5) };
  });
  const dump = new NetlinkConnection(socket).dump(request(0), valueIn);
  assert.ok(dump.ok && dump.value.length === 5);
  assert.equal(readings, 3);
});

test('a dump that keeps changing ends with its last reading', () => {
  const socket = new FakeNetlinkSocket(() => ({ replies: items(4, 0x10) }));
  const dump = new NetlinkConnection(socket).dump(request(0), valueIn);
  assert.ok(dump.ok && dump.value.length === 4);
  assert.equal(socket.batches.length, 10);
});

test('a dump with lost messages is read again', () => {
  const socket = new FakeNetlinkSocket(() => ({ replies: items(3) }));
  socket.dropNext = 2;
  const dump = new NetlinkConnection(socket).dump(request(0), valueIn);
  assert.deepEqual(dump, { ok: true, value: [0, 1, 2] });
});

test('a refused dump is a value', () => {
  const socket = new FakeNetlinkSocket(() => ({ errno: errno.EOPNOTSUPP }));
  const dump = new NetlinkConnection(socket).dump(request(0), valueIn);
  assert.ok(!dump.ok && dump.error.errno === errno.EOPNOTSUPP);
});

test('a generic family is looked up by name', () => {
  const connection = new NetlinkConnection(new FakeIpvs().socket());
  assert.deepEqual(findFamily(connection, 'IPVS', 1), { ok: true, value: { id: 0x1d, version: 1 } });
  const missing = findFamily(connection, 'NOSUCH', 1);
  assert.ok(!missing.ok && missing.error.errno === errno.ENOENT);
});
