import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { check, checkerTarget } from '../../../src/checkers/registry.ts';
import type { Checker } from '../../../src/config/types.ts';
import { type Duration, instant, millis, seconds } from '../../../src/lib/duration.ts';
import { openScripts } from '../../../src/os/processes/checker-script.ts';
import { datagrams } from '../../../src/os/sockets/datagrams.ts';
import { dial } from '../../../src/os/sockets/dial.ts';
import { openSecureDial } from '../../../src/os/sockets/secure-dial.ts';
import { native } from '../../../src/os/native.ts';
import { checkerPorts } from '../../fakes/checker-ports.ts';
import { Loopback, selfSigned } from '../../support/loopback.ts';
import { connection, httpChecker, ip, realServer, schedule, script, virtualServer } from './examples.ts';

const loopback = new Loopback();
const certificate = selfSigned();
const secure = openSecureDial(undefined);
assert.ok(secure.ok);
const ports = checkerPorts({
  dial,
  datagrams,
  secureDial: secure.value,
  runScript: openScripts(() => {}),
  clock: { now: () => instant(native.monotonicNow()) },
});
const directory = mkdtempSync(join(tmpdir(), 'misbehaving-'));

after(() => {
  loopback.close();
  rmSync(directory, { recursive: true });
});

/** What one attempt says: 'good', or the failure without the server's name. */
async function verdict(checker: Checker): Promise<string> {
  const real = realServer('127.0.0.1', { checkers: [checker] });
  const target = checkerTarget(virtualServer([real]), real, checker);
  const result = await check(target, 0, ports, new AbortController().signal);
  if (result.kind !== 'failure') return result.kind === 'success' ? 'good' : result.lines.join();
  return `${result.detail}`.replace(/(,? (no data received )?(from|to|with))? +server .*/, '').trim();
}

const to = (port: number, connectTimeout: Duration) => ({
  schedule: schedule({ delayLoop: millis(50) }),
  connection: connection({ address: ip('127.0.0.1'), port, connectTimeout }),
});
const page = 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok';
const untilRequest = (answer: (socket: Socket) => void) => (socket: Socket) =>
  void socket.once('data', () => answer(socket));

/** A few bytes at a time, for ever; too slowly for the header of a TLS record. */
function trickle(socket: Socket, bytes: string): void {
  socket.write(bytes);
  const timer = setInterval(() => socket.write(bytes), 30);
  socket.on('close', () => clearInterval(timer));
}

const noTls = 'SSL handshake/communication error connecting';

/** Time enough for whatever is to come; where nothing is, a little of it. */
const limitFor = (expected: string): Duration => (/timeout/i.test(expected) ? millis(60) : seconds(5));

/** Each server, and what HTTP_GET, SSL_GET and SMTP_CHECK say of it; TCP_CHECK is content with all of them. */
const servers: readonly (readonly [
  name: string,
  treat: (socket: Socket) => void,
  http: string,
  ssl: string,
  smtp: string,
])[] = [
  ['closes at once', (s) => s.end(), 'Read', 'Connection failed', 'Read failure'],
  ['says nothing', (s) => s.resume(), 'Timeout WEB read', 'Timeout connecting', 'Read timeout'],
  ['sends garbage', (s) => s.write(Buffer.alloc(3000, 0xfe)), 'Timeout HTTP read', noTls, 'Read timeout'],
  ['sends a line of garbage', (s) => s.end('\xff\xfe\0\n'), 'Read', noTls, 'Bad greeting banner'],
  [
    'sends byte after byte without an end',
    (s) => trickle(s, 'x'),
    'Timeout HTTP read',
    'Timeout connecting',
    'Read timeout',
  ],
  ['sends an alert of TLS', (s) => s.end(Buffer.from([21, 3, 3, 0, 2, 2, 40])), 'Read', noTls, 'Read failure'],
];
for (const [name, treat, http, ssl, smtp] of servers) {
  test(`a server that ${name}`, async () => {
    const port = await loopback.tcp(treat);
    const server = (expected: string) => to(port, limitFor(expected));
    assert.equal(await verdict({ kind: 'TCP_CHECK', ...server('good') }), 'good');
    assert.equal(await verdict(httpChecker({ kind: 'HTTP_GET', ...server(http) })), http);
    assert.equal(await verdict(httpChecker({ kind: 'SSL_GET', ...server(ssl) })), ssl);
    assert.equal(await verdict({ kind: 'SMTP_CHECK', heloName: 'me', ...server(smtp) }), `SMTP_CHECK ${smtp}`);
  });
}

