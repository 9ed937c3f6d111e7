import { addressFamily, type IpAddress, isLinkLocal } from '../../../src/lib/ip.ts';
import { leaf, type Scope, type Statement } from '../../keyword.ts';
import type { Endpoint } from '../../server-values.ts';
import { address, boolean, integer, interfaceName, maximumUnsigned, timer32, timer64 } from '../../values.ts';

/** Addresses of a check must be of one family; the later of the two gives way. What is checked is known before. */
function sameFamilyAs(other: 'bindto' | 'connect_ip') {
  return (value: IpAddress, statement: Statement): IpAddress | undefined => {
    const { values, parent } = statement.scope;
    const server = other === 'connect_ip' ? (parent?.values.endpoint as Endpoint | undefined)?.address : undefined;
    const against = (values[other] as IpAddress | undefined) ?? server;
    if (against === undefined || addressFamily(against) === addressFamily(value)) return value;
    const keyword = statement.words[0];
    const message = `${keyword} address ${value} does not match address family of ${other} - skipping`;
    return statement.refuse(message, 1);
  };
}

/** When a check runs and how often it is repeated: every checker has these. */
export const scheduleRows = {
  retry: leaf(integer(0, maximumUnsigned), 'Further tries before the check counts as failed.', {
    otherwise: 'real server, service, then 1 (MISC_CHECK 0, DNS_CHECK 3)',
    invalid: "Invalid retry connection value '%s'",
  }),
  delay_before_retry: leaf(timer64(0), 'Pause between tries.', {
    otherwise: 'real server, service, then 1 s (HTTP_GET/SSL_GET 3 s, DNS_CHECK delay_loop)',
    invalid: "Invalid delay_before_retry connection value '%s'",
  }),
  warmup: leaf(timer64(0), 'Upper bound of the random pause before the first check.', {
    otherwise: 'real server, service, then delay_loop',
    invalid: "Invalid warmup connection value '%s'",
  }),
  delay_loop: leaf(timer64(1), 'Interval between checks.', {
    otherwise: 'real server, service (60)',
    invalid: "delay_loop '%s' is invalid - ignoring",
  }),
  alpha: leaf(boolean('Invalid alpha parameter %s'), 'Count the server as down until the check has succeeded.', {
    otherwise: 'value of the real server',
  }),
  log_all_failures: leaf(boolean('Invalid log_all_failures parameter %s'), 'Log every failure while up.', {
    otherwise: 'false',
  }),
};

/** Where a check connects to and from. */
export const connectionRows = {
  connect_ip: leaf(address('Invalid connect_ip address %s - ignoring'), 'Address to check.', {
    otherwise: 'address of the real server',
    admit: sameFamilyAs('bindto'),
  }),
  connect_port: leaf(integer(1, 65535), 'Port to check.', {
    otherwise: 'port of the real server',
    invalid: "Invalid checker connect_port '%s'",
  }),
  bindto: leaf(address('Invalid bindto address %s - ignoring'), 'Address to check from.', {
    otherwise: 'chosen by the kernel',
    admit: sameFamilyAs('connect_ip'),
  }),
  bind_port: leaf(integer(1, 65535), 'Port to check from.', {
    otherwise: 'chosen by the kernel',
    invalid: "Invalid checker bind_port '%s'",
  }),
  bind_if: leaf(interfaceName('Interface name %s is too long - ignoring'), 'Interface to check through.', {
    otherwise: 'none',
  }),
  connect_timeout: leaf(timer32(1), 'How long a connection may take to be accepted.', {
    otherwise: 'value of the real server (5)',
    invalid: 'connect_timeout %s invalid - ignoring',
  }),
  fwmark: leaf(integer(0, maximumUnsigned), 'Firewall mark of the packets of the check.', {
    otherwise: '0 (none)',
    invalid: "Invalid fwmark connection value '%s'",
  }),
};

/** A link-local address means nothing without an interface. */
export function hasReachableTarget(scope: Scope, statement: Statement): boolean {
  const endpoint = scope.parent?.values.endpoint as Endpoint | undefined;
  const target = (scope.values.connect_ip as IpAddress | undefined) ?? endpoint?.address;
  if (target === undefined || !isLinkLocal(target) || scope.values.bind_if !== undefined) return true;
  statement.report('general-error', `Checker link local address ${target} requires a bind_if`);
  return false;
}
