import { seconds } from '../../src/lib/duration.ts';
import { command } from '../command.ts';
import { fifoPath, lvsTimeouts, multicastGroup, processName, relay, umask, userWords } from '../global-values.ts';
import { alias, leaf, list, type Statement, settings } from '../keyword.ts';
import {
  boolean,
  decimalSeconds,
  flag,
  integer,
  maximumUnsigned,
  optionalInteger,
  quote,
  text,
  timer32,
  wholeSeconds,
} from '../values.ts';

const atLeastOne =
  <T extends number>(one: T, unit: number) =>
  (value: T, statement: Statement): T => {
    if (value >= unit) return value;
    const keyword = statement.words[0] === 'smtp_connect_timeout' ? 'smtp_conect_timeout' : statement.words[0];
    statement.report('general-error', `${keyword} must be greater than 0, setting to 1`, 1);
    return one;
  };

const globalBoolean = (keyword: string) => boolean(`Invalid value '%s' for global ${keyword} specified`);
const plainBoolean = (keyword: string) => boolean(`Invalid value for ${keyword} specified`);

const email = {
  syntax: 'an e-mail address',
  read: (statement: Statement) => statement.words[0],
  print: quote,
};

/** The first of several uses counts. */
const once = <T>(value: T, statement: Statement): T | undefined => {
  const keyword = statement.words[0] as string;
  if (statement.scope.values[keyword] === undefined) return value;
  statement.report('general-error', `${keyword} has already been specified - ignoring`, 0);
  return undefined;
};

