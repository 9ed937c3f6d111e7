import type { Duration } from './duration.ts';

export interface SmtpServer {
  /** Name or address. */
  readonly host: string;
  readonly port: number;
  readonly timeout: Duration;
}

/** One command of the dialogue and the reply code that lets it go on. */
export interface SmtpStep {
  /** As log lines call it. */
  readonly name: string;
  /** Nothing is sent before the server's greeting. */
  readonly send: string | undefined;
  readonly expect: number;
  /** Once this one is answered the server has the message; what comes after it may fail. */
  readonly last?: true;
}

/** A reply of the server, and what it has sent after that. */
export interface SmtpReply {
  readonly code: number;
  readonly rest: string;
}

export interface SmtpFailure {
  /** What keepalived says of it; undefined where it is silent. */
  readonly message: string | undefined;
  /** The server has refused the message and would do so again (RFC 5321, section 4.2.1). */
  readonly lasting: boolean;
}

/** Who is told how a dialogue goes. */
export interface SmtpProgress {
  /** With the server's address and port, "[192.0.2.1]:25". */
  connected(peer: string): void;
  /** The server has the message. */
  taken(): void;
  /** Something went wrong after that. */
  complained(message: string): void;
}