test('a mail server that resets in the middle', async () => {
  const port = await loopback.tcp((socket) => {
    socket.write('220 hello\r\n');
    socket.once('data', () => socket.resetAndDestroy());
  });
  const smtp: Checker = { kind: 'SMTP_CHECK', heloName: 'me', ...to(port, seconds(1)) };
  assert.equal(await verdict(smtp), 'SMTP_CHECK Read failure');
});

test('lengths that no body has', async () => {
  for (const length of ['-1', 'many', '999999999999', '99999999999999999999999', '']) {
    const text = `HTTP/1.0 200 OK\r\nContent-Length: ${length}\r\n\r\nok`;
    const port = await loopback.tcp(untilRequest((socket) => socket.end(text)));
    assert.equal(await verdict(httpChecker({ kind: 'HTTP_GET', ...to(port, seconds(1)) })), 'good', length);
  }
});

test('TLS: versions of old, a certificate that we have not, and an end in the middle', async () => {
  const ask = (port: number) => verdict(httpChecker({ kind: 'SSL_GET', ...to(port, seconds(1)) }));
  const old = { ...certificate, minVersion: 'TLSv1', maxVersion: 'TLSv1' } as const;
  assert.equal(await ask(await loopback.tls(old, (socket) => socket.end(page))), noTls);
  const asking = { ...certificate, requestCert: true, rejectUnauthorized: true };
  assert.match(await ask(await loopback.tls(asking, () => {})), /^(SSL read error|Connection failed)$/);
  const cut = await loopback.tls(
    certificate,
    untilRequest((socket) => {
      socket.write('HTTP/1.0 200 OK\r\nContent-Length: 99\r\n\r\nok');
      setImmediate(() => socket.destroy());
    }),
  );
  assert.match(await ask(cut), /^(good|SSL read error)$/);
});

test('UDP_CHECK: the largest datagram, and many', async () => {
  const replying = (port: number): Checker => ({
    ...{ kind: 'UDP_CHECK', ...to(port, seconds(1)), payload: Uint8Array.of(1), requireReply: true },
    ...{ minimumReplyLength: 0, maximumReplyLength: 65_535 },
  });
  const largest = await loopback.udp((_, answer) => answer(new Uint8Array(65_507)));
  assert.equal(await verdict(replying(largest)), 'good');
  const flood = await loopback.udp((_, answer) => {
    for (let i = 0; i < 1000; i++) answer(Uint8Array.of(i & 0xff));
  });
  assert.equal(await verdict(replying(flood)), 'good');
});

const misc = (text: string, timeout: Duration): Checker => ({
  ...{ kind: 'MISC_CHECK', schedule: schedule(), timeout, dynamic: false },
  command: { ...script('/bin/sh', '-c', text), uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
});

test('MISC_CHECK: what a script writes goes nowhere', async () => {
  assert.equal(await verdict(misc('yes | head -c 20000000; yes | head -c 20000000 >&2', seconds(30))), 'good');
});

test('MISC_CHECK: a script that hangs ends with all it has started', async () => {
  const file = join(directory, 'child');
  assert.equal(await verdict(misc(`sleep 999 & echo $! >${file}; wait`, seconds(1))), 'timed out');
  const child = Number(readFileSync(file, 'utf8'));
  for (let left = 1000; left > 0 && alive(child); left--) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(alive(child), false);
});

test('MISC_CHECK: a script that leaves a child behind has ended', async () => {
  const file = join(directory, 'left');
  assert.equal(await verdict(misc(`sleep 30 & echo $! >${file}`, seconds(20))), 'good');
  process.kill(Number(readFileSync(file, 'utf8')));
});

test('MISC_CHECK: a script that ignores SIGTERM is killed', async () => {
  assert.equal(await verdict(misc("trap '' TERM; while :; do sleep 0.1; done", millis(50))), 'timed out');
});

/** Whether it runs; one that only waits to be reaped does not. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
