import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { LogRecord } from '../../../../src/os/log-sinks.ts';
import { native } from '../../../../src/os/native.ts';
import { openNotifySocket } from '../../../../src/os/sockets/notify-socket.ts';
import { unixAddress } from '../../../../src/os/sockets/socket-address.ts';
import { formatSyslog, syslogSink } from '../../../../src/os/sockets/syslog-socket.ts';
import { openUnixDatagramSender } from '../../../../src/os/sockets/unix-datagram.ts';

const { AF_UNIX, SOCK_DGRAM, EAGAIN, ENOENT, ENAMETOOLONG } = native.constants;
const directory = mkdtempSync(join(tmpdir(), 'evenkeel-datagram-'));
after(() => rmSync(directory, { recursive: true }));

class Receiver {
  readonly #fd = native.socket(AF_UNIX, SOCK_DGRAM, 0);
  readonly #data = new Uint8Array(65536);
  constructor(path: string) {
    native.bind(this.#fd, unixAddress(path) as Uint8Array);
  }
  all(): string[] {
    const lines: string[] = [];
    const received = { length: 0, addressLength: 0, controlLength: 0, flags: 0 };
    for (;;) {
      const length = native.recvmsg(this.#fd, this.#data, null, null, 0, received);
      if (length === -EAGAIN) return lines;
      lines.push(new TextDecoder().decode(this.#data.subarray(0, length)));
    }
  }
  close(): void {
    native.close(this.#fd);
  }
}

function record(message: string): LogRecord {
  return { level: 'info', message, ident: 'Keepalived_vrrp', pid: 42, at: new Date(2026, 10, 5, 1, 9, 50).getTime() };
}

test('a syslog line as syslog(3) writes it', () => {
  assert.equal(
    formatSyslog(record('Startup complete'), 3),
    '<30>Nov  5 01:09:50 Keepalived_vrrp[42]: Startup complete',
  );
  assert.ok(formatSyslog({ ...record('x'), level: 'alert' }, 16).startsWith('<129>'));
});

test('lines reach the log daemon, and the next one after it has been started again', () => {
  const path = join(directory, 'log');
  const sink = syslogSink(3, path);
  sink.write(record('nobody listens'));
  const first = new Receiver(path);
  sink.write(record('one'));
  assert.equal(first.all().length, 1);
  first.close();
  sink.write(record('lost'));
  unlinkSync(path);
  const second = new Receiver(path);
  sink.write(record('two'));
  assert.match(second.all().join(), /: two$/);
  sink.close();
  second.close();
});

test("lines wait while the log daemon's queue is full, in order", async () => {
  const path = join(directory, 'slow');
  const receiver = new Receiver(path);
  const sink = syslogSink(3, path);
  const sent = Array.from({ length: 2000 }, (_, i) => `line ${i}`);
  for (const line of sent) sink.write(record(line));
  const got: string[] = [];
  while (got.length < sent.length) {
    got.push(...receiver.all());
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.deepEqual(
    got.map((line) => line.split(']: ')[1]),
    sent,
  );
  sink.close();
  receiver.close();
});

test('closing never waits long for a log daemon that does not read', () => {
  const path = join(directory, 'stuck');
  const receiver = new Receiver(path);
  const sink = syslogSink(3, path);
  for (let i = 0; i < 2000; i++) sink.write(record('x'));
  const start = performance.now();
  sink.close();
  assert.ok(performance.now() - start < 1000);
  receiver.close();
});

test('the service manager is told only where it started us', () => {
  const path = join(directory, 'notify');
  const receiver = new Receiver(path);
  assert.equal(openNotifySocket(path, 2), undefined);
  assert.equal(openNotifySocket('', 1), undefined);
  const socket = openNotifySocket(path, 1);
  socket?.notify('READY=1', 'MAINPID=42');
  assert.deepEqual(receiver.all(), ['READY=1\nMAINPID=42']);
  socket?.close();
  receiver.close();
});

test('abstract names, missing receivers and long paths', () => {
  const name = `@evenkeel-test-${process.pid}`;
  const receiver = new Receiver(name);
  const sender = openUnixDatagramSender(name);
  assert.equal(sender.send(Uint8Array.of(65)), 1);
  assert.deepEqual(receiver.all(), ['A']);
  sender.close();
  receiver.close();
  const nobody = openUnixDatagramSender(join(directory, 'nobody'));
  assert.equal(nobody.send(Uint8Array.of(65)), -ENOENT);
  nobody.close();
  const long = openUnixDatagramSender('/x'.repeat(60));
  assert.equal(long.send(Uint8Array.of(65)), -ENAMETOOLONG);
  long.close();
});
