import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { check, checkerTarget } from '../../../src/checkers/registry.ts';
import type { HttpChecker, HttpUrl } from '../../../src/config/types.ts';
import { instant, millis, seconds } from '../../../src/lib/duration.ts';
import { dial } from '../../../src/os/sockets/dial.ts';
import { native } from '../../../src/os/native.ts';
import { openSecureDial } from '../../../src/os/sockets/secure-dial.ts';
import { checkerPorts } from '../../fakes/checker-ports.ts';
import { Loopback, selfSigned } from '../../support/loopback.ts';
import { connection, httpChecker, ip, realServer, schedule, virtualServer } from './examples.ts';

const loopback = new Loopback();
const certificate = selfSigned();
const secure = openSecureDial(undefined);
assert.ok(secure.ok);
const ports = checkerPorts({ dial, secureDial: secure.value, clock: { now: () => instant(native.monotonicNow()) } });

after(() => loopback.close());

/** For servers that answer: longer than a busy machine takes. */
const PATIENCE = seconds(5);
/** For servers of which an answer is awaited in vain. */
const SHORT = millis(100);

/** What one attempt says of the server at `port`, without the server's name. */
async function ask(
  kind: HttpChecker['kind'],
  port: number,
  url: Partial<HttpUrl> = {},
  changes: Partial<HttpChecker> = {},
  connectTimeout = PATIENCE,
): Promise<string> {
  const checker = httpChecker({
    kind,
    schedule: schedule({ delayLoop: millis(300) }),
    connection: connection({ address: ip('127.0.0.1'), port, connectTimeout }),
    urls: [{ path: '/', statusCodes: [[200, 299]], tlsCompliant: false, ...url }],
    ...changes,
  });
  const real = realServer('127.0.0.1', { checkers: [checker] });
  const target = checkerTarget(virtualServer([real]), real, checker);
  const result = await check(target, 0, ports, new AbortController().signal);
  return result.kind === 'success'
    ? 'good'
    : result.kind === 'failure'
      ? `${result.detail}`.split(' server ')[0]!
      : 'postponed';
}

