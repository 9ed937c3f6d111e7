import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AttemptResult } from '../../../src/checkers/attempt.ts';
import { check, checkerTarget } from '../../../src/checkers/registry.ts';
import type { HttpChecker, RealServer, VirtualServer } from '../../../src/config/types.ts';
import { seconds } from '../../../src/lib/duration.ts';
import { checkerPorts, impatientClock } from '../../fakes/checker-ports.ts';
import { type ScriptedRead, type ScriptedServer, scriptedDial } from '../../fakes/dial.ts';
import { connection, httpChecker, ip, realServer, virtualServer } from './examples.ts';

interface Around {
  readonly checker?: Partial<HttpChecker>;
  readonly real?: Partial<RealServer>;
  readonly server?: Partial<VirtualServer>;
  readonly step?: number;
}

/** One attempt against a scripted server: the result and the request it saw. */
async function attempt(server: ScriptedServer, around: Around = {}): Promise<[AttemptResult, string | undefined]> {
  const dial = scriptedDial(() => server);
  const checker = httpChecker(around.checker);
  const real = realServer('10.0.0.11', { checkers: [checker], ...around.real });
  const target = checkerTarget(virtualServer([real], around.server), real, checker);
  const ports = checkerPorts({ dial, clock: impatientClock() });
  const result = await check(target, around.step ?? 0, ports, new AbortController().signal);
  assert.equal(dial.open(), 0, 'the connection is closed');
  return [result, dial.requests[0]];
}

function open(...reads: readonly ScriptedRead[]): ScriptedServer {
  return { kind: 'open', reads };
}

const body = 'hello\n';
const digest = createHash('md5').update(body).digest('hex');
const page = `HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\n${body}`;
const success = 'HTTP status code success to [10.0.0.11]:tcp:80 url(/)';

async function verdict(reads: readonly ScriptedRead[], checker: Partial<HttpChecker> = {}): Promise<string> {
  const [result] = await attempt(open(...reads), { checker });
  return result.kind === 'postponed' ? result.kind : `${result.detail}`;
}

function url(changes: object): Partial<HttpChecker> {
  return { urls: [{ path: '/', statusCodes: [[200, 299]], tlsCompliant: false, ...changes }] };
}

test('the request, byte for byte, and where its host comes from', async () => {
  const request = async (around: Around): Promise<string | undefined> => (await attempt(open(page), around))[1];
  const head = 'GET / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\n';
  assert.equal(await request({}), `${head}Host: 10.0.0.11:80\r\n\r\n`);
  assert.equal(await request({ server: { virtualHost: 'vs' } }), `${head}Host: vs\r\n\r\n`);
  assert.equal(
    await request({ server: { virtualHost: 'vs' }, real: { virtualHost: 'rs' } }),
    `${head}Host: rs\r\n\r\n`,
  );
  const checker = { virtualHost: 'checker' };
  assert.equal(await request({ real: { virtualHost: 'rs' }, checker }), `${head}Host: checker\r\n\r\n`);
  assert.equal(await request({ checker: { ...checker, ...url({ virtualHost: 'url' }) } }), `${head}Host: url\r\n\r\n`);
  assert.equal(
    await request({ checker: { connection: connection({ address: ip('2001:db8::1') }) } }),
    `${head}Host: [2001:db8::1]:80\r\n\r\n`,
  );
  const elsewhere = { connection: connection({ address: ip('10.0.0.12'), port: 8080 }) };
  assert.equal(await request({ checker: elsewhere }), `${head}Host: 10.0.0.12:8080\r\n\r\n`);
  const close = 'User-Agent: KeepAliveClient\r\nConnection: close\r\nHost: 10.0.0.11:80\r\n\r\n';
  assert.equal(await request({ checker: { httpProtocol: '1.0C' } }), `GET / HTTP/1.0\r\n${close}`);
  assert.equal(await request({ checker: { httpProtocol: '1.1' } }), `GET / HTTP/1.1\r\n${close}`);
});

test('each step asks for its own url', async () => {
  const urls = ['/a', '/b'].map((path) => ({ path, statusCodes: [[200, 200]] as const, tlsCompliant: false }));
  const [result, request] = await attempt(open(page), { checker: { urls }, step: 1 });
  assert.match(request ?? '', /^GET \/b HTTP/);
  assert.equal(result.kind === 'success' && result.detail, 'HTTP status code success to [10.0.0.11]:tcp:80 url(/b)');
});

test('status codes: the listed ones only', async () => {
  assert.equal(await verdict([page]), success);
  const moved = 'HTTP/1.1 301 Moved\r\n\r\n';
  assert.equal(await verdict([moved]), 'HTTP status code error to server [10.0.0.11]:tcp:80.');
  assert.equal(
    await verdict(
      [moved],
      url({
        statusCodes: [
          [200, 200],
          [300, 308],
        ],
      }),
    ),
    success,
  );
  for (const head of [
    'garbage',
    '',
    'HTTP/1.0 2000 OK',
    'HTTP/1.0 20 OK',
    'HTTP/1.0\t200',
    'HTTP/1.0 200',
    'HTTP/1.0 200OK',
    'HTTP/1.0  200 OK',
    '\r\nHTTP/1.0 200 OK',
  ]) {
    assert.match(await verdict([`${head}\r\n\r\n`]), /^HTTP status code error/, head);
  }
});

