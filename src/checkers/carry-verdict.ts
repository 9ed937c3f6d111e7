import type { Checker } from '../config/types.ts';
import { sameChecker } from './identity.ts';
import { type FileValues, firstVerdict } from './first-verdict.ts';
import type { VerdictState } from './verdict.ts';

export interface JudgedChecker {
  readonly checker: Checker;
  readonly verdict: VerdictState;
}

/**
 * Verdicts of a real server's checkers after a reload. Equal checkers keep theirs; a new checker of a server in
 * service is taken to be up until it has failed retry + 1 times, with alpha too; of a server out of service, one failure
 * is enough.
 */
export function carryVerdicts(
  before: readonly JudgedChecker[],
  checkers: readonly Checker[],
  alive: boolean,
  files: FileValues,
): VerdictState[] {
  const unclaimed = [...before];
  return checkers.map((checker) => {
    const found = unclaimed.findIndex((old) => sameChecker(old.checker, checker));
    const [old] = found < 0 ? [] : unclaimed.splice(found, 1);
    if (old) return carried(old.verdict, checker);
    if (checker.kind === 'FILE_CHECK' || !alive) return firstVerdict(checker, files);
    return { ...firstVerdict(checker, files, true), up: true };
  });
}

/** Whether a reload with the same checker leaves its verdict as it is. */
export function keepsVerdict(verdict: VerdictState, checker: Checker): boolean {
  return verdict.retries === carriedRetries(verdict, checker);
}

function carried(verdict: VerdictState, checker: Checker): VerdictState {
  return { ...verdict, retries: carriedRetries(verdict, checker) };
}

/** Retries already used are kept as far as the new number of retries goes. */
function carriedRetries({ up, retries }: VerdictState, { schedule: { retry } }: Checker): number {
  return up ? Math.min(retries, retry) : retry + 1;
}
