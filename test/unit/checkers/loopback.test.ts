import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { after, test } from 'node:test';
import type { AttemptResult } from '../../../src/checkers/attempt.ts';
import { check, checkerTarget } from '../../../src/checkers/registry.ts';
import type { Checker, DnsChecker, UdpChecker } from '../../../src/config/types.ts';
import { instant, millis, seconds } from '../../../src/lib/duration.ts';
import { openScripts } from '../../../src/os/processes/checker-script.ts';
import { datagrams } from '../../../src/os/sockets/datagrams.ts';
import { dial } from '../../../src/os/sockets/dial.ts';
import { native } from '../../../src/os/native.ts';
import { checkerPorts } from '../../fakes/checker-ports.ts';
import { Loopback } from '../../support/loopback.ts';
import { connection, ip, realServer, schedule, script, virtualServer } from './examples.ts';

const loopback = new Loopback();
const ports = checkerPorts({
  dial,
  datagrams,
  runScript: openScripts(() => {}),
  clock: { now: () => instant(native.monotonicNow()) },
  random: Math.random,
});

after(() => loopback.close());

/** For answers that are awaited in vain; those that come may take as long as a busy machine needs. */
const SHORT = millis(100);

function at(port: number, connectTimeout = seconds(5)) {
  return connection({ address: ip('127.0.0.1'), port, connectTimeout });
}

function attempt(checker: Checker, signal = new AbortController().signal): Promise<AttemptResult> {
  const real = realServer('127.0.0.1', { checkers: [checker] });
  return check(checkerTarget(virtualServer([real]), real, checker), 0, ports, signal);
}

/** The result in a word: what log_all_failures would say of a failure. */
async function ask(checker: Checker): Promise<string> {
  const result = await attempt(checker);
  if (result.kind === 'success') return 'good';
  return result.kind === 'failure' ? `${result.detail}` : [result.remark?.text, ...result.lines].join(' | ');
}

const tcp = (port: number): Checker => ({ kind: 'TCP_CHECK', schedule: schedule(), connection: at(port) });

test('TCP_CHECK: accepted, refused, out of our reach', async () => {
  assert.equal(await ask(tcp(await loopback.tcp(() => {}))), 'good');
  assert.equal(await ask(tcp(await loopback.tcp((socket) => socket.destroy()))), 'good');
  const failed = 'TCP connection to [127.0.0.1]:tcp:80 failed.';
  assert.equal(await ask(tcp(await loopback.closedPort())), failed);
  const elsewhere = { ...at(80), bindAddress: ip('192.0.2.1') };
  assert.equal(
    await ask({ kind: 'TCP_CHECK', schedule: schedule(), connection: elsewhere }),
    'Checker bind failed: Cannot assign requested address | TCP socket bind failed. Rescheduling.',
  );
});

/** A mail server that says its replies one after another, whatever it hears; null closes, '' is silence. */
function mailServer(...replies: readonly (string | null)[]) {
  return (socket: Socket): void => {
    const left = [...replies];
    const next = (): void => {
      const reply = left.shift();
      if (reply === null) socket.end();
      else if (reply) socket.write(reply);
    };
    next();
    socket.on('data', next);
  };
}

test('SMTP_CHECK: the dialogue and how it goes wrong', async () => {
  const talk = async (...replies: readonly (string | null)[]): Promise<string> => {
    const port = await loopback.tcp(mailServer(...replies));
    // A server that falls silent, or that ends no line, is the one that is given up.
    const last = replies.at(-1) ?? '\n';
    const connection = at(port, last.endsWith('\n') ? seconds(5) : SHORT);
    const said = await ask({ kind: 'SMTP_CHECK', schedule: schedule(), connection, heloName: 'me' });
    return said.replace(`[127.0.0.1]:${port}`, 'HOST');
  };
  assert.equal(await talk('220 hello\r\n', '250 you\r\n', '221 bye\r\n'), 'good');
  assert.equal(await talk('220\r\n', '250\n', 'anything\r\n'), 'good');
  assert.equal(await talk('554 no\r\n'), 'SMTP_CHECK Bad greeting banner from server HOST');
  assert.equal(await talk('220-many\r\n220 lines\r\n'), 'SMTP_CHECK Bad greeting banner from server HOST');
  assert.equal(await talk('2200 four\r\n'), 'SMTP_CHECK Bad greeting banner from server HOST');
  assert.equal(await talk('220 hello\r\n', '550 no\r\n'), 'SMTP_CHECK Bad HELO response from server HOST');
  assert.equal(await talk('220 hello\r\n', '250-a\r\n250 b\r\n'), 'SMTP_CHECK Bad HELO response from server HOST');
  assert.equal(await talk('220 hello\r\n', '250 you\r\n', ''), 'SMTP_CHECK Read timeout from server HOST');
  assert.equal(await talk('220 hello\r\n', '250 you\r\n', null), 'SMTP_CHECK Read failure from server HOST');
  assert.equal(await talk('220 no line end'), 'SMTP_CHECK Read timeout from server HOST');
  assert.equal(await talk(null), 'SMTP_CHECK Read failure from server HOST');
  assert.equal(await talk(`220 ${'x'.repeat(507)}\r\n`), 'SMTP_CHECK Bad greeting banner from server HOST');
  assert.equal(await talk(`${'x'.repeat(70_000)}220 \r\n`), 'SMTP_CHECK Bad greeting banner from server HOST');
  assert.equal(await talk(`220 ${'x'.repeat(506)}\r\n`, '250 you\r\n', `${'x'.repeat(100_000)}\n`), 'good');
  // What comes before it is asked for counts for nothing.
  assert.equal(await talk('220 a\r\n250 b\r\n221 c\r\n', ''), 'SMTP_CHECK Read timeout from server HOST');
  assert.equal(await talk('220 a\r\n554 b\r\n', '250 you\r\n', '221 bye\r\n'), 'good');
  assert.equal(await talk(`220 ${'x'.repeat(100_000)}`), 'SMTP_CHECK Read timeout from server HOST');
});

