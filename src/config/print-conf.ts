import { root } from '../../grammar/blocks/root.ts';
import type { FifoPath } from '../../grammar/global-values.ts';
import { printBlock, type Values } from './print-block.ts';
import type { Config, GarpGroup, GlobalConfig, GlobalDefaults, NotifyFifo } from './types.ts';
import { writtenCommand } from './written-command.ts';
import { writtenDaemon } from './written-daemon.ts';
import { writtenInstance, writtenStaticAddress } from './written-instance.ts';
import { writtenTracking } from './written-tracking.ts';
import { writtenServers } from './written-servers.ts';

/** Between the global settings and the lines that name groups. */
const beforeLists = -0.5;

/**
 * The effective configuration as keepalived.conf. On the same machine it reads back to an equal configuration; what
 * keepalived would complain about is already put right in it.
 */
export function printConf(config: Config): string {
  const { global, instances } = config;
  const { defaults } = global;
  const values: Values = {
    net_namespace: global.netNamespace,
    instance: global.instanceName,
    net_namespace_ipvs: global.netNamespaceIpvs,
    namespace_with_ipsets: global.namespaceWithIpsets || undefined,
    linkbeat_use_polling: global.linkbeatUsePolling || undefined,
    use_pid_dir: defaults.pidDirectory || undefined,
    child_wait_time: global.childWaitTime,
    global_defs: { sequence: -1, ...writtenGlobal(global) },
    linkbeat_interfaces: config.linkbeatInterfaces,
    interface_up_down_delays: config.interfaceDelays,
    garp_group: config.garpGroups.map(writtenGarpGroup),
    track_group: config.trackGroups.map(({ name, members }) => ({ sequence: beforeLists, name, group: members })),
    static_ipaddress: config.staticAddresses.map(writtenStaticAddress),
    static_routes: config.staticRoutes,
    static_rules: config.staticRules,
    ...writtenTracking(config),
    vrrp_instance: instances.map((instance, i) => writtenInstance(instance, global, i)),
    ...writtenServers(config, instances.length),
  };
  return `${printBlock(root.rows, values).join('\n')}\n`;
}

function writtenGarpGroup({ garpInterval, gnaInterval, interfaces }: GarpGroup): Values {
  return { sequence: beforeLists, garp_interval: garpInterval, gna_interval: gnaInterval, interfaces };
}

function writtenGlobal(global: GlobalConfig): Values {
  const { email, startupScript, shutdownScript, processNames, defaults } = global;
  return {
    router_id: global.routerId,
    notification_email: email && email.to.length > 0 ? email.to : undefined,
    notification_email_from: email?.from,
    smtp_server: email?.server,
    smtp_helo_name: email?.heloName,
    smtp_connect_timeout: email?.connectTimeout,
    startup_script: writtenCommand(startupScript?.command),
    startup_script_timeout: startupScript?.timeout,
    shutdown_script: writtenCommand(shutdownScript?.command),
    shutdown_script_timeout: shutdownScript?.timeout,
    checker_log_all_failures: global.checkerLogAllFailures,
    lvs_timeouts: global.lvsTimeouts,
    lvs_flush: global.lvsFlush || undefined,
    lvs_flush_on_stop: global.lvsFlushOnStop === 'off' ? undefined : global.lvsFlushOnStop,
    vrrp_mcast_group4: global.vrrpMulticastGroup4,
    vrrp_garp_interval: global.garpInterval || undefined,
    vrrp_gna_interval: global.gnaInterval || undefined,
    vrrp_version: global.vrrpVersion,
    vrrp_notify_priority_changes: global.notifyPriorityChanges,
    vrrp_startup_delay: global.startupDelay || undefined,
    log_unknown_vrids: global.logUnknownVrids || undefined,
    ...writtenFifo('notify_fifo', global.notifyFifo),
    ...writtenFifo('vrrp_notify_fifo', global.vrrpNotifyFifo),
    ...writtenFifo('lvs_notify_fifo', global.lvsNotifyFifo),
    process_name: processNames.parent,
    vrrp_process_name: processNames.vrrp,
    checker_process_name: processNames.checker,
    bfd_process_name: processNames.bfd,
    enable_script_security: global.enableScriptSecurity || undefined,
    rs_init_notifies: global.rsInitNotifies,
    umask: global.umask,
    ...writtenDaemon(global),
    ...writtenDefaults(defaults),
  };
}

function writtenFifo(keyword: string, fifo: NotifyFifo | undefined): Values {
  if (!fifo) return {};
  const { path, user, group, script } = fifo;
  const words: FifoPath = { path, ...(user !== undefined && { user }), ...(group !== undefined && { group }) };
  return { [keyword]: words, [`${keyword}_script`]: writtenCommand(script) };
}

function writtenDefaults(defaults: GlobalDefaults): Values {
  const { garp } = defaults;
  // No number says "none" here; only vrrp_min_garp does, for what nothing else has set.
  const minimal = garp.refreshRepeat === 0;
  return {
    smtp_alert: defaults.smtpAlert,
    smtp_alert_vrrp: defaults.smtpAlertVrrp,
    smtp_alert_checker: defaults.smtpAlertChecker,
    no_email_faults: defaults.emailFaults ? undefined : true,
    no_checker_emails: !defaults.checkerEmails,
    max_auto_priority: defaults.maxAutoPriority,
    min_auto_priority_delay: defaults.minAutoPriorityDelay,
    default_interface: defaults.interface,
    vrrp_mcast_group6: defaults.multicastGroup6,
    vrrp_garp_master_delay: garp.delay,
    vrrp_garp_master_repeat: garp.repeat,
    vrrp_garp_master_refresh: garp.refresh,
    vrrp_garp_master_refresh_repeat: minimal ? undefined : garp.refreshRepeat,
    vrrp_min_garp: minimal || undefined,
    vrrp_garp_lower_prio_delay: defaults.garpLowerPriority.delay,
    vrrp_garp_lower_prio_repeat: defaults.garpLowerPriority.repeat,
    vrrp_garp_extra_if: defaults.garpExtra.interval > 0 ? defaults.garpExtra : undefined,
    vrrp_check_unicast_src: defaults.checkUnicastSource || undefined,
    v3_checksum_as_v2: defaults.v3ChecksumAsV2 || undefined,
    vrrp_down_timer_adverts: defaults.downTimerAdverts,
    vrrp_lower_prio_no_advert: defaults.lowerPriorityNoAdvert,
    vrrp_higher_prio_send_advert: defaults.higherPrioritySendAdvert,
    vrrp_skip_check_adv_addr: defaults.skipCheckAdvertAddresses,
    vrrp_strict: defaults.strict,
    vrrp_owner_ignore_adverts: defaults.ownerIgnoreAdverts,
    use_symlink_paths: defaults.useSymlinkPaths,
    script_user: defaults.scriptUser,
    dynamic_interfaces: defaults.dynamicInterfaces === 'off' ? undefined : defaults.dynamicInterfaces,
  };
}
