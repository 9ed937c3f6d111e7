import type { TcpChecker } from '../config/types.ts';
import { isUnreachable, postponed } from './attempt.ts';
import { afterRetries, type CheckerKind, failure, plainMail, plainRules } from './kind.ts';

/** TCP_CHECK: the server is good when the connection is accepted within connect_timeout; nothing is sent. */
export const tcpCheck: CheckerKind<TcpChecker> = {
  async attempt({ checker, realServer }, _step, { dial }, signal) {
    const refusal = await dial.probe(checker.connection, signal);
    if (refusal === undefined) return { kind: 'success' };
    const own = postponed(refusal, 'TCP socket bind failed. Rescheduling.');
    if (own) return own;
    if (isUnreachable(refusal)) return { kind: 'failure' };
    return failure(`TCP connection to ${realServer} ${refusal.kind === 'timeout' ? 'timeout' : 'failed'}.`);
  },
  rules: ({ checker, realServer }) =>
    plainRules(checker.schedule, {
      up: `TCP connection to ${realServer} success.`,
      down: (retries) => `TCP_CHECK on service ${realServer} failed${afterRetries(retries)}.`,
      detailApart: true,
      detailsAlpha: false,
      claimsFirstRunRetries: false,
      mail: plainMail('TCP CHECK'),
    }),
};
