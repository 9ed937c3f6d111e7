/** syslog(3) severities that keepalived uses. */
export type LogLevel = 'alert' | 'err' | 'warning' | 'notice' | 'info' | 'debug';

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  /** Only with --log-detail (-D). */
  readonly detail?: boolean;
}

/** Where log lines go: never blocks and never throws. */
export type Log = (line: LogLine) => void;