const body = 'hello world\n';
const page = `HTTP/1.0 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const md5 = createHash('md5').update(body).digest('hex');

/** Each misbehaviour of a web server, and what HTTP_GET and SSL_GET call it. */
const behaviours: readonly (readonly [
  name: string,
  treat: (socket: Socket) => void,
  plain: string,
  secured: string,
])[] = [
  ['a good page', (socket) => void socket.once('data', () => socket.end(page)), 'good', 'good'],
  ['a page without length', (s) => void s.once('data', () => s.end(`HTTP/1.0 200 OK\r\n\r\n${body}`)), 'good', 'good'],
  ['a page, then silence', (s) => void s.once('data', () => s.write(page)), 'good', 'good'],
  [
    'a page that is shorter than announced',
    (s) => void s.once('data', () => s.end('HTTP/1.0 200 OK\r\nContent-Length: 99\r\n\r\nx')),
    'good',
    'good',
  ],
  [
    'another status',
    (s) => void s.once('data', () => s.end('HTTP/1.1 503 No\r\n\r\n')),
    'HTTP status code error to',
    'HTTP status code error to',
  ],
  [
    'a redirect to itself',
    (s) => void s.once('data', () => s.end('HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n')),
    'HTTP status code error to',
    'HTTP status code error to',
  ],
  [
    'garbage',
    (s) => void s.once('data', () => s.end(Buffer.alloc(500, 0x9c))),
    'Read, no data received from ',
    'SSL read error from',
  ],
  [
    "garbage with a header's end",
    (s) => void s.once('data', () => s.end('\0\xff\r\n\r\n')),
    'HTTP status code error to',
    'HTTP status code error to',
  ],
  [
    'an endless header',
    (s) => void s.once('data', () => s.end(`HTTP/1.0 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`)),
    'Read, no data received from ',
    'Read, no data received from ',
  ],
  [
    'nothing, and closes',
    (s) => void s.once('data', () => s.end()),
    'Read, no data received from ',
    'SSL read error from',
  ],
  ['silence', (s) => s.resume(), 'Timeout WEB read', 'Timeout SSL read'],
  [
    'half a header, then silence',
    (s) => void s.once('data', () => s.write('HTTP/1.0 200 OK\r\n')),
    'Timeout HTTP read',
    'Timeout SSL read',
  ],
  ['byte after byte for ever', (s) => trickle(s), 'Timeout HTTP read', 'Timeout SSL read'],
];

function trickle(socket: Socket): void {
  socket.write('HTTP/1.0 200 OK\r\nContent-Length: 100000\r\n\r\n');
  const timer = setInterval(() => socket.write('x'), 20);
  socket.on('close', () => clearInterval(timer));
}

for (const [name, treat, plain, secured] of behaviours) {
  const limit = plain.startsWith('Timeout') ? SHORT : PATIENCE;
  test(`HTTP_GET: ${name}`, async () =>
    assert.equal(await ask('HTTP_GET', await loopback.tcp(treat), {}, {}, limit), plain));
  test(`SSL_GET: ${name}`, async () =>
    assert.equal(await ask('SSL_GET', await loopback.tls(certificate, treat), {}, {}, limit), secured));
}

test('servers that refuse, reset, close and hang', async () => {
  const closed = await loopback.closedPort();
  const closing = await loopback.tcp((socket) => socket.destroy());
  const resetting = await loopback.tcp((socket) => void socket.once('data', () => socket.resetAndDestroy()));
  const silent = await loopback.tcp((socket) => socket.resume());
  const speaking = await loopback.tcp((socket) => socket.end('220 this is not TLS\r\n'));
  assert.equal(await ask('HTTP_GET', closed), 'Connection failed');
  assert.equal(await ask('SSL_GET', closed), 'Connection failed');
  assert.match(await ask('HTTP_GET', closing), /^Read(, no data received from | error with)$/);
  assert.equal(await ask('SSL_GET', closing), 'Connection failed');
  assert.equal(await ask('HTTP_GET', resetting), 'Read error with');
  assert.equal(await ask('SSL_GET', resetting), 'Connection failed');
  assert.equal(await ask('SSL_GET', silent, {}, {}, SHORT), 'Timeout connecting');
  assert.equal(await ask('SSL_GET', speaking), 'SSL handshake/communication error connecting to');
});

test('an expired certificate is not judged', async () => {
  const port = await loopback.tls(selfSigned(true), (socket) => void socket.once('data', () => socket.end(page)));
  assert.equal(await ask('SSL_GET', port), 'good');
  assert.equal(await ask('SSL_GET', port, { tlsCompliant: true }), 'good');
});

test('the name in the handshake', async () => {
  const names: (string | false | null)[] = [];
  const port = await loopback.tls(certificate, (socket) => {
    names.push((socket as { servername?: string | false }).servername ?? null);
    socket.once('data', () => socket.end(page));
  });
  await ask('SSL_GET', port);
  await ask('SSL_GET', port, {}, { enableSni: true, virtualHost: 'checker.example' });
  await ask('SSL_GET', port, { virtualHost: 'url.example' }, { enableSni: true, virtualHost: 'checker.example' });
  await ask('SSL_GET', port, { virtualHost: 'url.example' }, { enableSni: true, sniName: 'sni.example' });
  await ask('SSL_GET', port, { virtualHost: 'url.example' }, { sniName: 'sni.example' });
  await ask('SSL_GET', port, { virtualHost: '10.0.0.1' }, { enableSni: true });
  assert.deepEqual(names, [false, 'checker.example', 'url.example', 'sni.example', false, false]);
});

test('digest, regular expression and their order', async () => {
  const port = await loopback.tcp((socket) => void socket.once('data', () => socket.end(page)));
  const regex = (pattern: string, more: Partial<NonNullable<HttpUrl['regex']>> = {}): Partial<HttpUrl> => ({
    regex: { pattern, options: [], noMatch: false, minimumOffset: 0, ...more },
  });
  const failed = 'Regex match failed';
  assert.equal(await ask('HTTP_GET', port, { digest: md5 }), 'good');
  assert.equal(await ask('HTTP_GET', port, { digest: '0'.repeat(32), ...regex('nothing') }), 'MD5 digest error to');
  assert.equal(await ask('HTTP_GET', port, { digest: md5, ...regex('nothing') }), failed);
  assert.equal(await ask('HTTP_GET', port, regex('^hello (?<name>w.*d)\\n$')), 'good');
  assert.equal(await ask('HTTP_GET', port, regex('WORLD')), failed);
  assert.equal(await ask('HTTP_GET', port, regex('W O R L D', { options: ['caseless', 'extended'] })), 'good');
  assert.equal(await ask('HTTP_GET', port, regex('world', { noMatch: true })), failed);
  assert.equal(await ask('HTTP_GET', port, regex('earth', { noMatch: true })), 'good');
  assert.equal(await ask('HTTP_GET', port, regex('world', { minimumOffset: 6 })), 'good');
  assert.equal(await ask('HTTP_GET', port, regex('world', { minimumOffset: 7 })), failed);
  assert.equal(await ask('HTTP_GET', port, regex('world', { minimumOffset: 99 })), failed);
  assert.equal(await ask('HTTP_GET', port, regex('world', { maximumOffset: 6 })), 'good');
  assert.equal(await ask('HTTP_GET', port, regex('world', { maximumOffset: 5 })), failed);
  assert.equal(await ask('HTTP_GET', port, regex('(unfinished')), failed);
});

test('a pattern that backtracks for ever is given up as no match', async () => {
  const port = await loopback.tcp(
    (socket) => void socket.once('data', () => socket.end(`HTTP/1.0 200 OK\r\n\r\n${'a'.repeat(60)}b`)),
  );
  const regex = { pattern: '^(a|a?)+$', options: [], noMatch: false, minimumOffset: 0 };
  assert.equal(await ask('HTTP_GET', port, { regex }), 'Regex match failed');
});

test('megabytes are read through, and a limit ends them', async () => {
  const big = await loopback.tcp(
    (socket) => void socket.once('data', () => socket.end(`HTTP/1.0 200 OK\r\n\r\n${'x'.repeat(3_000_000)}`)),
  );
  assert.equal(await ask('HTTP_GET', big), 'good');
  const regex = { pattern: 'x{10}$', options: [], noMatch: false, minimumOffset: 0 };
  assert.equal(await ask('HTTP_GET', big, { regex }), 'good');
});

test('a client certificate is shown to those who ask for one', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'client-'));
  const [certificateFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  try {
    writeFileSync(certificateFile, certificate.cert);
    writeFileSync(keyFile, certificate.key);
    const opened = openSecureDial({ certificate: certificateFile, key: keyFile });
    assert.ok(opened.ok);
    const names: unknown[] = [];
    const asking = { ...certificate, requestCert: true, rejectUnauthorized: false };
    const port = await loopback.tls(asking, (socket) => {
      names.push(socket.getPeerCertificate().subject?.CN);
      socket.end();
    });
    const to = connection({ address: ip('127.0.0.1'), port, connectTimeout: millis(500) });
    const dialled = await opened.value.connect(to, { closesFully: false }, new AbortController().signal);
    assert.ok(dialled.ok);
    await dialled.value.read(millis(500));
    dialled.value.close();
    assert.deepEqual(names, ['server']);
    const wrong = openSecureDial({ certificate: join(directory, 'missing.pem') });
    assert.equal(!wrong.ok && wrong.error[0], 'SSL error : Cant load certificate file...');
    const bad = join(directory, 'bad.pem');
    writeFileSync(bad, 'x');
    const none = openSecureDial({ ca: bad, certificate: bad, key: bad });
    assert.equal(!none.ok && none.error[0], 'SSL error : Cant load certificate file...');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
