import type { Checker } from '../config/types.ts';
import { sameChecker } from './identity.ts';
import { initialVerdict, type VerdictState } from './verdict.ts';

export interface JudgedChecker {
  readonly checker: Checker;
  readonly verdict: VerdictState;
}

/**
 * Verdicts of a real server's checkers after a reload. Equal checkers keep theirs; a new checker of a server in
 * service is taken to be up until its first run, with alpha too.
 */
export function carryVerdicts(
  before: readonly JudgedChecker[],
  checkers: readonly Checker[],
  alive: boolean,
): VerdictState[] {
  const unclaimed = [...before];
  return checkers.map((checker) => {
    const found = unclaimed.findIndex((old) => sameChecker(old.checker, checker));
    const [old] = found < 0 ? [] : unclaimed.splice(found, 1);
    if (old) return carried(old.verdict, checker);
    const fresh = initialVerdict(checker.schedule);
    return alive ? { ...fresh, up: true } : fresh;
  });
}

/** Retries already used are kept as far as the new number of retries goes. */
function carried(verdict: VerdictState, { schedule: { retry } }: Checker): VerdictState {
  return { ...verdict, retries: verdict.up ? Math.min(verdict.retries, retry) : retry + 1 };
}
