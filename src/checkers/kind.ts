import type { Checker, CheckerSchedule } from '../config/types.ts';
import type { AttemptResult, CheckerPorts, CheckerTarget, Failure } from './attempt.ts';
import type { VerdictRules, VerdictTexts } from './verdict.ts';

/** One kind of checker: how it asks its server, and what becomes of the answer. */
export interface CheckerKind<C extends Checker> {
  /**
   * One attempt; `step` counts the urls of HTTP_GET. Rejects only for faults of our own. Absent where others tell what
   * has happened.
   */
  readonly attempt?: (
    target: CheckerTarget<C>,
    step: number,
    ports: CheckerPorts,
    signal: AbortSignal,
  ) => Promise<AttemptResult>;
  /** Its attempts have one datagram socket in common. */
  readonly holdsSocket?: boolean;
  rules(target: CheckerTarget<C>): VerdictRules;
}

/** Rules of a checker that asks once and needs nothing special. */
export function plainRules(schedule: CheckerSchedule, texts: VerdictTexts): VerdictRules {
  return {
    schedule,
    steps: 1,
    fastRecovery: false,
    retestsFailedStep: false,
    retriesAtStart: false,
    confirmsAlpha: true,
    countsFromStart: false,
    delayWhenDown: schedule.delayLoop,
    texts,
  };
}

/** Mails of the checkers that only say whether their check was good. */
export function plainMail(name: string): VerdictTexts['mail'] {
  return { up: `=> ${name} succeed on service <=`, down: () => `=> ${name} failed on service <=` };
}

export function afterRetries(retries = 0): string {
  return retries > 0 ? ` after ${retries} retries` : '';
}

/** A failure, with what log_all_failures says of it. */
export function failure(detail: string): Failure {
  return { kind: 'failure', detail };
}
