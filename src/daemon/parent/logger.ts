import { processId } from '../../os/processes/this-process.ts';
import type winston from 'winston';
import type { LogLevel, LogLine } from '../../lib/log.ts';
import type { LogRecord, LogSink } from '../../os/log-sinks.ts';
import type { Clock, Timer } from '../../ports/timer.ts';
import { RepeatedLines, type Suppressed } from './repeated-lines.ts';

export interface LogSource {
  readonly ident: string;
  readonly pid: number;
}

/** The parent's log: its own lines and its children's, to every sink. */
export interface DaemonLog {
  write(line: LogLine, source: LogSource): void;
  /** The start is over: winston may be loaded, which takes tens of milliseconds. */
  settle(): Promise<void>;
  /** Resolves when every line has reached every sink. */
  close(): Promise<void>;
}

export interface LogWorld {
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** Nobody sets it: repetitions are counted by it. */
  readonly clock: Clock;
  openTimer(expired: () => void): Timer;
}

/** syslog(3) severities, so that winston orders levels as syslog does. */
const LEVELS = { alert: 1, err: 3, warning: 4, notice: 5, info: 6, debug: 7 } as const;

/**
 * Opens the log over `sinks`. Lines go to the sinks directly until winston is there, and whenever it is not; both ways
 * write at once, so their order holds.
 */
export function openDaemonLog(sinks: readonly LogSink[], detail: boolean, world: LogWorld): DaemonLog {
  const now = (): number => world.wallClock();
  let logger: winston.Logger | undefined;
  let loading: Promise<void> | undefined;
  const emit = (record: LogRecord): void => {
    if (logger !== undefined) logger.log(record);
    else for (const sink of sinks) sink.write(record);
  };
  const repeated = new RepeatedLines();
  const tell = (suppressed: readonly Suppressed[]): void => {
    for (const { key, count } of suppressed) {
      const [ident = '', pid = '', level = '', ...words] = key.split(' ');
      const message = `message repeated ${count} more times: [ ${words.join(' ')} ]`;
      emit({ level: level as LogLevel, message, ident, pid: Number(pid), at: now() });
    }
  };
  let reporting: Timer | undefined;
  const report = (): void => {
    tell(repeated.takeSuppressed(world.clock.now()));
    reporting?.arm(repeated.toldAt);
  };
  return {
    write: ({ level, message, detail: detailed }, { ident, pid }) => {
      if (detailed === true && !detail) return;
      const at = world.clock.now();
      tell(repeated.takeSuppressed(at));
      if (repeated.admits(`${ident} ${pid} ${level} ${message}`, at)) {
        emit({ level, message, ident, pid, at: now() });
        return;
      }
      reporting ??= world.openTimer(report);
      reporting.arm(repeated.toldAt);
    },
    settle: () => {
      // winston says on standard error that it has nowhere to write to.
      if (sinks.length === 0) return Promise.resolve();
      loading ??= createLogger(sinks).then(
        (created) => {
          logger = created;
        },
        (error: unknown) => {
          emit({ level: 'err', message: `winston: ${error}`, ident: 'Keepalived', pid: processId(), at: now() });
        },
      );
      return loading;
    },
    close: async () => {
      reporting?.close();
      tell(repeated.takeSuppressed(world.clock.now(), true));
      await loading;
      const closing = logger;
      logger = undefined;
      if (closing !== undefined) await ended(closing);
      for (const sink of sinks) sink.close();
    },
  };
}

function ended(logger: winston.Logger): Promise<void> {
  return new Promise((resolve) => {
    logger.once('finish', resolve);
    logger.end();
  });
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
