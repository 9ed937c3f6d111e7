import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openDaemonLog } from '../../../../src/daemon/parent/logger.ts';
import type { LogRecord, LogSink } from '../../../../src/os/log-sinks.ts';

interface MemorySink extends LogSink {
  readonly records: LogRecord[];
  closed: boolean;
}

function memorySink(): MemorySink {
  const records: LogRecord[] = [];
  return {
    records,
    closed: false,
    write: (record) => void records.push({ ...record }),
    close(): void {
      this.closed = true;
    },
  };
}

const source = { ident: 'Keepalived', pid: 1 };

describe('daemon log', () => {
  it('brings every line to every sink before it closes, in order and with its own time', async () => {
    const sinks = [memorySink(), memorySink()];
    let time = 0;
    const log = openDaemonLog(
      sinks,
      false,
      () => ++time,
      () => time,
    );
    const messages = Array.from({ length: 2000 }, (_, n) => `line ${n}`);
    for (const message of messages.slice(0, 1000)) log.write({ level: 'info', message }, source);
    const settled = log.settle();
    log.write({ level: 'info', message: 'while winston loads' }, source);
    messages.splice(1000, 0, 'while winston loads');
    await settled;
    for (const message of messages.slice(1001)) log.write({ level: 'debug', message }, source);
    await log.close();
    for (const sink of sinks) {
      assert.deepEqual(
        sink.records.map((record) => record.message),
        messages,
      );
      assert.deepEqual(
        sink.records.map((record) => record.at),
        messages.map((_, n) => n + 1),
      );
      assert.equal(sink.closed, true);
    }
  });

  it('keeps detail to those who asked for it', async () => {
    for (const detail of [true, false]) {
      const sink = memorySink();
      const log = openDaemonLog(
        [sink],
        detail,
        () => 0,
        () => 0,
      );
      await log.settle();
      log.write({ level: 'info', message: 'more', detail: true }, source);
      await log.close();
      assert.equal(sink.records.length, detail ? 1 : 0);
    }
  });

  it('holds back a message that comes over and over, and says how often', async () => {
    const sink = memorySink();
    let time = 0;
    const log = openDaemonLog(
      [sink],
      false,
      () => time,
      () => time,
    );
    for (let n = 0; n < 1000; n++) log.write({ level: 'info', message: 'again and again' }, source);
    log.write({ level: 'info', message: 'another' }, source);
    assert.equal(sink.records.length, 101);
    time = 10_000;
    log.write({ level: 'info', message: 'later' }, source);
    assert.deepEqual(
      sink.records.slice(100).map(({ message }) => message),
      ['another', 'message repeated 900 more times: [ again and again ]', 'later'],
    );
    log.write({ level: 'info', message: 'again and again' }, source);
    assert.equal(sink.records.at(-1)?.message, 'again and again');
    await log.close();
    assert.equal(sink.records.length, 104);
  });

  it('counts repetitions by time that passes, whatever is done to the clock', async () => {
    const sink = memorySink();
    let [wall, elapsed] = [1_000_000, 0];
    const log = openDaemonLog(
      [sink],
      false,
      () => wall,
      () => elapsed,
    );
    const say = (): void => log.write({ level: 'info', message: 'again' }, source);
    for (let n = 0; n < 90; n++) say();
    [wall, elapsed] = [0, 10_000];
    for (let n = 0; n < 90; n++) say();
    assert.equal(sink.records.length, 180);
    await log.close();
  });

  it('keeps each line with the process that said it', async () => {
    const sink = memorySink();
    const log = openDaemonLog(
      [sink],
      false,
      () => 0,
      () => 0,
    );
    log.write({ level: 'alert', message: 'a' }, { ident: 'Keepalived_vrrp', pid: 77 });
    await log.close();
    assert.deepEqual(
      sink.records.map(({ ident, pid, level }) => [ident, pid, level]),
      [['Keepalived_vrrp', 77, 'alert']],
    );
  });
});