export const globalDefs = settings('Daemon-wide settings.', {
  router_id: leaf(text, 'Name of this router in mails and SNMP; the host name unless set.', {
    missing: 'routerid name missing - ignoring',
  }),
  lvs_id: leaf(text, 'Old spelling of router_id.', {
    missing: 'routerid name missing - ignoring',
    deprecated: { instead: 'router_id' },
  }),
  notification_email: list(email, 'Recipients of alert mails.', {
    wordwise: true,
    empty: 'Warning - empty notification_email block',
  }),
  notification_email_from: leaf(text, 'Sender of alert mails.', { missing: 'emailfrom missing - ignoring' }),
  smtp_server: leaf(relay, 'Mail relay for alerts.'),
  smtp_helo_name: leaf(text, 'Name given to the mail relay.', { missing: '' }),
  smtp_connect_timeout: leaf(wholeSeconds(0, 4294), 'How long to wait for the mail relay to accept a connection.', {
    default: seconds(30),
    invalid: "smtp_connect_timeout '%s' must be in [0, 4294] - ignoring",
    admit: atLeastOne(seconds(1), 1_000_000),
  }),
  smtp_alert: leaf(globalBoolean('smtp_alert'), 'Whether mails are sent where nothing nearer decides.', {
    lacks: 'sends no mail',
  }),
  smtp_alert_vrrp: leaf(globalBoolean('smtp_alert_vrrp'), 'As smtp_alert, for VRRP instances.', {
    lacks: 'sends no mail',
  }),
  smtp_alert_checker: leaf(globalBoolean('smtp_alert_checker'), 'As smtp_alert, for virtual and real servers.', {
    lacks: 'sends no mail',
  }),
  no_email_faults: leaf(flag, 'Send no mail when an instance enters the fault state.'),
  no_checker_emails: leaf(plainBoolean('no_checker_emails'), 'Mail only when a real server changes, not each checker.'),
  startup_script: leaf(command, 'Command run before the children start.', {
    missing: 'startup script missing',
    admit: once,
  }),
  startup_script_timeout: leaf(wholeSeconds(1, 1000), 'Longest run time of the startup script.', {
    default: seconds(10),
    missing: 'startup_script_timeout requires value',
    invalid: "startup_script_timeout '%s' must be in [1, 1000] - ignoring",
  }),
  shutdown_script: leaf(command, 'Command run after the children have stopped.', {
    missing: 'shutdown script missing',
    admit: once,
  }),
  shutdown_script_timeout: leaf(wholeSeconds(1, 1000), 'Longest run time of the shutdown script.', {
    default: seconds(10),
    missing: 'shutdown_script_timeout requires value',
    invalid: "shutdown_script_timeout '%s' must be in [1, 1000] - ignoring",
  }),
  max_auto_priority: leaf(optionalInteger(-1, 99, 99), 'Highest real-time priority that late timers may raise to.', {
    lacks: 'has no effect',
    invalid: "max_auto_priority '%s' must be in [0, 99] (or -1 to disable) - ignoring",
  }),
  min_auto_priority_delay: leaf(integer(1, 10_000_000), 'Lateness in microseconds that raises the priority.', {
    lacks: 'has no effect',
    missing: 'min_auto_priority_delay requires value',
    invalid: "min_auto_priority_delay '%s' must be in [1, 10000000] - ignoring",
  }),
  checker_log_all_failures: leaf(plainBoolean('checker_log_all_failures'), 'Log every failed check.'),
  default_interface: leaf(text, 'Interface of static addresses that name none.', {
    lacks: 'has no effect',
    missing: 'default_interface requires interface name',
  }),
  lvs_timeouts: leaf(lvsTimeouts, 'Connection timeouts of IPVS.'),
  lvs_flush: leaf(flag, 'Empty the IPVS table at start.'),
  lvs_flush_on_stop: leaf(
    {
      syntax: 'VS or nothing',
      read(statement) {
        const word = statement.words[1];
        if (word === undefined) return 'all' as const;
        if (word === 'VS') return 'services' as const;
        statement.report('general-error', `Unknown lvs_flush_on_stop type ${word}`, 1, this.syntax);
        return undefined;
      },
      print: (value: 'all' | 'services') => (value === 'services' ? 'VS' : ''),
    },
    'Empty the IPVS table at exit, or with VS only remove the virtual services.',
  ),
  lvs_flush_onstop: alias('lvs_flush_on_stop'),
  vrrp_mcast_group4: leaf(multicastGroup('vrrp_mcast_group4', 4), 'Group that IPv4 adverts go to.'),
  vrrp_mcast_group6: leaf(multicastGroup('vrrp_mcast_group6', 6), 'Group that IPv6 adverts go to.'),
  vrrp_garp_master_delay: leaf(wholeSeconds(0, 4294), 'Default of garp_master_delay.', {
    default: seconds(5),
    invalid: "vrrp_garp_master_delay '%s' invalid - ignoring",
  }),
  vrrp_garp_master_repeat: leaf(integer(0, maximumUnsigned), 'Default of garp_master_repeat.', {
    default: 5,
    invalid: "vrrp_garp_master_repeat '%s' invalid - ignoring",
    admit: atLeastOne<number>(1, 1),
  }),
  vrrp_garp_master_refresh: leaf(wholeSeconds(0, maximumUnsigned), 'Default of garp_master_refresh.', {
    default: seconds(0),
    invalid: "Invalid vrrp_garp_master_refresh '%s' - ignoring",
    fallback: seconds(0),
  }),
  vrrp_garp_master_refresh_repeat: leaf(integer(0, maximumUnsigned), 'Default of garp_master_refresh_repeat.', {
    default: 1,
    invalid: "vrrp_garp_master_refresh_repeat '%s' invalid - ignoring",
    admit: atLeastOne<number>(1, 1),
  }),
  vrrp_garp_lower_prio_delay: leaf(wholeSeconds(0, 4294), 'Default of garp_lower_prio_delay.', {
    invalid: "vrrp_garp_lower_prio_delay '%s' invalid - ignoring",
  }),
  vrrp_garp_lower_prio_repeat: leaf(integer(0, 0x7fffffff), 'Default of garp_lower_prio_repeat.', {
    invalid: "Invalid vrrp_garp_lower_prio_repeat '%s'",
  }),
  vrrp_down_timer_adverts: leaf(integer(1, 100), 'Default of down_timer_adverts.', {
    default: 3,
    invalid: "Invalid vrrp_down_timer_adverts [1:100] '%s'",
  }),
  vrrp_garp_interval: leaf(timer32(1), 'Smallest gap between gratuitous ARP frames on an interface.', {
    invalid: "vrrp_garp_interval '%s' is invalid",
  }),
  vrrp_gna_interval: leaf(timer32(1), 'Smallest gap between unsolicited neighbour advertisements on an interface.', {
    invalid: "vrrp_gna_interval '%s' is invalid",
  }),
  vrrp_min_garp: leaf(boolean("Invalid value '%s' for vrrp_min_garp specified"), 'One gratuitous ARP, once.', {
    admit: (value, statement) => {
      if (value) settleMinimalGarp(statement.scope.values);
      return value;
    },
  }),
  vrrp_lower_prio_no_advert: leaf(
    boolean('Invalid value for vrrp_lower_prio_no_advert specified'),
    'Default of lower_prio_no_advert.',
  ),
  vrrp_higher_prio_send_advert: leaf(
    boolean('Invalid value for vrrp_higher_prio_send_advert specified'),
    'Default of higher_prio_send_advert.',
  ),
  vrrp_version: leaf(integer(2, 3), 'Default of version.', {
    default: 2,
    invalid: 'VRRP Error: Version must be either 2 or 3',
  }),
  vrrp_skip_check_adv_addr: leaf(
    boolean('Invalid value for vrrp_check_adv_addr specified'),
    'Default of skip_check_adv_addr.',
  ),
  vrrp_strict: leaf(boolean('Invalid value for vrrp_strict specified'), 'Default of strict_mode.', {}),
  vrrp_owner_ignore_adverts: leaf(
    boolean('Invalid value for vrrp_owner_ignore_adverts specified'),
    'Default of owner_ignore_adverts.',
  ),
  vrrp_notify_priority_changes: leaf(
    globalBoolean('vrrp_notify_priority_changes'),
    'Default of notify_priority_changes.',
  ),
  vrrp_startup_delay: leaf(decimalSeconds(1000, maximumUnsigned), 'Pause after the start before any election.', {
    invalid: "vrrp_startup_delay '%s' is invalid",
  }),
  log_unknown_vrids: leaf(flag, 'Log adverts of virtual routers that are not configured here.'),
  notify_fifo: leaf(fifoPath, 'FIFO that receives every state change.', {
    missing: 'No notify_fifo name specified',
    admit: once,
  }),
  notify_fifo_script: leaf(command, 'Program started to read notify_fifo.', {
    missing: 'No notify_fifo_script specified',
    admit: once,
  }),
  vrrp_notify_fifo: leaf(fifoPath, 'FIFO for state changes of VRRP.', {
    missing: 'No vrrp_notify_fifo name specified',
    admit: once,
  }),
  vrrp_notify_fifo_script: leaf(command, 'Program started to read vrrp_notify_fifo.', {
    missing: 'No vrrp_notify_fifo_script specified',
    admit: once,
  }),
  lvs_notify_fifo: leaf(fifoPath, 'FIFO for state changes of virtual and real servers.', {
    missing: 'No lvs_notify_fifo name specified',
    admit: once,
  }),
  lvs_notify_fifo_script: leaf(command, 'Program started to read lvs_notify_fifo.', {
    missing: 'No lvs_notify_fifo_script specified',
    admit: once,
  }),
  process_names: leaf(flag, 'Give the children process names of their own.'),
  process_name: leaf(processName, 'Process name of the parent.', { reload: 'restart' }),
  vrrp_process_name: leaf(processName, 'Process name of the VRRP process.', { reload: 'restart' }),
  checker_process_name: leaf(processName, 'Process name of the checker process.', { reload: 'restart' }),
  lvs_process_name: alias('checker_process_name'),
  bfd_process_name: leaf(processName, 'Process name of the BFD process.', { reload: 'restart' }),
  use_symlink_paths: leaf(plainBoolean('use_symlink_paths'), 'Run scripts by the path as written, links and all.', {
    lacks: 'has no effect',
  }),
  script_user: leaf(userWords, 'User and group of scripts that name none.', {
    missing: 'script_user requires a user name',
    admit: (value, statement) => {
      if (statement.surroundings.knowsUser(value.user, value.group)) return value;
      statement.report('general-error', 'Error setting global script uid/gid', 1, 'a user and a group that exist');
      return value;
    },
  }),
  enable_script_security: leaf(flag, 'Run no script as root that somebody else could have changed.'),
  rs_init_notifies: leaf(plainBoolean('rs_init_notifies'), 'Run notify scripts for the first state of a real server.'),
  umask: leaf(umask, 'File creation mask.', { default: 0o177 }),
  dynamic_interfaces: leaf(
    {
      syntax: 'allow_if_changes or nothing',
      read(statement) {
        const word = statement.words[1];
        if (word !== undefined && word !== 'allow_if_changes') {
          statement.report('general-error', `Unknown dynamic_interfaces option '${word}'`, 1, this.syntax);
        }
        return word === 'allow_if_changes' ? ('changeable' as const) : ('missing' as const);
      },
      print: (value: 'changeable' | 'missing') => (value === 'changeable' ? 'allow_if_changes' : ''),
    },
    'Accept interfaces that do not exist yet.',
    {
      admit: (value, { surroundings }) => {
        surroundings.allowMissingInterfaces();
        return value;
      },
    },
  ),
});

/** Each setting that still has its default becomes the smallest one; what was set before stays. */
function settleMinimalGarp(values: Record<string, unknown>): void {
  values.vrrp_garp_master_repeat ??= 1;
  values.vrrp_garp_master_refresh ??= seconds(0);
  values.vrrp_garp_master_refresh_repeat ??= 0;
  values.vrrp_garp_master_delay ??= seconds(0);
}
