import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldDatagrams } from '../../../src/checkers/held-datagrams.ts';
import { check, checkerTarget, holdsSocket } from '../../../src/checkers/registry.ts';
import type { Checker } from '../../../src/config/types.ts';
import { micros } from '../../../src/lib/duration.ts';
import { err, ok, type Result } from '../../../src/lib/result.ts';
import type { DatagramFailure, DatagramSocket, Datagrams } from '../../../src/ports/datagram.ts';
import { checkerPorts, impatientClock } from '../../fakes/checker-ports.ts';
import { connection, realServer, schedule, virtualServer } from './examples.ts';

type Received = Uint8Array | DatagramFailure;
const refused: DatagramFailure = { kind: 'failed', code: 'ECONNREFUSED', message: 'Connection refused', errno: 111 };

/** Sockets that answer each datagram as `answers` says, one after another; what is left over comes later. */
class FakeDatagrams implements Datagrams {
  readonly sent: Uint8Array[] = [];
  readonly queue: Received[] = [];
  opened = 0;
  closed = 0;
  #answers: ((request: Uint8Array) => readonly Received[] | DatagramFailure)[];

  constructor(...answers: ((request: Uint8Array) => readonly Received[] | DatagramFailure)[]) {
    this.#answers = answers;
  }

  open(): Result<DatagramSocket, DatagramFailure> {
    this.opened += 1;
    return ok({
      turn: 0,
      send: (data) => {
        this.sent.push(data);
        const answer = this.#answers.shift()?.(data) ?? [];
        if ('kind' in answer) return answer;
        this.queue.push(...answer);
        return undefined;
      },
      receive: () => {
        const next = this.queue.shift() ?? ({ kind: 'timeout' } as const);
        return Promise.resolve(next instanceof Uint8Array ? ok(next) : err(next));
      },
      close: () => {
        this.closed += 1;
      },
    });
  }
}

const ping: Checker = { kind: 'PING_CHECK', schedule: schedule(), connection: connection() };

function echo(request: Uint8Array): Uint8Array[] {
  return [Uint8Array.of(0, ...request.subarray(1))];
}

async function pings(network: FakeDatagrams, held: Datagrams, count: number): Promise<string[]> {
  const real = realServer('192.0.2.10', { checkers: [ping] });
  const target = checkerTarget(virtualServer([real]), real, ping);
  const ports = checkerPorts({ datagrams: held, clock: impatientClock() });
  const results: string[] = [];
  const before = network.sent.length;
  for (let i = 0; i < count; i++) {
    const result = await check(target, 0, ports, new AbortController().signal);
    results.push(result.kind);
  }
  assert.equal(network.sent.length - before, count);
  return results;
}

test('PING_CHECK holds its socket, counts in the sequence number and sends 64 bytes', async () => {
  assert.equal(holdsSocket(ping), true);
  const network = new FakeDatagrams(echo, echo, echo);
  const held = new HeldDatagrams(network);
  assert.deepEqual(await pings(network, held, 3), ['success', 'success', 'success']);
  assert.equal(network.opened, 1);
  assert.equal(network.closed, 0);
  for (const [i, request] of network.sent.entries()) {
    assert.deepEqual([...request.subarray(0, 8)], [8, 0, 0, 0, 0, 0, i, 0]);
    assert.equal(new TextDecoder().decode(request.subarray(8)), 'keepalived check - '.repeat(4).slice(0, 64));
  }
  held.close();
  assert.equal(network.closed, 1);
});

test('PING_CHECK: late replies, those to others and ICMP errors are no answer', async () => {
  let late: Uint8Array[] = [];
  const network = new FakeDatagrams(
    (request) => {
      late = echo(request);
      return [];
    },
    () => [refused, ...late],
    (request) => [refused, ...late, ...echo(request)],
  );
  const held = new HeldDatagrams(network);
  assert.deepEqual(await pings(network, held, 1), ['failure']);
  network.queue.push(refused, ...late);
  assert.deepEqual(await pings(network, held, 2), ['failure', 'success']);
  assert.equal(network.opened, 1);
});

test('a socket that would not send is replaced, and one whose attempt was broken off', async () => {
  const network = new FakeDatagrams(() => refused, echo);
  const held = new HeldDatagrams(network);
  assert.deepEqual(await pings(network, held, 2), ['failure', 'success']);
  assert.equal(network.opened, 2);
  const breaking = new AbortController();
  const lent = held.open(connection(), 'icmp', 'final', breaking.signal);
  assert.equal(lent.ok, true);
  breaking.abort();
  assert.equal(network.closed, 2);
  assert.deepEqual(lent.ok && lent.value.send(Uint8Array.of(1)), { kind: 'aborted' });
  assert.deepEqual(lent.ok && (await lent.value.receive(micros(0))), err({ kind: 'aborted' }));
  assert.equal(network.sent.length, 2);
  assert.deepEqual(held.open(connection(), 'icmp', 'final', breaking.signal), err({ kind: 'aborted' }));
});
