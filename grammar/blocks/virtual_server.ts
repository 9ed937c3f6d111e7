import { seconds } from '../../src/lib/duration.ts';
import { type AddressFamily, addressFamily, type IpAddress } from '../../src/lib/ip.ts';
import { command, firstCommand } from '../command.ts';
import { commonFamily, localAddress } from '../address-range.ts';
import { type Forwarding, forwardingMethod } from '../forwarding.ts';
import { alias, block, leaf, list, type Scope, type Statement, type ValueKind } from '../keyword.ts';
import { withUser } from '../script-user.ts';
import {
  describeService,
  type Endpoint,
  granularity,
  replaceableName,
  schedulerFlag,
  snmpName,
  sorryServerName,
  type VirtualServerName,
  virtualServerName,
} from '../server-values.ts';
import { boolean, flag, integer, maximumUnsigned, oneOf, optionalInteger, text, timer32, timer64 } from '../values.ts';
import { realServer } from './real_server.ts';

export const schedulers = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'lblc',
  'sh',
  'mh',
  'dh',
  'fo',
  'ovf',
  'lblcr',
  'sed',
  'nq',
  'twos',
] as const;

/** Seconds of persistence that was asked for without a time. */
export const defaultPersistence = 360;

const first = withUser(firstCommand((scope, keyword) => `(${describeService(scope)}) ${keyword}`));

const ipFamily: ValueKind<'inet' | 'inet6'> = {
  syntax: 'inet or inet6',
  example: 'inet',
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) return statement.missing(1);
    if (word !== 'inet' && word !== 'inet6') {
      return statement.refuse(`unknown address family ${word}`, 1, this.syntax);
    }
    const family = word === 'inet' ? 4 : 6;
    const known = statement.scope.facts.get('family');
    if (known !== undefined && known !== family) {
      const message = `Virtual server specified family ${word} conflicts with server family`;
      return statement.refuse(message, 1);
    }
    statement.scope.facts.set('family', family);
    return word;
  },
  print: (value) => value,
};

function admitGranularity(value: IpAddress | number, { scope }: Statement): IpAddress | number {
  const family: AddressFamily = typeof value === 'number' ? 6 : 4;
  if (!scope.facts.has('family')) scope.facts.set('family', family);
  scope.values.persistence_timeout ??= defaultPersistence;
  return value;
}

const afterSorryServer =
  (complaint: string) =>
  <T>(value: T, statement: Statement): T | undefined =>
    statement.scope.values.sorry_server === undefined ? statement.refuse(complaint, 0) : value;

/** A sorry server must be of its service's family, unless a tunnel leads to it. */
function sorryServerFits(scope: Scope, statement: Statement): void {
  const sorry = scope.values.sorry_server as Endpoint | undefined;
  const family = scope.facts.get('family');
  const { method } = (scope.values.sorry_server_lvs_method ?? scope.values.lb_kind ?? {}) as Partial<Forwarding>;
  if (sorry && family !== undefined && addressFamily(sorry.address) !== family && method !== 'TUN') {
    const message = `Address family of virtual server and sorry server ${sorry.address} don't match - skipping sorry server.`;
    statement.report('general-error', message);
    delete scope.values.sorry_server;
    delete scope.values.sorry_server_inhibit;
  }
}

/** Where every server is reached by a tunnel, their family if it is one; a group decides for itself. */
function tunnelledFamily({ values }: Scope): AddressFamily | undefined {
  const name = values.name as VirtualServerName;
  if (name.kind === 'group') return undefined;
  const servers = values.real_server as readonly { readonly endpoint: Endpoint }[];
  return commonFamily(servers.map(({ endpoint }) => endpoint.address)) ?? 4;
}

function finish(scope: Scope, statement: Statement): boolean {
  if (scope.values.real_server === undefined) {
    statement.report('general-error', `Virtual server ${describeService(scope)} has no real servers - ignoring`);
    return false;
  }
  sorryServerFits(scope, statement);
  scope.values.family = scope.facts.get('family') ?? tunnelledFamily(scope);
  return true;
}

/** Without a sorry server its words are not even looked at. */
const sorryForwarding: ValueKind<Forwarding> = {
  ...forwardingMethod('sorry server'),
  read(statement) {
    if (statement.scope.values.sorry_server !== undefined) return forwardingMethod('sorry server').read(statement);
    return statement.refuse('sorry_server forwarding used without sorry_server', 0);
  },
};

const forwarding = leaf(forwardingMethod('virtual server'), 'How packets are forwarded to the real servers.');

