import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { check, checkerTarget } from '../../../src/checkers/registry.ts';
import type { Checker } from '../../../src/config/types.ts';
import { instant, millis, seconds } from '../../../src/lib/duration.ts';
import { datagrams } from '../../../src/os/sockets/datagrams.ts';
import { dial } from '../../../src/os/sockets/dial.ts';
import { native } from '../../../src/os/native.ts';
import { checkerPorts } from '../../fakes/checker-ports.ts';
import { connection, httpChecker, ip, realServer, schedule, virtualServer } from './examples.ts';

/** Servers of a thread of their own, that send faster than anybody reads: a page of 64 MiB, mail for ever, datagrams. */
const FLOODING = `
const { parentPort } = require('node:worker_threads');
const { createServer } = require('node:net');
const { createSocket } = require('node:dgram');
const block = Buffer.alloc(1 << 20, 0x78);
const pour = (socket, left) => {
  socket.on('error', () => {});
  const more = () => {
    while (left > 0) {
      left -= 1;
      if (!socket.write(block)) return void socket.once('drain', more);
    }
    socket.end();
  };
  more();
};
const page = createServer((socket) => {
  socket.write('HTTP/1.0 200 OK\\r\\n\\r\\n');
  pour(socket, 64);
});
const mail = createServer((socket) => pour(socket, Infinity));
const datagrams = createSocket('udp4', (query, from) => {
  let left = 50;
  const more = () => {
    for (let i = 0; i < 100; i++) datagrams.send(query, from.port, from.address, () => {});
    if (--left > 0) setImmediate(more);
  };
  more();
});
page.listen(0, '127.0.0.1', () =>
  mail.listen(0, '127.0.0.1', () =>
    datagrams.bind(0, '127.0.0.1', () =>
      parentPort.postMessage([page.address().port, mail.address().port, datagrams.address().port]))));
`;

const worker = new Worker(FLOODING, { eval: true });
const [ports] = (await once(worker, 'message')) as [[number, number, number]];
after(() => worker.terminate());

/** What one attempt gives, and how often others had their turn meanwhile. */
async function turnsDuring(checker: Checker): Promise<{ kind: string; turns: number }> {
  let turns = 0;
  let going = true;
  const turn = (): void => {
    turns += 1;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  const real = realServer('127.0.0.1', { checkers: [checker] });
  const world = checkerPorts({ dial, datagrams, clock: { now: () => instant(native.monotonicNow()) } });
  const target = checkerTarget(virtualServer([real]), real, checker);
  const { kind } = await check(target, 0, world, new AbortController().signal);
  going = false;
  return { kind, turns };
}

function at(port: number, connectTimeout = seconds(5)) {
  return connection({ address: ip('127.0.0.1'), port, connectTimeout });
}

test('HTTP_GET: a page that comes faster than it is read leaves others their turns', async () => {
  const { kind, turns } = await turnsDuring(
    httpChecker({ kind: 'HTTP_GET', schedule: schedule(), connection: at(ports[0]) }),
  );
  assert.equal(kind, 'success');
  assert.ok(turns > 400, `${turns} turns`);
});

test('SMTP_CHECK: a greeting without end is a failure', async () => {
  const smtp: Checker = { kind: 'SMTP_CHECK', schedule: schedule(), connection: at(ports[1]), heloName: 'me' };
  assert.equal((await turnsDuring(smtp)).kind, 'failure');
});

test('DNS_CHECK: a flood of datagrams that are no answer is a failure', async () => {
  const dns: Checker = {
    ...{ kind: 'DNS_CHECK', schedule: schedule(), connection: at(ports[2], millis(200)) },
    ...{ type: 'SOA', name: '.' },
  };
  const { kind, turns } = await turnsDuring(dns);
  assert.equal(kind, 'failure');
  assert.ok(turns > 10, `${turns} turns`);
});
