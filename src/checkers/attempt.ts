import type { Checker, CheckerConnection } from '../config/types.ts';
import type { DatagramFailure, Datagrams } from '../ports/datagram.ts';
import type { Dial, DialFailure, SecureDial } from '../ports/dial.ts';
import type { StartMd5 } from '../ports/digest.ts';
import type { CompileRegex } from '../ports/regex.ts';
import type { RunScript } from '../ports/script.ts';
import type { Clock } from '../ports/timer.ts';

/** A server that sends this many datagrams none of which is the answer is treated as one that sends nothing. */
export const MOST_OTHER_DATAGRAMS = 1000;

/** What one attempt says of the server. */
export type AttemptResult =
  | {
      readonly kind: 'success';
      /** Logged while the checker is down: what was good. */
      readonly detail?: string;
      readonly remark?: Remark;
      /** What the real server's weight is to be; absent leaves it. */
      readonly weight?: CheckerWeight;
    }
  | Failure
  /** Nothing was learned of the server; the lines say why. */
  | { readonly kind: 'postponed'; readonly remark?: Remark; readonly lines: readonly string[] };

/** A line about an answer, logged unless the last remark of the same step had the same topic. */
export interface Remark {
  readonly topic: string;
  /** Absent where all is well, so that the next trouble is logged again. */
  readonly text?: string;
}

/** An attempt that went wrong. */
export interface Failure {
  readonly kind: 'failure';
  /** Logged with log_all_failures: what was bad. */
  readonly detail?: string;
  readonly remark?: Remark;
  /** What the texts of this kind of checker need besides: how a script ended, what a mail server did wrong. */
  readonly reason?: string;
}

/** A checker's part in the weight of its real server: in place of the configured weight, or on top of it. */
export type CheckerWeight = { readonly to: number } | { readonly by: number };

/** What a checker may ask of the world. */
export interface CheckerPorts {
  readonly dial: Dial;
  readonly secureDial: SecureDial;
  readonly datagrams: Datagrams;
  readonly runScript: RunScript;
  readonly compileRegex: CompileRegex;
  readonly md5: StartMd5;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
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
  /** The host of a TLS handshake when neither checker nor url name one. */
  readonly handshakeHost?: string;
}

/** Whether this host has no route to the server: nothing was sent. */
export function isUnreachable(failure: DialFailure | DatagramFailure): boolean {
  return failure.kind === 'notAsked' && (failure.code === 'ENETUNREACH' || failure.code === 'EHOSTUNREACH');
}

/**
 * The result where trouble of our own host, other than a missing route, kept it from asking; `line` says in the checker's
 * words that it will try again. Undefined where the failure is the server's.
 */
export function postponed(failure: DialFailure | DatagramFailure, line: string): AttemptResult | undefined {
  const trouble = ownTrouble(failure);
  return trouble === undefined
    ? undefined
    : { kind: 'postponed', remark: { topic: trouble, text: trouble }, lines: [line] };
}

function ownTrouble(failure: DialFailure | DatagramFailure): string | undefined {
  if (failure.kind === 'bind') {
    const { message, device } = failure;
    return `${device === undefined ? 'Checker bind failed' : `Checker can't bind to device ${device}`}: ${message}`;
  }
  if (failure.kind !== 'notAsked' || isUnreachable(failure)) return undefined;
  return `socket connect error ${failure.errno} - ${failure.message}`;
}

/** Address and port that are dialled, as mails and logs of some checkers name them. */
export function endpointName({ address, port }: CheckerConnection): string {
  return `[${address}]:${port}`;
}