test('the digest is over the raw body, however it is cut up', async () => {
  const withDigest = url({ digest });
  assert.equal(await verdict([page], withDigest), 'MD5 digest success to [10.0.0.11]:tcp:80 url(/)');
  assert.equal(await verdict([...page], withDigest), 'MD5 digest success to [10.0.0.11]:tcp:80 url(/)');
  const excess = page.replace(body, `${body}and more`);
  assert.equal(await verdict([excess], withDigest), 'MD5 digest success to [10.0.0.11]:tcp:80 url(/)');
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n';
  assert.equal(await verdict([chunked], withDigest), 'MD5 digest error to server [10.0.0.11]:tcp:80.');
});

test('an answer is over at its announced length, or at the end', async () => {
  const hanging: ScriptedRead = { kind: 'timeout' };
  assert.equal(await verdict([page, hanging]), success);
  assert.equal(await verdict(['HTTP/1.0 200 OK\r\n\r\nhello', { kind: 'end' }]), success);
  assert.match(await verdict(['HTTP/1.0 200 OK\r\n\r\nhello', hanging]), /^Timeout HTTP read server/);
});

test('a wrong length is a remark, not a failure', async () => {
  for (const [length, received] of [
    [60, 6],
    [3, 6],
  ]) {
    const [result] = await attempt(open(`HTTP/1.0 200 OK\r\ncontent-length: ${length}\r\n\r\n${body}`));
    assert.equal(result.kind, 'success');
    assert.equal(
      result.kind === 'success' && result.remark?.text,
      'http_check for RS [10.0.0.11]:tcp:80 VS [10.9.0.1]:tcp:80 url /: ' +
        `content_length (${length}) does not match received bytes (${received})`,
    );
  }
});

test('servers that misbehave', async () => {
  assert.equal(await verdict([{ kind: 'timeout' }]), 'Timeout WEB read server [10.0.0.11]:tcp:80.');
  assert.equal(await verdict([{ kind: 'failed', code: 'ECONNRESET' }]), 'Read error with server [10.0.0.11]:tcp:80.');
  const nothing = 'Read, no data received from  server [10.0.0.11]:tcp:80.';
  assert.equal(await verdict([]), nothing);
  assert.equal(await verdict(['HTTP/1.0 200 OK\r\nX: y\r\n']), nothing);
  assert.equal(await verdict(['HTTP/1.0 200 OK\n\nhello\n']), nothing);
  const withHeader = (length: number): string => `HTTP/1.0 200 OK\r\nX: ${'y'.repeat(length - 24)}\r\n\r\n`;
  assert.equal(await verdict([withHeader(4095), { kind: 'end' }]), success);
  assert.equal(await verdict([withHeader(4096), { kind: 'end' }]), nothing);
  assert.equal(await verdict([...withHeader(4096)]), nothing);
});

test('a server that sends byte by byte for ever is given up', async () => {
  const trickle = { connectTimeout: seconds(0.001) };
  const reads = new Array<string>(60_000).fill('x');
  const result = await verdict(['HTTP/1.0 200 OK\r\n\r\n', ...reads], { connection: connection(trickle) });
  assert.match(result, /^Timeout HTTP read server/);
});

test('no connection', async () => {
  const said = (text: string) => ({ topic: text, text });
  const detail = async (server: ScriptedServer): Promise<unknown> => (await attempt(server))[0];
  assert.deepEqual(await detail({ kind: 'failed', code: 'ECONNREFUSED' }), {
    kind: 'failure',
    detail: 'Connection failed server [10.0.0.11]:tcp:80.',
  });
  const unreachable = 'HTTP_CHECK - network unreachable server [10.0.0.11]:tcp:80.';
  for (const code of ['ENETUNREACH', 'EHOSTUNREACH']) {
    const ownHost = { kind: 'notAsked', code, errno: 0, message: '' } as const;
    assert.deepEqual(await detail(ownHost), { kind: 'failure', detail: unreachable });
  }
  assert.deepEqual(await detail({ kind: 'notAsked', code: 'EACCES', errno: 13, message: 'Permission denied' }), {
    kind: 'postponed',
    remark: said('socket connect error 13 - Permission denied'),
    lines: ['WEB socket bind failed. Rescheduling'],
  });
  assert.deepEqual(await detail({ kind: 'failed', code: 'EHOSTUNREACH' }), {
    kind: 'failure',
    detail: 'Connection failed server [10.0.0.11]:tcp:80.',
  });
  assert.deepEqual(await detail({ kind: 'timeout' }), {
    kind: 'failure',
    detail: 'Timeout connecting server [10.0.0.11]:tcp:80.',
  });
  assert.deepEqual(await detail({ kind: 'bind', message: 'Cannot assign requested address' }), {
    kind: 'postponed',
    remark: said('Checker bind failed: Cannot assign requested address'),
    lines: ['WEB socket bind failed. Rescheduling'],
  });
});

test('property: whatever a server sends, there is a verdict', async () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.constantFrom<ScriptedRead>('\r\n', '\r\n\r\n', 'HTTP/1.1 ', '200 OK', 'Content-Length: ', '7', { kind: 'end' }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part), async (reads) => {
      const [result] = await attempt(open(...reads), { checker: url({ digest }) });
      assert.notEqual(result.kind, 'postponed');
    }),
  );
});

test('a pattern that cannot be compiled is a failure, wanted or not', async () => {
  for (const noMatch of [false, true]) {
    const regex = { pattern: '(a', options: [], noMatch, minimumOffset: 0 };
    assert.match(await verdict([page], url({ regex })), /^Regex match failed/);
  }
});
