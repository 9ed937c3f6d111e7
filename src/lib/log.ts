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

/** How a line looks where we decide: as keepalived's, or as a JSON object for collectors. */
export type LogFormat = 'text' | 'json';

/** What the command line says of where lines go. */
export interface LogPlaces {
  /** syslog(3)'s number of the facility; absent with -G. */
  readonly syslogFacility?: number;
  /** Standard error. */
  readonly console: boolean;
  readonly file?: { readonly path: string; readonly flush: boolean };
  readonly format: LogFormat;
}
