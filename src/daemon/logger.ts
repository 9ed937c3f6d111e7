import type winston from 'winston';
import type { LogLine } from '../lib/log.ts';
import type { LogRecord, LogSink } from '../os/log-sinks.ts';

export interface LogSource {
  readonly ident: string;
  readonly pid: number;
}

/** The parent's log: its own lines and its children's, to every sink. */
export interface DaemonLog {
  write(line: LogLine, source: LogSource): void;
  /** Resolves when every line has reached every sink. Lines written after that go to the sinks directly. */
  close(): Promise<void>;
}

/** syslog(3) severities, so that winston orders levels as syslog does. */
const LEVELS = { alert: 1, err: 3, warning: 4, notice: 5, info: 6, debug: 7 } as const;

/**
 * Opens the log over `sinks`. winston takes tens of milliseconds to load, so it is loaded beside the rest of the start;
 * lines wait for it in order, with the time at which they were written.
 */
export function openDaemonLog(sinks: readonly LogSink[], detail: boolean, now: () => number): DaemonLog {
  let waiting: LogRecord[] | undefined = [];
  let logger: winston.Logger | undefined;
  const direct = (record: LogRecord): void => {
    for (const sink of sinks) sink.write(record);
  };
  const emit = (record: LogRecord): void => {
    if (waiting !== undefined) waiting.push(record);
    else if (logger !== undefined) logger.log(record);
    else direct(record);
  };
  const loaded = createLogger(sinks).then((created) => {
    logger = created;
    const queued = waiting ?? [];
    waiting = undefined;
    for (const record of queued) created.log(record);
  });
  return {
    write: ({ level, message, detail: detailed }, { ident, pid }) => {
      if (detailed !== true || detail) emit({ level, message, ident, pid, at: now() });
    },
    close: async () => {
      await loaded;
      const closing = logger;
      if (closing === undefined) return;
      logger = undefined;
      await new Promise<void>((resolve) => {
        closing.once('finish', resolve);
        closing.end();
      });
      for (const sink of sinks) sink.close();
    },
  };
}

interface TransportOptions {
  readonly log: (record: LogRecord, next: () => void) => void;
}

async function createLogger(sinks: readonly LogSink[]): Promise<winston.Logger> {
  const { default: winston } = await import('winston');
  // winston's types leave its Transport out.
  const { Transport } = winston as unknown as {
    readonly Transport: new (options: TransportOptions) => winston.transport;
  };
  const transports = sinks.map(
    (sink) =>
      new Transport({
        log: (record, next) => {
          sink.write(record);
          next();
        },
      }),
  );
  return winston.createLogger({
    levels: LEVELS,
    level: 'debug',
    format: winston.format((record) => record)(),
    transports,
  });
}
