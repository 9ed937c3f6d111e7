import type { Duration } from './duration.ts';

export interface SmtpServer {
  /** Name or address. */
  readonly host: string;
  readonly port: number;
  readonly timeout: Duration;
}

/** One command of the dialogue and the reply code that lets it go on. */
export interface SmtpStep {
  /** Nothing is sent before the server's greeting. */
  readonly send: string | undefined;
  readonly expect: number;
}
