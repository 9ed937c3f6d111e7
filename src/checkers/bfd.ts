import type { BfdChecker } from '../config/types.ts';
import type { CheckerTarget } from './attempt.ts';
import { type CheckerKind, plainRules } from './kind.ts';
import type { VerdictAction, VerdictState } from './verdict.ts';

/** BFD_CHECK: the server is good while a BFD session is up (RFC 5880). */
export const bfdCheck: CheckerKind<BfdChecker> = {
  rules: ({ checker, realServer }) =>
    plainRules(checker.schedule, {
      up: bfdLine(checker, realServer, true),
      down: () => bfdLine(checker, realServer, false),
      detailApart: false,
      detailsAlpha: false,
      claimsFirstRunRetries: false,
      mail: {
        up: `=> BFD CHECK ${checker.bfd} succeeded on service <=`,
        down: () => `=> BFD CHECK ${checker.bfd} failed on service <=`,
      },
    }),
};

/** The new verdict once the session is up or not; told for the first time it is said in any case. */
export function bfdChanged(
  target: CheckerTarget<BfdChecker>,
  before: VerdictState,
  up: boolean,
): { readonly state: VerdictState; readonly actions: readonly VerdictAction[] } {
  const state = { ...before, up, hasRun: true };
  if (before.hasRun && before.up === up) return { state, actions: [] };
  const { mail } = bfdCheck.rules(target).texts;
  const message = bfdLine(target.checker, target.realServer, up);
  const actions: VerdictAction[] = [{ type: 'log', line: { level: 'info', message } }];
  if (before.up && !up) actions.push({ type: 'down', mail: mail.down({ kind: 'failure' }) });
  if (!before.up) actions.push(up ? { type: 'up', mail: mail.up } : { type: 'confirmed', up: false });
  return { state, actions };
}

function bfdLine({ bfd }: BfdChecker, realServer: string, up: boolean): string {
  return `BFD check of [${bfd}] RS(${realServer}) is ${up ? 'UP' : 'DOWN'}`;
}
