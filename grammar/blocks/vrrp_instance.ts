import { seconds } from '../../src/lib/duration.ts';
import { block, leaf, list, type Scope, type Statement } from '../keyword.ts';
import { address, boolean, decimalSeconds, flag, integer, maximumUnsigned, wholeSeconds } from '../values.ts';
import { virtualRoutes } from './virtual_routes.ts';
import { virtualRules } from './virtual_rules.ts';
import { excludedAddress, virtualAddress } from './vrrp/addresses.ts';
import { authHmac } from './vrrp/auth_hmac.ts';
import { authentication } from './vrrp/authentication.ts';
import { instanceExtras } from './vrrp/instance-extras.ts';
import {
  admitNativeIpv6,
  admitSource,
  admitVersion,
  atLeastOne,
  name,
  ownInterface,
  state,
  undoes,
} from './vrrp/instance-values.ts';
import { firstDeleted, notify, notifyDeleted } from './vrrp/notify.ts';
import { trackBlocks } from './vrrp/tracking.ts';
import { meansUnicast, unicastSource } from './vrrp/unicast.ts';

export const vrrpInstance = block(
  name,
  'One virtual router.',
  {
    state: leaf(state, 'State the instance would like to start in; MASTER for an address owner, else BACKUP.', {
      otherwise: 'from priority: 255 is MASTER, else BACKUP',
    }),
    interface: leaf(ownInterface, 'Interface that adverts go out of and that addresses are put on.', {
      otherwise: 'none',
    }),
    dont_track_primary: leaf(flag, 'Take no notice of the state of the own interface.'),
    mcast_src_ip: leaf(
      address('Configuration error: VRRP instance[%n] malformed src address[%s]. Skipping...'),
      'Source address of adverts; the first address of the interface unless set.',
      { otherwise: 'primary address of the interface', admit: admitSource('unicast_src_ip') },
    ),
    unicast_src_ip: leaf(unicastSource, 'As mcast_src_ip, of an instance that is meant to be unicast.', {
      otherwise: 'primary address of the interface',
      admit: admitSource('mcast_src_ip'),
    }),
    native_ipv6: leaf(flag, 'The instance is of IPv6 although no address says so.', { admit: admitNativeIpv6 }),
    virtual_router_id: leaf(integer(1, 255, 'exact'), 'Virtual router identifier (RFC 5798, section 5.2.3).', {
      otherwise: 'none (required)',
      invalid: "(%n): VRID '%s' not valid - must be between 1 & 255",
    }),
    version: leaf(integer(2, 3), 'Version of the protocol; 3 for IPv6, else vrrp_version.', {
      otherwise: '3 for IPv6, else vrrp_version',
      invalid: '(%n): Version must be either 2 or 3',
      admit: admitVersion,
    }),
    priority: leaf(integer(1, 255, 'exact'), 'Priority (RFC 5798, section 5.2.4); 255 is the owner of the addresses.', {
      default: 100,
      invalid: '(%n) Priority not valid! must be between 1 & 255. Using default 100',
      fallback: 100,
    }),
    advert_int: leaf(decimalSeconds(10_000, 255_000_000), 'Interval between adverts.', {
      default: seconds(1),
      invalid: '(%n) Advert interval (%s) not valid! Must be > 0 - ignoring',
    }),
    // Excluded ones come first: written so, they are not compared with the others as they are read.
    virtual_ipaddress_excluded: list(excludedAddress, 'Addresses held while master but left out of adverts.'),
    virtual_ipaddress: list(virtualAddress, 'Addresses held while master and named in adverts.'),
    virtual_routes: virtualRoutes,
    virtual_rules: virtualRules,
    no_virtual_ipaddress: leaf(flag, 'The instance may be without addresses.'),
    promote_secondaries: leaf(flag, 'Let a secondary address take the place of a removed primary one.'),
    accept: leaf(flag, 'Answer packets sent to the virtual addresses.', {
      otherwise: 'on unless strict and not owner',
      admit: undoes('no_accept'),
    }),
    no_accept: leaf(flag, 'Do not answer packets sent to the virtual addresses.', {
      otherwise: 'see accept',
      admit: undoes('accept'),
    }),
    skip_check_adv_addr: leaf(
      boolean('(%n) invalid skip_check_adv_addr %s specified'),
      'Check the address list only of the first advert of a master. Any value turns it on.',
      { otherwise: 'global vrrp_skip_check_adv_addr', admit: () => true },
    ),
    strict_mode: leaf(boolean('(%n) invalid strict_mode %s specified'), 'Keep to the letter of the RFC.', {
      otherwise: 'global vrrp_strict',
    }),
    preempt: leaf(flag, 'Take over from a master of lower priority; undoes an earlier nopreempt.', {
      otherwise: 'on',
      admit: undoes('nopreempt'),
    }),
    nopreempt: leaf(flag, 'Leave a master of lower priority alone.', {
      admit: undoes('preempt'),
    }),
    preempt_delay: leaf(decimalSeconds(0, 1_000_000_000), 'How long to wait before taking over from a lower master.', {
      default: seconds(0),
      invalid: '(%n) Preempt_delay not valid! must be between 0-1000',
      fallback: seconds(0),
    }),
    debug: leaf(integer(0, 4), 'Shown in dumps.', {
      otherwise: '0',
      invalid: "(%n) Debug value '%s' not valid; must be between 0-4",
    }),
    notify_backup: notify('the instance becomes backup'),
    notify_master: notify('the instance becomes master'),
    notify_fault: notify('the instance enters the fault state'),
    notify_stop: notify('the instance stops'),
    notify_deleted: leaf(notifyDeleted, 'Report DELETED, not FAULT, when a reload removes the instance.', {
      otherwise: 'treated as fault',
      admit: firstDeleted,
    }),
    notify: notify('the instance changes state'),
    notify_master_rx_lower_pri: notify('a master hears a master of lower priority'),
    smtp_alert: leaf(boolean('Invalid vrrp_instance smtp_alert parameter %s'), 'Send mails about changes of state.', {
      otherwise: 'smtp_alert_vrrp, then smtp_alert',
    }),
    notify_priority_changes: leaf(
      boolean("(%n) Invalid value '%s' for notify_priority_changes specified"),
      'Tell FIFOs about changes of priority.',
      { otherwise: 'sync group value, else global' },
    ),
    garp_master_delay: leaf(wholeSeconds(0, 4294), 'From becoming master to the second set of gratuitous ARP.', {
      otherwise: 'vrrp_garp_master_delay (5)',
      invalid: "(%n): garp_master_delay '%s' invalid - ignoring",
    }),
    garp_master_refresh: leaf(wholeSeconds(0, maximumUnsigned), 'Period of gratuitous ARP while master; 0 is off.', {
      otherwise: 'vrrp_garp_master_refresh (0)',
      invalid: "(%n): Invalid garp_master_refresh '%s' - ignoring",
      fallback: seconds(0),
    }),
    garp_master_repeat: leaf(integer(0, maximumUnsigned), 'Frames in each set on becoming master.', {
      otherwise: 'vrrp_garp_master_repeat (5)',
      invalid: "(%n): garp_master_repeat '%s' invalid - ignoring",
      admit: atLeastOne,
    }),
    garp_master_refresh_repeat: leaf(integer(0, maximumUnsigned), 'Frames in each periodic set.', {
      otherwise: 'vrrp_garp_master_refresh_repeat (1)',
      invalid: "(%n): garp_master_refresh_repeat '%s' invalid - ignoring",
      admit: atLeastOne,
    }),
    garp_lower_prio_delay: leaf(wholeSeconds(0, 4294), 'As garp_master_delay, after hearing a lower master.', {
      otherwise: '0 in strict mode, else vrrp_garp_lower_prio_delay',
      invalid: "(%n): garp_lower_prio_delay '%s' invalid - ignoring",
    }),
    garp_lower_prio_repeat: leaf(integer(0, 0x7fffffff), 'As garp_master_repeat, after hearing a lower master.', {
      otherwise: '0 in strict mode, else vrrp_garp_lower_prio_repeat',
      invalid: "(%n): Invalid garp_lower_prio_repeat '%s'",
    }),
    down_timer_adverts: leaf(integer(1, 100), 'Adverts that must be missed before the master counts as down.', {
      otherwise: 'vrrp_down_timer_adverts (3)',
      invalid: "(%n): Invalid down_timer_adverts [1:100] '%s'",
    }),
    lower_prio_no_advert: leaf(
      boolean('(%n) invalid lower_prio_no_advert %s specified'),
      'Stay silent when a master of lower priority is heard.',
      { otherwise: 'true in strict mode, else vrrp_lower_prio_no_advert' },
    ),
    higher_prio_send_advert: leaf(
      boolean('(%n) invalid higher_prio_send_advert %s specified'),
      'Send one advert more before giving way to a master of higher priority.',
      { otherwise: 'false in strict mode, else vrrp_higher_prio_send_advert' },
    ),
    owner_ignore_adverts: leaf(
      boolean('(%n) invalid owner_ignore_adverts %s specified'),
      'An address owner takes no notice of adverts.',
      { otherwise: 'owner: true in strict mode, else global; others false' },
    ),
    authentication,
    auth_hmac: authHmac,
    ...instanceExtras,
    ...trackBlocks,
  },
  { finish },
);

/** A virtual interface needs a base, or leave to send by it; a TTL needs peers. */
function finish({ name, values }: Scope, statement: Statement): boolean {
  const unicast = meansUnicast(statement.scope);
  values.unicast = unicast;
  const virtual = values.use_vmac !== undefined || values.use_ipvlan !== undefined;
  const complain = (message: string) => statement.report('general-error', message);
  if (unicast && virtual && values.interface === undefined) {
    complain(`(${name}): Cannot use VMAC/ipvlan with unicast and no interface - clearing use_vmac`);
    delete values.use_vmac;
    delete values.use_ipvlan;
  } else if (unicast && virtual && values.vmac_xmit_base === undefined) {
    complain(`(${name}) unicast with use_vmac requires vmac_xmit_base - setting`);
    values.vmac_xmit_base = true;
  }
  if (values.unicast_ttl !== undefined && values.unicast_peer === undefined) {
    complain(`(${name}): Cannot use unicast_ttl without unicast peers - resetting`);
    delete values.unicast_ttl;
  }
  if (values.interface === undefined) delete values.linkbeat_use_polling;
  return true;
}
