import type { Duration } from '../../../src/lib/duration.ts';
import { type IpAddress, ipBytes } from '../../../src/lib/ip.ts';
import { multicastGroup } from '../../global-values.ts';
import { leaf, type Statement } from '../../keyword.ts';
import { boolean, decimalSeconds, flag, integer, maximumUnsigned, printSeconds, text } from '../../values.ts';
import { globalBoolean, once } from './shared.ts';

const oncePrefix = once(
  (keyword, { words }) => `${keyword.replace('_prefix', '')} prefix has already been specified - ignoring ${words[1]}`,
);

/** Long enough to be a mistake. */
const remarkLongDelay = (value: Duration, statement: Statement): Duration => {
  if (value >= 60_000_000) statement.log(`The ${statement.words[0]} is very large - ${printSeconds(value)} seconds`);
  return value;
};

/** ff02::/16, which no router passes on (RFC 4291, section 2.7). */
const linkLocalOnly = (value: IpAddress, statement: Statement): IpAddress => {
  const [first, second = 0] = ipBytes(value);
  if (first === 0xff && (second & 0x0f) === 2) return value;
  const message = `vrrp_mcast_group6 [${statement.words[1]}] should be link-local multicast.`;
  statement.report('warning', message, 1, 'a group of ff02::/16');
  return value;
};

/** What VRRP does where an instance does not say. */
export const vrrpRows = {
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
      otherwise: 'off',
      admit: (value, { surroundings }) => {
        surroundings.allowMissingInterfaces();
        return value;
      },
    },
  ),
  default_interface: leaf(text, 'Interface of static addresses that name none.', {
    otherwise: 'eth0',
    missing: 'default_interface requires interface name',
  }),
  disable_local_igmp: leaf(flag, 'Send no IGMP reports for groups that no router forwards.'),
  vrrp_mcast_group4: leaf(multicastGroup('vrrp_mcast_group4', 4), 'Group that IPv4 adverts go to.', {
    otherwise: '224.0.0.18',
  }),
  vrrp_mcast_group6: leaf(multicastGroup('vrrp_mcast_group6', 6), 'Group that IPv6 adverts go to.', {
    otherwise: 'ff02::12',
    admit: linkLocalOnly,
  }),
  vrrp_down_timer_adverts: leaf(integer(1, 100), 'Default of down_timer_adverts.', {
    default: 3,
    invalid: "Invalid vrrp_down_timer_adverts [1:100] '%s'",
  }),
  vrrp_lower_prio_no_advert: leaf(
    boolean('Invalid value for vrrp_lower_prio_no_advert specified'),
    'Default of lower_prio_no_advert.',
    { otherwise: 'false' },
  ),
  vrrp_higher_prio_send_advert: leaf(
    boolean('Invalid value for vrrp_higher_prio_send_advert specified'),
    'Default of higher_prio_send_advert.',
    { otherwise: 'false' },
  ),
  vrrp_version: leaf(integer(2, 3), 'Default of version.', {
    default: 2,
    invalid: 'VRRP Error: Version must be either 2 or 3',
  }),
  vrrp_check_unicast_src: leaf(flag, 'Unicast adverts must come from a configured peer, in every instance.'),
  vrrp_skip_check_adv_addr: leaf(
    boolean('Invalid value for vrrp_check_adv_addr specified'),
    'Default of skip_check_adv_addr.',
    { otherwise: 'false' },
  ),
  vrrp_strict: leaf(boolean('Invalid value for vrrp_strict specified'), 'Default of strict_mode.', {
    otherwise: 'false',
  }),
  vrrp_owner_ignore_adverts: leaf(
    boolean('Invalid value for vrrp_owner_ignore_adverts specified'),
    'Default of owner_ignore_adverts.',
    { otherwise: 'false' },
  ),
  v3_checksum_as_v2: leaf(flag, 'Default of v3_checksum_as_v2, for the instances that follow.'),
  vrrp_notify_priority_changes: leaf(
    globalBoolean('vrrp_notify_priority_changes'),
    'Default of notify_priority_changes.',
    { otherwise: 'false' },
  ),
  vrrp_startup_delay: leaf(decimalSeconds(1000, maximumUnsigned), 'Pause after the start before any election.', {
    otherwise: '0',
    invalid: "vrrp_startup_delay '%s' is invalid",
    admit: remarkLongDelay,
  }),
  vrrp_delay_after_boot: leaf(
    decimalSeconds(1000, maximumUnsigned),
    'As vrrp_startup_delay, from the boot of the machine; the later of the two counts.',
    { otherwise: '0', invalid: "vrrp_delay_after_boot '%s' is invalid", admit: remarkLongDelay },
  ),
  log_unknown_vrids: leaf(flag, 'Log adverts of virtual routers that are not configured here.'),
  vmac_prefix: leaf(text, 'Start of the names of virtual MAC interfaces.', { default: 'vrrp', admit: oncePrefix }),
  vmac_addr_prefix: leaf(text, 'Start of the names of virtual MAC interfaces of single addresses.', {
    otherwise: 'vmac_prefix, else vrrp',
    admit: oncePrefix,
  }),
  vrrp_restore_addresses: leaf(
    flag,
    'Put back addresses, routes and rules of ours at once when somebody removes them.',
    {
      own: true,
    },
  ),
};