test('SMTP_CHECK: what is said, and a refusal', async () => {
  const heard: string[] = [];
  const port = await loopback.tcp((socket) => {
    mailServer('220 a\r\n', '250 b\r\n', '221 c\r\n')(socket);
    socket.on('data', (data: Buffer) => heard.push(data.toString()));
  });
  const smtp = (to: number): Checker => ({
    kind: 'SMTP_CHECK',
    schedule: schedule(),
    connection: at(to),
    heloName: 'me',
  });
  assert.equal(await ask(smtp(port)), 'good');
  assert.deepEqual(heard, ['HELO me\r\n', 'QUIT\r\n']);
  const closed = await loopback.closedPort();
  assert.equal(await ask(smtp(closed)), `SMTP_CHECK Could not connect to server [127.0.0.1]:${closed}`);
});

const dns = (port: number, changes: Partial<DnsChecker> = {}): Checker => ({
  kind: 'DNS_CHECK',
  schedule: schedule(),
  connection: at(port),
  type: 'SOA',
  name: '.',
  ...changes,
});

test('DNS_CHECK: the response to our question counts, by its code', async () => {
  const respond = (changed: (response: Buffer) => Uint8Array | undefined) =>
    loopback.udp((query, answer) => {
      const response = Buffer.from(query);
      response[2] = (response[2] ?? 0) | 0x80;
      const sent = changed(response);
      if (sent) answer(sent);
    });
  const code = (rcode: number) => (response: Buffer) => {
    response[3] = rcode;
    return response;
  };
  const prefix = 'DNS_CHECK ([127.0.0.1]:tcp:80) ';
  const timeout = `${prefix}read timeout from socket`;
  assert.equal(await ask(dns(await respond(code(0)))), 'good');
  assert.equal(await ask(dns(await respond(code(3)))), `${prefix}read error occurred. (rcode = 3)`);
  const inVain = async (port: Promise<number>) => ask(dns(await port, { connection: at(await port, SHORT) }));
  assert.equal(await inVain(respond(() => undefined)), timeout);
  assert.equal(await ask(dns(await respond((response) => response.subarray(0, 8)))), 'good');
  assert.equal(await inVain(respond((response) => response.subarray(0, 7))), timeout);
  assert.equal(await inVain(loopback.udp((query, answer) => answer(query))), timeout);
  const another = respond((response) => {
    response[0] = (response[0] ?? 0) ^ 1;
    return response;
  });
  assert.equal(await inVain(another), timeout);
  const refused = `${prefix}failed to read socket; errno 111 (Connection refused)`;
  assert.equal(await ask(dns(await loopback.closedPort())), refused);
  const broadcast = await ask(dns(53, { connection: { ...at(53), address: ip('127.255.255.255') } }));
  const putOff = `${prefix}UDP socket bind failed. Rescheduling.`;
  assert.equal(
    broadcast.replace('127.255.255.255', '127.0.0.1'),
    `socket connect error 13 - Permission denied | ${putOff}`,
  );
});

test('DNS_CHECK: the question', async () => {
  const heard: Buffer[] = [];
  const port = await loopback.udp((query, answer) => {
    heard.push(query);
    const response = Buffer.from(query);
    response[2] = (response[2] ?? 0) | 0x80;
    answer(response);
  });
  await ask(dns(port));
  await ask(dns(port, { name: 'www.example.com', type: 'AAAA' }));
  await ask(dns(port, { name: 'example.com.', type: 'DNSKEY' }));
  assert.deepEqual(
    heard.map((query) => query.subarray(2).toString('hex')),
    [
      '010000010000000000000000060001',
      '0100000100000000000003777777076578616d706c6503636f6d00001c0001',
      '01000001000000000000076578616d706c6503636f6d0000300001',
    ],
  );
});

const udp = (port: number, changes: Partial<UdpChecker> = {}): Checker => ({
  kind: 'UDP_CHECK',
  schedule: schedule(),
  connection: at(port),
  payload: Uint8Array.of(1, 2, 3),
  requireReply: false,
  minimumReplyLength: 0,
  maximumReplyLength: 255,
  ...changes,
});

