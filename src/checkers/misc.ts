import type { MiscChecker } from '../config/types.ts';
import type { ScriptEnd } from '../ports/script.ts';
import type { AttemptResult, Failure } from './attempt.ts';
import { type CheckerKind, plainRules } from './kind.ts';

/** Exit statuses from here on are weights, shifted by it. */
const FIRST_WEIGHT_STATUS = 2;

/**
 * MISC_CHECK: the server is good when a script exits with 0. With misc_dynamic statuses 2 to 255 are good too, and set
 * the weight to status - 2. Runs follow each other by their starts. A script that takes too long is told to end; if it
 * then exits instead of dying its status counts, as with keepalived.
 */
export const miscCheck: CheckerKind<MiscChecker> = {
  async attempt({ checker }, _step, { runScript }, signal) {
    return judge(checker, await runScript(checker.command, checker.timeout, signal));
  },
  rules: ({ checker, realServer, virtualServer }) => {
    const { schedule, command } = checker;
    const subject = `Misc check for [${realServer} VS ${virtualServer}] by [${command.argv[0] ?? ''}]`;
    const said = (tail: string, { detail, reason = '' }: Failure): string => `${subject} ${detail}${tail}${reason}.`;
    return {
      ...plainRules(schedule, {
        up: `${subject} succeeded.`,
        down: (retries = 0, end) => said(retries > 0 ? ` after ${counted(retries)}` : ' with retry disabled', end),
        retrying: (used, end) =>
          said(used === 1 ? `, will do ${counted(schedule.retry)}` : ` on retry ${used - 1}/${schedule.retry}`, end),
        detailApart: false,
        detailsAlpha: false,
        claimsFirstRunRetries: true,
        mail: {
          up: '=> MISC CHECK succeeded on service <=',
          down: ({ detail }) => `=> MISC CHECK ${detail} on service <=`,
        },
      }),
      countsFromStart: true,
    };
  },
};

function judge(checker: MiscChecker, end: ScriptEnd): AttemptResult {
  if (end.kind === 'notStarted') return { kind: 'postponed', lines: [] };
  if (end.kind === 'signal' && end.timedOut) return { kind: 'failure', detail: 'timed out' };
  if (end.kind === 'signal') return { kind: 'failure', detail: 'failed', reason: ` (due to signal ${end.signal})` };
  const { status } = end;
  if (status === 0) return { kind: 'success' };
  if (checker.dynamic && status >= FIRST_WEIGHT_STATUS) {
    return { kind: 'success', weight: { to: status - FIRST_WEIGHT_STATUS } };
  }
  return { kind: 'failure', detail: 'failed', reason: ` (exited with status ${status})` };
}

function counted(retries: number): string {
  return `${retries} ${retries === 1 ? 'retry' : 'retries'}`;
}
