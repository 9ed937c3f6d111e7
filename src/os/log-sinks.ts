import { closeSync, constants, fdatasyncSync, openSync, writeSync } from 'node:fs';
import type { LogFormat, LogLevel } from '../lib/log.ts';
import { PatientWriter } from './files/patient-writer.ts';
import { streamPort } from './files/stream-port.ts';

/** One line of the log on its way out. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  /** syslog ident of the process that said it. */
  readonly ident: string;
  readonly pid: number;
  /** Wall time, milliseconds since 1970. */
  readonly at: number;
}

/** A place that log lines go to. Writing happens at once, never blocks for long and never throws. */
export interface LogSink {
  write(record: LogRecord): void;
  close(): void;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Local time as ctime(3) prints it, `fraction` after the seconds: "Sat Nov 21 01:09:50 2026". */
export function ctime(at: number, fraction = ''): string {
  const date = new Date(at);
  const day = String(date.getDate()).padStart(2);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((n) => String(n).padStart(2, '0'))
    .join(':');
  return `${DAYS[date.getDay()]} ${MONTHS[date.getMonth()]} ${day} ${clock}${fraction} ${date.getFullYear()}`;
}

/** `{"time":"2026-11-21T05:07:55.068Z","level":"info","ident":"Keepalived","pid":1,"message":"…"}` */
function jsonLine({ at, level, ident, pid, message }: LogRecord): string {
  return JSON.stringify({ time: new Date(at).toISOString(), level, ident, pid, message });
}

/** Lines for a reader that does not keep up, in bytes: some ten thousand of them. */
const CONSOLE_BACKLOG = 1024 * 1024;

/** Standard error, each line with the time. A reader that pauses gets the lines later; one that stays away costs nothing. */
export function consoleSink(format: LogFormat = 'text', fd = 2): LogSink {
  const port = streamPort(fd);
  const lineOf = (record: LogRecord): string =>
    `${format === 'json' ? jsonLine(record) : `${ctime(record.at)}: ${record.message}`}\n`;
  const lossLine = (count: number): string =>
    lineOf({
      level: 'warning',
      ident: 'Keepalived',
      pid: process.pid,
      at: Date.now(),
      message: `${count} lines of the log were lost because nobody read them`,
    });
  const writer = new PatientWriter(port, lossLine, CONSOLE_BACKLOG);
  return {
    write: (record) => writer.write(lineOf(record)),
    close: () => {
      writer.close();
      port.close();
    },
  };
}

/** A log file for each ident: the parent's is `path`, a child's has its short name before the ending. */
export function fileSink(path: string, flush: boolean, format: LogFormat = 'text'): LogSink {
  const open = new Map<string, number | undefined>();
  const descriptorOf = (ident: string): number | undefined => {
    if (!open.has(ident)) open.set(ident, openLogFile(fileNameFor(path, ident)));
    return open.get(ident);
  };
  return {
    write: (record) => {
      const fd = descriptorOf(record.ident);
      if (fd === undefined) return;
      const fraction = `.${String(record.at % 1000).padStart(3, '0')}000000`;
      writeAll(fd, `${format === 'json' ? jsonLine(record) : `${ctime(record.at, fraction)}: ${record.message}`}\n`);
      if (flush) flushFile(fd);
    },
    close: () => {
      for (const fd of open.values()) if (fd !== undefined) closeSync(fd);
      open.clear();
    },
  };
}

const FILE_SUFFIXES: Readonly<Record<string, string>> = {
  Keepalived: '',
  Keepalived_vrrp: '_vrrp',
  Keepalived_healthcheckers: '_check',
  Keepalived_bfd: '_bfd',
};

/** `Keepalived_vrrp_INSTANCE` logs to NAME_vrrp_INSTANCE.log. */
export function fileNameFor(path: string, ident: string): string {
  let known = 'Keepalived';
  for (const candidate of Object.keys(FILE_SUFFIXES)) {
    if (ident.startsWith(candidate) && candidate.length > known.length) known = candidate;
  }
  const suffix = (FILE_SUFFIXES[known] ?? '') + ident.slice(known.length);
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') ? path.slice(0, dot) + suffix + path.slice(dot) : path + suffix;
}

function openLogFile(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
  } catch {
    return undefined;
  }
}

function flushFile(fd: number): void {
  try {
    fdatasyncSync(fd);
  } catch {
    // Pipes and devices have nothing to flush.
  }
}

function writeAll(fd: number, text: string): void {
  try {
    writeSync(fd, text);
  } catch {
    // A log that cannot be written must not stop the daemon.
  }
}
