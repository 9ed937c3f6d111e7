import type { Checker } from '../config/types.ts';
import { sameChecker } from './identity.ts';
import { type FileValues, firstVerdict } from './first-verdict.ts';
import { sameWeight, type VerdictState } from './verdict.ts';

export interface JudgedChecker {
  readonly checker: Checker;
  readonly verdict: VerdictState;
}

/**
 * Verdicts of a real server's checkers after a reload. Equal checkers keep theirs, of which several may take one. A new
 * checker is taken to be up until it has failed retry + 1 times, with alpha too; but where a kept one has failed, or the
 * server is out of service and none is kept, it begins as at start, so that one failure is enough.
 */
export function carryVerdicts(
  before: readonly JudgedChecker[],
  checkers: readonly Checker[],
  alive: boolean,
  files: FileValues,
): VerdictState[] {
  const claimed = new Set<JudgedChecker>();
  const kept = checkers.map((checker) => {
    const equal = before.filter((one) => sameChecker(one.checker, checker));
    const old = equal.find((one) => !claimed.has(one)) ?? equal[0];
    if (old) claimed.add(old);
    return old && carried(old.verdict, checker, files);
  });
  const good = kept.every((verdict) => verdict?.up !== false);
  const trusted = good && (alive || kept.some((verdict) => verdict?.hasRun));
  return checkers.map((checker, i): VerdictState => {
    const old = kept[i];
    if (old) return old;
    if (checker.kind === 'FILE_CHECK' || !trusted) return firstVerdict(checker, files);
    return { ...firstVerdict(checker, files, true), up: true };
  });
}

/** Whether a reload with the same checker leaves its verdict as it is. */
export function keepsVerdict(verdict: VerdictState, checker: Checker, files: FileValues): boolean {
  if (checker.kind !== 'FILE_CHECK') return verdict.retries === carriedRetries(verdict, checker);
  const after = carried(verdict, checker, files);
  return verdict.up === after.up && verdict.retries === after.retries && sameWeight(verdict.weight, after.weight);
}

/** A track_file may be another file now, of the same name in the configuration. */
function carried(verdict: VerdictState, checker: Checker, files: FileValues): VerdictState {
  if (checker.kind === 'FILE_CHECK') return firstVerdict(checker, files);
  return { ...verdict, retries: carriedRetries(verdict, checker) };
}

/** Retries already used are kept as far as the new number of retries goes. */
function carriedRetries({ up, retries }: VerdictState, { schedule: { retry } }: Checker): number {
  return up ? Math.min(retries, retry) : retry + 1;
}
