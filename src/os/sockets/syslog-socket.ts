import type { LogLevel } from '../../lib/log.ts';
import { elapsedMilliseconds } from '../clock.ts';
import type { LogRecord, LogSink } from '../log-sinks.ts';
import { native } from '../native.ts';
import { openUnixDatagramSender, type UnixDatagramSender } from './unix-datagram.ts';

const { EAGAIN, EMSGSIZE } = native.constants;

/** Numerical severities (RFC 3164, section 4.1.1). */
const SEVERITIES: Readonly<Record<LogLevel, number>> = { alert: 1, err: 3, warning: 4, notice: 5, info: 6, debug: 7 };
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Lines kept while the log daemon's queue is full; the oldest go first. */
const MAX_WAITING = 10_000;
const RETRY_MILLISECONDS = 20;
/** At close the log daemon has this long to take what is waiting. */
const CLOSE_MILLISECONDS = 50;

/** `<PRI>Mmm dd HH:MM:SS ident[pid]: message`, local time, as syslog(3) writes it with LOG_PID. */
export function formatSyslog(record: LogRecord, facility: number): string {
  const date = new Date(record.at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const day = `${MONTHS[date.getMonth()]} ${String(date.getDate()).padStart(2)}`;
  return `<${facility * 8 + SEVERITIES[record.level]}>${day} ${time} ${record.ident}[${record.pid}]: ${record.message}`;
}

/**
 * Lines to the system's log daemon; `facility` is syslog(3)'s number, 3 for daemon. Lines wait while the daemon's queue
 * is full and are lost while there is no daemon.
 */
export function syslogSink(facility: number, path = '/dev/log'): LogSink {
  return new SyslogSink(facility, openUnixDatagramSender(path));
}

class SyslogSink implements LogSink {
  readonly #facility: number;
  readonly #sender: UnixDatagramSender;
  readonly #encoder = new TextEncoder();
  #waiting: Uint8Array[] = [];
  #retry: NodeJS.Timeout | undefined;

  constructor(facility: number, sender: UnixDatagramSender) {
    this.#facility = facility;
    this.#sender = sender;
  }

  write(record: LogRecord): void {
    const line = this.#encoder.encode(formatSyslog(record, this.#facility));
    if (this.#waiting.length === 0 && this.#take(line)) return;
    this.#waiting.push(line);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    this.#retry ??= setTimeout(() => this.#flush(), RETRY_MILLISECONDS).unref();
  }

  close(): void {
    clearTimeout(this.#retry);
    const end = elapsedMilliseconds() + CLOSE_MILLISECONDS;
    const nothing = new Int32Array(new SharedArrayBuffer(4));
    while (!this.#sendWaiting() && elapsedMilliseconds() < end) Atomics.wait(nothing, 0, 0, 1);
    this.#sender.close();
  }

  #flush(): void {
    this.#retry = this.#sendWaiting() ? undefined : setTimeout(() => this.#flush(), RETRY_MILLISECONDS).unref();
  }

  /** Whether nothing is waiting any more. */
  #sendWaiting(): boolean {
    const refused = this.#waiting.findIndex((line) => !this.#take(line));
    this.#waiting = refused < 0 ? [] : this.#waiting.slice(refused);
    return refused < 0;
  }

  /** Whether the line is done with: sent, or lost for good. */
  #take(line: Uint8Array): boolean {
    const sent = this.#sender.send(line);
    if (sent === -EMSGSIZE) this.#sender.send(line.subarray(0, 1024));
    return sent !== -EAGAIN;
  }
}