test('UDP_CHECK: silence is good unless a reply is required; refusal never is', async () => {
  const silent = await loopback.udp(() => {});
  const echo = await loopback.udp((data, answer) => answer(data));
  const failed = 'UDP connection to [127.0.0.1]:tcp:80 failed.';
  const inVain = { connection: at(silent, SHORT) };
  assert.equal(await ask(udp(silent, inVain)), 'good');
  assert.equal(await ask(udp(echo)), 'good');
  assert.equal(await ask(udp(await loopback.closedPort())), failed);
  assert.equal(await ask(udp(silent, { ...inVain, requireReply: true })), failed);
  assert.equal(await ask(udp(echo, { requireReply: true })), 'good');
});

test('UDP_CHECK: length and bytes of the reply', async () => {
  const echo = await loopback.udp((data, answer) => answer(data));
  const required = async (changes: Partial<UdpChecker>): Promise<string> =>
    (await ask(udp(echo, { requireReply: true, ...changes }))).replace(/^UDP check .* reply/, 'reply');
  const reply = (bytes: readonly number[], mask = bytes.map(() => 0xff)): Partial<UdpChecker> => ({
    reply: { bytes: Uint8Array.from(bytes), mask: Uint8Array.from(mask) },
  });
  const mismatch = 'reply data mismatch.';
  assert.equal(await required({ minimumReplyLength: 4 }), mismatch);
  assert.equal(await required({ maximumReplyLength: 2 }), mismatch);
  assert.equal(await required({ minimumReplyLength: 3, maximumReplyLength: 3 }), 'good');
  assert.equal(await required(reply([1, 2])), 'good');
  assert.equal(await required(reply([1, 2, 3, 4])), 'good');
  assert.equal(await required(reply([1, 9])), mismatch);
  assert.equal(await required(reply([1, 9], [0xff, 0])), 'good');
  assert.equal(await required(reply([0xf1, 2], [0x0f, 0xff])), 'good');
});

const misc = (argv: readonly string[], timeout = seconds(5), dynamic = false): Checker => ({
  kind: 'MISC_CHECK',
  schedule: schedule(),
  command: { ...script(...argv), uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
  timeout,
  dynamic,
});

test('MISC_CHECK: status, signal, weight, time, and a script that is not there', async () => {
  const shell = (text: string, dynamic = false) => attempt(misc(['/bin/sh', '-c', text], seconds(5), dynamic));
  assert.deepEqual(await shell('exit 0'), { kind: 'success' });
  assert.deepEqual(await shell('exit 0', true), { kind: 'success' });
  assert.deepEqual(await shell('exit 12', true), { kind: 'success', weight: { to: 10 } });
  const exited = (status: number) => ({ kind: 'failure', detail: 'failed', reason: ` (exited with status ${status})` });
  assert.deepEqual(await shell('exit 12'), exited(12));
  assert.deepEqual(await shell('exit 1', true), exited(1));
  assert.deepEqual(await shell('kill -9 $$'), { kind: 'failure', detail: 'failed', reason: ' (due to signal 9)' });
  const hung = await attempt(misc(['/bin/sh', '-c', 'sleep 30'], millis(50)));
  assert.deepEqual(hung, { kind: 'failure', detail: 'timed out' });
  const trap = (status: number) =>
    attempt(misc(['/bin/sh', '-c', `trap 'exit ${status}' TERM; while :; do sleep 0.01; done`], millis(300), true));
  assert.deepEqual(await trap(0), { kind: 'success' });
  assert.deepEqual(await trap(1), exited(1));
  assert.equal((await attempt(misc(['/nowhere/check']))).kind, 'postponed');
  assert.deepEqual(await attempt(misc(['</dev/null'])), { kind: 'success' });
  assert.deepEqual(await attempt(misc(['</nowhere'])), exited(1));
});

test('PING_CHECK: this host answers', { skip: mayPing() ? false : 'this process may not ping' }, async () => {
  const ping = (address: string): Checker => ({
    kind: 'PING_CHECK',
    schedule: schedule(),
    connection: { ...at(0), address: ip(address) },
  });
  assert.equal(await ask(ping('127.0.0.1')), 'good');
});

function mayPing(): boolean {
  const opened = datagrams.open(at(0), 'icmp', 'final', new AbortController().signal);
  if (opened.ok) opened.value.close();
  return opened.ok;
}

test('every check ends at once when it is stopped', { timeout: 20_000 }, async () => {
  const silentStream = await loopback.tcp((socket) => socket.resume());
  const silent = await loopback.udp(() => {});
  const patient = { schedule: schedule(), connection: { ...at(silentStream), connectTimeout: seconds(60) } };
  const waiting: Checker[] = [
    { kind: 'SMTP_CHECK', ...patient, heloName: 'me' },
    { ...(dns(silent) as DnsChecker), connection: { ...at(silent), connectTimeout: seconds(60) } },
    { ...(udp(silent) as UdpChecker), connection: { ...at(silent), connectTimeout: seconds(60) } },
    misc(['/bin/sleep', '60'], seconds(60)),
  ];
  const stop = new AbortController();
  const results = waiting.map((checker) => attempt(checker, stop.signal));
  setImmediate(() => stop.abort());
  await Promise.all(results);
});
