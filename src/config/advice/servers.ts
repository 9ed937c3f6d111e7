import { type Duration, inSeconds, micros } from '../../lib/duration.ts';
import type { Checker, VirtualServer } from '../types.ts';
import { type Advice, type AdviceRule, listed } from './advice.ts';

const nameOf = ({ key }: VirtualServer): string => {
  if (key.kind === 'group') return `group ${key.group}`;
  return key.kind === 'fwmark' ? `fwmark ${key.fwmark}` : `${key.address} ${key.port}`;
};

/** The longest that one attempt of a checker may take. */
function longestAttempt(checker: Checker): Duration {
  if ('connection' in checker) return checker.connection.connectTimeout;
  return checker.kind === 'MISC_CHECK' ? checker.timeout : micros(0);
}

/** A check that may last longer than the time to its next run. */
export const slowChecks: AdviceRule = ({ virtualServers }) =>
  virtualServers.flatMap((server) => {
    const slow = server.realServers.flatMap((real) => {
      const checker = real.checkers.find((candidate) => longestAttempt(candidate) > candidate.schedule.delayLoop);
      return checker ? [{ real, checker }] : [];
    });
    const [first] = slow;
    if (!first) return [];
    const { real, checker } = first;
    const advice: Advice = {
      rule: 'check-slower-than-interval',
      block: 'virtual_server',
      name: nameOf(server),
      keyword: 'delay_loop',
      message: `${checker.kind} of ${real.address}:${real.port} may wait ${inSeconds(longestAttempt(checker))} s for an answer but is due every ${inSeconds(checker.schedule.delayLoop)} s: a server that hangs is noticed late.`,
    };
    return [advice];
  });

/** Without a check a dead server keeps getting its share of the connections. */
export const uncheckedServers: AdviceRule = ({ virtualServers }) =>
  virtualServers.flatMap((server) => {
    const unchecked = server.realServers.filter(({ checkers }) => checkers.length === 0);
    if (unchecked.length === 0) return [];
    const names = listed(unchecked.map(({ address, port }) => `${address}:${port}`));
    const message = `nothing checks ${names}: a dead server keeps getting connections.`;
    return [
      { rule: 'server-unchecked', block: 'virtual_server', name: nameOf(server), keyword: 'real_server', message },
    ];
  });

const WHOLE_ADDRESSES: readonly unknown[] = ['255.255.255.255', 128];

/** The one keyword of a virtual server that keepalived does not pass on to the members of its group. */
export const granularityOfGroups: AdviceRule = ({ virtualServers }) =>
  virtualServers.flatMap((server): Advice[] => {
    if (server.key.kind !== 'group' || WHOLE_ADDRESSES.includes(server.persistenceGranularity)) return [];
    const message =
      'persistence_granularity does not count for the members of a group, as with keepalived: each address is a client.';
    return [
      {
        rule: 'granularity-of-group',
        block: 'virtual_server',
        name: nameOf(server),
        keyword: 'persistence_granularity',
        message,
      },
    ];
  });

/** Mails that nobody receives. */
export const mailsWithoutRecipient: AdviceRule = ({ global, instances, virtualServers }) => {
  if (global.email && global.email.to.length > 0 && global.email.server) return [];
  const instance = instances.find(({ smtpAlert }) => smtpAlert);
  const { smtpAlert, smtpAlertVrrp, smtpAlertChecker } = global.defaults;
  if (!instance && !smtpAlert && !smtpAlertVrrp && !smtpAlertChecker) return [];
  if (virtualServers.length + instances.length === 0) return [];
  const message = 'smtp_alert is on, but global_defs names no notification_email or no smtp_server: no mail is sent.';
  const block = instance ? 'vrrp_instance' : 'global_defs';
  return [{ rule: 'mail-without-recipient', block, name: instance?.name ?? '', keyword: 'smtp_alert', message }];
};
