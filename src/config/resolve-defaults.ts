import { seconds } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { RawConfig } from './build.ts';
import type { RawGlobal } from './raw.ts';
import type { GlobalDefaults } from './types.ts';

/** What global_defs gives when it says nothing (keepalived.conf(5)). */
export const standardDefaults: GlobalDefaults = {
  emailFaults: true,
  checkerEmails: true,
  strict: false,
  skipCheckAdvertAddresses: false,
  lowerPriorityNoAdvert: false,
  higherPrioritySendAdvert: false,
  ownerIgnoreAdverts: false,
  downTimerAdverts: 3,
  multicastGroup6: 'ff02::12' as IpAddress,
  garp: {
    delay: seconds(5),
    repeat: 5,
    refresh: seconds(0),
    refreshRepeat: 1,
    lowerPriorityDelay: seconds(5),
    lowerPriorityRepeat: 5,
  },
  garpLowerPriority: {},
  garpExtra: { interval: seconds(0), all: false },
  checkUnicastSource: false,
  v3ChecksumAsV2: false,
  dynamicInterfaces: 'off',
  maxAutoPriority: 0,
  minAutoPriorityDelay: 1_000_000,
  useSymlinkPaths: false,
  pidDirectory: false,
};

/** What instances and servers take over from global_defs. */
export function resolveDefaults(raw: RawConfig, global: RawGlobal): GlobalDefaults {
  const standard = standardDefaults;
  const delay = global.vrrp_garp_master_delay ?? standard.garp.delay;
  const repeat = global.vrrp_garp_master_repeat ?? standard.garp.repeat;
  const { vrrp_garp_lower_prio_delay: lowerPriorityDelay, vrrp_garp_lower_prio_repeat: lowerPriorityRepeat } = global;
  return {
    ...(global.smtp_alert !== undefined && { smtpAlert: global.smtp_alert }),
    ...(global.smtp_alert_vrrp !== undefined && { smtpAlertVrrp: global.smtp_alert_vrrp }),
    ...(global.smtp_alert_checker !== undefined && { smtpAlertChecker: global.smtp_alert_checker }),
    emailFaults: global.no_email_faults !== true,
    checkerEmails: global.no_checker_emails !== true,
    strict: global.vrrp_strict ?? standard.strict,
    skipCheckAdvertAddresses: global.vrrp_skip_check_adv_addr ?? standard.skipCheckAdvertAddresses,
    lowerPriorityNoAdvert: global.vrrp_lower_prio_no_advert ?? standard.lowerPriorityNoAdvert,
    higherPrioritySendAdvert: global.vrrp_higher_prio_send_advert ?? standard.higherPrioritySendAdvert,
    ownerIgnoreAdverts: global.vrrp_owner_ignore_adverts ?? standard.ownerIgnoreAdverts,
    downTimerAdverts: global.vrrp_down_timer_adverts ?? standard.downTimerAdverts,
    multicastGroup6: global.vrrp_mcast_group6 ?? standard.multicastGroup6,
    garp: {
      delay,
      repeat,
      refresh: global.vrrp_garp_master_refresh ?? standard.garp.refresh,
      refreshRepeat: global.vrrp_garp_master_refresh_repeat ?? standard.garp.refreshRepeat,
      lowerPriorityDelay: lowerPriorityDelay ?? delay,
      lowerPriorityRepeat: lowerPriorityRepeat ?? repeat,
    },
    garpLowerPriority: {
      ...(lowerPriorityDelay !== undefined && { delay: lowerPriorityDelay }),
      ...(lowerPriorityRepeat !== undefined && { repeat: lowerPriorityRepeat }),
    },
    garpExtra: global.vrrp_garp_extra_if ?? standard.garpExtra,
    checkUnicastSource: global.vrrp_check_unicast_src ?? standard.checkUnicastSource,
    v3ChecksumAsV2: global.v3_checksum_as_v2 ?? standard.v3ChecksumAsV2,
    dynamicInterfaces: global.dynamic_interfaces ?? standard.dynamicInterfaces,
    ...(global.default_interface !== undefined && { interface: global.default_interface }),
    maxAutoPriority: global.max_auto_priority ?? standard.maxAutoPriority,
    minAutoPriorityDelay: global.min_auto_priority_delay ?? standard.minAutoPriorityDelay,
    useSymlinkPaths: global.use_symlink_paths ?? standard.useSymlinkPaths,
    ...(global.script_user && { scriptUser: global.script_user }),
    pidDirectory: raw.use_pid_dir ?? standard.pidDirectory,
  };
}