export const virtualServer = block(
  virtualServerName,
  'A service spread over real servers.',
  {
    ip_family: leaf(ipFamily, 'Address family of a service named by a firewall mark.', {
      otherwise: 'from address, or from the real servers for fwmarks and groups',
    }),
    delay_loop: leaf(timer64(1), 'Interval between checks.', {
      default: seconds(60),
      invalid: "virtual server delay loop '%s' invalid - ignoring",
    }),
    retry: leaf(integer(1, maximumUnsigned, 'exact'), 'Default of retry of the checkers.', {
      otherwise: 'per checker',
      invalid: 'retry value invalid - %s',
    }),
    delay_before_retry: leaf(timer64(0), 'Default of delay_before_retry of the checkers.', {
      otherwise: 'per checker',
      invalid: "virtual server delay before retry '%s' invalid - ignoring",
    }),
    warmup: leaf(timer64(0), 'Default of warmup of the checkers.', {
      otherwise: 'delay_loop',
      invalid: "virtual server warmup '%s' invalid - ignoring",
    }),
    connect_timeout: leaf(timer32(1), 'Default of connect_timeout of the checkers.', {
      default: seconds(5),
      invalid: 'virtual server connect_timeout %s invalid - ignoring',
    }),
    inhibit_on_failure: leaf(flag, 'Give a failed server weight 0 instead of removing it.'),
    lb_algo: leaf(oneOf(schedulers, "Invalid lvs_scheduler '%s' - ignoring"), 'Scheduler; wlc unless set.', {
      otherwise: 'wlc (reported when unset)',
    }),
    lvs_sched: alias('lb_algo'),
    hashed: leaf(schedulerFlag(['sh', 'mh'], []), 'Accepted after lb_algo sh or mh; sets nothing.', {
      otherwise: 'off',
    }),
    ops: leaf(flag, 'Schedule every packet by itself (UDP only).'),
    'flag-1': leaf(flag, 'First flag of the scheduler.'),
    'flag-2': leaf(flag, 'Second flag of the scheduler.'),
    'flag-3': leaf(flag, 'Third flag of the scheduler.'),
    'sh-port': leaf(schedulerFlag(['sh'], ['mh']), 'Hash the source port too.', { otherwise: 'off' }),
    'sh-fallback': leaf(schedulerFlag(['sh'], ['mh']), 'Take another server when the hashed one is unavailable.', {
      otherwise: 'off',
    }),
    'mh-port': leaf(schedulerFlag(['mh'], ['sh']), 'Hash the source port too.', { otherwise: 'off' }),
    'mh-fallback': leaf(schedulerFlag(['mh'], ['sh']), 'Take another server when the hashed one is unavailable.', {
      otherwise: 'off',
    }),
    lb_kind: forwarding,
    lvs_method: alias('lb_kind'),
    persistence_engine: leaf(
      {
        ...text,
        syntax: 'a name of at most 16 characters',
        example: 'sip',
        read(statement) {
          const word = statement.words[1];
          if (word === undefined) return statement.missing(1);
          if (word.length <= 16) return word;
          statement.report('general-error', `persistence_name too long, truncating - ${word}`, 1, this.syntax);
          return word.slice(0, 16);
        },
      },
      'Persistence engine of IPVS.',
      { otherwise: 'none' },
    ),
    persistence_timeout: leaf(
      optionalInteger(1, 2_678_400, defaultPersistence, 'exact'),
      'Seconds for which a client stays with its server.',
      { otherwise: '0 (off); no argument 360', invalid: 'persistence_timeout invalid' },
    ),
    persistence_granularity: leaf(granularity, 'How much of a client address counts for persistence.', {
      otherwise: 'host',
      admit: admitGranularity,
    }),
    protocol: leaf(
      oneOf(['TCP', 'UDP', 'SCTP'], 'Unknown protocol %s - ignoring', true),
      'Transport protocol; UDP unless set.',
      { otherwise: 'UDP (reported when unset)' },
    ),
    ha_suspend: leaf(flag, 'Check only while the address of the service is on this machine.'),
    smtp_alert: leaf(boolean('Invalid virtual_server smtp_alert parameter %s'), 'Send mails about the quorum.', {
      otherwise: 'global smtp_alert_checker, smtp_alert, else off',
    }),
    virtualhost: leaf(replaceableName('virtual server virtualhost'), 'Default Host header of HTTP checks.', {
      otherwise: 'none',
    }),
    snmp_name: leaf(snmpName('virtual server'), 'Name shown over SNMP.', { otherwise: 'none' }),
    alpha: leaf(flag, 'Count real servers as down until their checks have succeeded.'),
    omega: leaf(flag, 'Run the down commands when the daemon stops.'),
    quorum_up: leaf(command, 'Command run when the quorum is gained.', { otherwise: 'none', admit: first }),
    quorum_down: leaf(command, 'Command run when the quorum is lost.', { otherwise: 'none', admit: first }),
    quorum: leaf(integer(1, maximumUnsigned), 'Total weight the service needs.', {
      default: 1,
      invalid: 'Quorum %s must be in [1, 4294967295]. Setting to 1.',
      fallback: 1,
    }),
    hysteresis: leaf(integer(0, maximumUnsigned), 'Margin around the quorum.', {
      default: 0,
      invalid: 'Hysteresis %s must be in [0, 4294967295] - ignoring',
    }),
    weight: leaf(integer(1, 0x7fffffff), 'Default of weight of the real servers.', {
      default: 1,
      invalid: 'Virtual server weight %s is outside range 1-2147483647',
    }),
    sorry_server: leaf(sorryServerName, 'Server that takes the connections while the quorum is lost.', {
      otherwise: 'none',
    }),
    sorry_server_inhibit: leaf(flag, 'Give the sorry server weight 0 instead of removing it.', {
      admit: afterSorryServer('Ignoring sorry_server inhibit used before or without sorry_server'),
    }),
    sorry_server_lvs_method: leaf(sorryForwarding, 'How packets are forwarded to the sorry server.', {
      otherwise: 'lvs_method of the service',
    }),
    local_address: list(localAddress, 'Source addresses of packets to FNAT servers.', { wordwise: true, own: true }),
    real_server: realServer,
  },
  { finish },
);
