import type { FileChecker } from '../config/types.ts';
import type { CheckerTarget } from './attempt.ts';
import { type CheckerKind, plainRules } from './kind.ts';
import { initialVerdict, type VerdictAction, type VerdictState } from './verdict.ts';

/** A product of value and weight this low is a failure. */
const FAULT = -2147483648;

/** keepalived sends none. */
const noMail = '';

/** FILE_CHECK: the value of a track_file, times a weight, is added to the server's weight or takes it out. */
export const fileCheck: CheckerKind<FileChecker> = {
  rules: ({ checker }) =>
    plainRules(checker.schedule, {
      down: (_retries, { detail }) => `${detail}`,
      detailApart: false,
      detailsAlpha: false,
      claimsFirstRunRetries: false,
      mail: { up: noMail, down: () => noMail },
    }),
};

/** The verdict while the file holds `value`; a file that does not exist holds 0. */
export function fileVerdict(checker: FileChecker, value: number): VerdictState {
  const { weight: _, ...verdict } = { ...initialVerdict(checker.schedule), hasRun: true };
  const { weight, reverse } = checker;
  if (weight === 0) return { ...verdict, up: (value !== 0) === reverse };
  const by = value * (reverse ? -weight : weight);
  return by <= FAULT ? { ...verdict, up: false } : { ...verdict, up: true, weight: { by } };
}

/** The new verdict, and what follows from it; a weight that comes with a return to service is not said. */
export function fileChanged(
  { checker, realServer }: CheckerTarget<FileChecker>,
  before: VerdictState,
  value: number,
): { readonly state: VerdictState; readonly actions: readonly VerdictAction[] } {
  const state = fileVerdict(checker, value);
  const said = (change: string): VerdictAction => ({
    type: 'log',
    line: { level: 'info', message: `(${realServer}): tracked file ${checker.trackFile} ${change} FAULT state` },
  });
  if (before.up && !state.up) {
    const down = { type: 'down', mail: noMail } as const;
    return { state, actions: [said('now'), down, { type: 'weight', quiet: true }] };
  }
  if (!state.up) return { state, actions: [] };
  const weight = { type: 'weight', quiet: !before.up } as const;
  return { state, actions: before.up ? [weight] : [said('leaving'), weight, { type: 'up', mail: noMail }] };
}
