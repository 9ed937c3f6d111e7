import { type AddressFamily, addressFamily } from '../../src/lib/ip.ts';
import { command, firstCommand } from '../command.ts';
import { type Forwarding, forwardingMethod } from '../forwarding.ts';
import { block, leaf, type Scope, type Statement } from '../keyword.ts';
import { withUser } from '../script-user.ts';
import { describeServer, type Endpoint, realServerName, replaceableName, snmpName } from '../server-values.ts';
import { boolean, integer, maximumUnsigned, timer32, timer64 } from '../values.ts';
import { bfdCheck } from './checkers/bfd_check.ts';
import { dnsCheck } from './checkers/dns_check.ts';
import { fileCheck } from './checkers/file_check.ts';
import { httpGet, sslGet } from './checkers/http_get.ts';
import { miscCheck } from './checkers/misc_check.ts';
import { pingCheck } from './checkers/ping_check.ts';
import { smtpCheck } from './checkers/smtp_check.ts';
import { tcpCheck } from './checkers/tcp_check.ts';
import { udpCheck } from './checkers/udp_check.ts';

const first = withUser(firstCommand((scope, keyword) => `(${describeServer(scope)}) ${keyword}`));

/** Only a tunnel can carry one family in the other. */
function matchesFamily(scope: Scope, statement: Statement): boolean {
  const family = scope.parent?.facts.get('family') as AddressFamily | undefined;
  const { address } = scope.values.endpoint as Endpoint;
  const { method } = (scope.values.lvs_method ?? scope.parent?.values.lb_kind ?? {}) as Partial<Forwarding>;
  if (family === undefined && method !== 'TUN') scope.parent?.facts.set('family', addressFamily(address));
  if (family === undefined || family === addressFamily(address) || method === 'TUN') return true;
  const message = `Address family of virtual server and real server ${address} don't match - skipping real server.`;
  statement.report('general-error', message);
  return false;
}

export const realServer = block(
  realServerName,
  'A server that connections are forwarded to.',
  {
    weight: leaf(integer(0, 0x7fffffff), 'Share of the connections.', {
      otherwise: 'weight of the service',
      invalid: 'Real server weight %s is outside range 0-2147483647',
    }),
    lvs_method: leaf(forwardingMethod('real server'), 'How packets are forwarded to this server.', {
      otherwise: 'lvs_method of the service',
    }),
    uthreshold: leaf(integer(0, maximumUnsigned), 'Connections above which it gets no new ones; 0 is no limit.', {
      otherwise: '0 (none)',
      invalid: "Invalid real_server uthreshold '%s' - ignoring",
    }),
    lthreshold: leaf(integer(0, maximumUnsigned), 'Connections below which it gets new ones again.', {
      otherwise: '0 (none)',
      invalid: "Invalid real_server lthreshold '%s' - ignoring",
    }),
    inhibit_on_failure: leaf(
      boolean('Invalid inhibit_on_failure parameter %s'),
      'Give a failed server weight 0 instead of removing it.',
      { otherwise: 'value of the service' },
    ),
    notify_up: leaf(command, 'Command run when the server comes up.', { otherwise: 'none', admit: first }),
    notify_down: leaf(command, 'Command run when the server goes down.', { otherwise: 'none', admit: first }),
    alpha: leaf(boolean('Invalid alpha parameter %s'), 'Count the server as down until its checks have succeeded.', {
      otherwise: 'value of the service',
    }),
    retry: leaf(integer(1, maximumUnsigned, 'exact'), 'Default of retry of its checkers.', {
      otherwise: 'value of the service',
      invalid: 'retry value invalid - %s',
    }),
    delay_before_retry: leaf(timer64(0), 'Default of delay_before_retry of its checkers.', {
      otherwise: 'value of the service',
      invalid: "real server delay_before_retry '%s' invalid - ignoring",
    }),
    warmup: leaf(timer64(0), 'Default of warmup of its checkers.', {
      otherwise: 'value of the service',
      invalid: "real server warmup '%s' invalid - ignoring",
    }),
    connect_timeout: leaf(timer32(1), 'Default of connect_timeout of its checkers.', {
      otherwise: 'value of the service',
      invalid: 'real server connect_timeout %s invalid - ignoring',
    }),
    delay_loop: leaf(timer64(1), 'Default of delay_loop of its checkers.', {
      otherwise: 'value of the service',
      invalid: "real server delay_loop '%s' invalid - ignoring",
    }),
    smtp_alert: leaf(boolean('Invalid real_server smtp_alert parameter %s'), 'Send mails about changes of state.', {
      otherwise: 'global smtp_alert_checker, smtp_alert, else on',
    }),
    virtualhost: leaf(replaceableName('real server virtualhost'), 'Default Host header of its HTTP checks.', {
      otherwise: 'virtualhost of the service',
    }),
    snmp_name: leaf(snmpName('real server'), 'Name shown over SNMP.', { otherwise: 'none' }),
    TCP_CHECK: tcpCheck,
    HTTP_GET: httpGet,
    SSL_GET: sslGet,
    SMTP_CHECK: smtpCheck,
    DNS_CHECK: dnsCheck,
    UDP_CHECK: udpCheck,
    PING_CHECK: pingCheck,
    MISC_CHECK: miscCheck,
    FILE_CHECK: fileCheck,
    BFD_CHECK: bfdCheck,
  },
  { finish: matchesFamily },
);
