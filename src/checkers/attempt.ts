import type { Checker } from '../config/types.ts';
import type { Dial, DialFailure } from '../ports/dial.ts';
import type { StartMd5 } from '../ports/digest.ts';
import type { Clock } from '../ports/timer.ts';

/** What one attempt says of the server. */
export type AttemptResult =
  | {
      readonly kind: 'success';
      /** Logged while the checker is down: what was good. */
      readonly detail?: string;
      readonly remark?: string;
    }
  | {
      readonly kind: 'failure';
      /** Logged with log_all_failures: what was bad. */
      readonly detail?: string;
      readonly remark?: string;
    }
  /** Nothing was learned of the server; the lines say why. */
  | { readonly kind: 'postponed'; readonly lines: readonly string[] };

/** What a checker may ask of the world. */
export interface CheckerPorts {
  readonly dial: Dial;
  readonly md5: StartMd5;
  readonly clock: Clock;
}

/** Whom an attempt is about, in the words of the log. */
export interface CheckerTarget<C extends Checker = Checker> {
  readonly checker: C;
  /** Name of the real server. */
  readonly realServer: string;
  /** Name of the virtual server. */
  readonly virtualServer: string;
  /** The host HTTP asks for when neither url nor checker name one. */
  readonly defaultHost: string;
}

/** Whether this host has no route to the server: nothing was sent. */
export function isUnreachable(failure: DialFailure): boolean {
  return failure.kind === 'failed' && failure.code === 'ENETUNREACH';
}

/** The bind failure lines of keepalived: the reason, and the checker's own. */
export function bindPostponed(message: string, line: string): AttemptResult {
  return { kind: 'postponed', lines: [`Checker bind failed: ${message}`, line] };
}
