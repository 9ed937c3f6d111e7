import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeClock } from '../../../fakes/clock.ts';
import { type LogWorld, openDaemonLog } from '../../../../src/daemon/parent/logger.ts';
import { instant, millis, seconds } from '../../../../src/lib/duration.ts';
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

/** Wall time and the time that passes, both in milliseconds, and a timer that never expires by itself. */
function clocks(wallClock: () => number = () => 0, elapsed: () => number = wallClock): LogWorld {
  return {
    wallClock,
    clock: { now: () => instant(millis(elapsed())) },
    openTimer: () => ({ arm: () => {}, close: () => {} }),
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
      clocks(
        () => ++time,
        () => time,
      ),
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
      const log = openDaemonLog([sink], detail, clocks());
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
      clocks(() => time),
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

  it('tells of what it held back although nothing else is said', async () => {
    const sink = memorySink();
    const clock = fakeClock();
    const log = openDaemonLog([sink], false, { wallClock: () => 0, clock, openTimer: clock.openTimer });
    await clock.advanceTo(instant(seconds(1)));
    for (let n = 0; n < 150; n++) log.write({ level: 'info', message: 'again' }, source);
    await clock.advanceTo(instant(seconds(2)));
    for (let n = 0; n < 150; n++) log.write({ level: 'info', message: 'yet again' }, source);
    const told = (): readonly string[] => sink.records.slice(200).map(({ message }) => message);
    await clock.advanceTo(instant(seconds(10.9)));
    assert.deepEqual(told(), []);
    await clock.advanceTo(instant(seconds(11)));
    assert.deepEqual(told(), ['message repeated 50 more times: [ again ]']);
    await clock.advanceTo(instant(seconds(12)));
    assert.deepEqual(told().slice(1), ['message repeated 50 more times: [ yet again ]']);
    await clock.advanceTo(instant(seconds(60)));
    assert.equal(told().length, 2);
    await log.close();
  });

  it('counts repetitions by time that passes, whatever is done to the clock', async () => {
    const sink = memorySink();
    let [wall, elapsed] = [1_000_000, 0];
    const log = openDaemonLog(
      [sink],
      false,
      clocks(
        () => wall,
        () => elapsed,
      ),
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
    const log = openDaemonLog([sink], false, clocks());
    log.write({ level: 'alert', message: 'a' }, { ident: 'Keepalived_vrrp', pid: 77 });
    await log.close();
    assert.deepEqual(
      sink.records.map(({ ident, pid, level }) => [ident, pid, level]),
      [['Keepalived_vrrp', 77, 'alert']],
    );
  });

  it('without a place to write to, writes nowhere', async () => {
    const said: unknown[] = [];
    const { error } = console;
    console.error = (...words) => void said.push(words);
    try {
      const log = openDaemonLog([], true, clocks());
      await log.settle();
      log.write({ level: 'info', message: 'Stopping' }, source);
      await log.close();
    } finally {
      console.error = error;
    }
    assert.deepEqual(said, []);
  });
});
