import type { Command } from '../../grammar/command.ts';
import type { FifoPath } from '../../grammar/global-values.ts';
import { micros, seconds } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { RawConfig } from './build.ts';
import type { ConfigEnvironment } from './environment.ts';
import type { RawGlobal } from './raw.ts';
import {
  defaultVmacPrefix,
  resolveBuffers,
  resolveDbus,
  resolveDumps,
  resolveFilters,
  resolveProcesses,
  resolveReload,
  resolveSnmp,
} from './resolve-daemon.ts';
import { resolveDefaults } from './resolve-defaults.ts';
import type { Scripts } from './scripts.ts';
import type { Report } from './source-line.ts';
import type { EmailSettings, GlobalConfig, NotifyFifo, TimedScript } from './types.ts';

const defaultMulticastGroup4 = '224.0.0.18' as IpAddress;

/** What keepalived falls back to when nothing was configured. */
const defaultTimeout = seconds(30);
const defaultScriptTimeout = seconds(10);

export function resolveGlobal(
  raw: RawConfig,
  environment: ConfigEnvironment,
  scripts: Scripts,
  report: Report,
): GlobalConfig {
  const global: RawGlobal = raw.global_defs ?? {};
  const email = resolveEmail(global, environment);
  const startupScript = timed(scripts, global.startup_script, global.startup_script_timeout);
  const shutdownScript = timed(scripts, global.shutdown_script, global.shutdown_script_timeout);
  if ((startupScript || shutdownScript) && !global.enable_script_security) {
    const message = 'SECURITY VIOLATION - start/shutdown scripts are being executed but script_security not enabled.';
    report({ class: 'security-error', message });
  }
  const fifos = resolveFifos(global, scripts, report);
  const parent = scripts.endPart();
  const log = (message: string): void => report({ class: 'ok', message, logOnly: true });
  return {
    routerId: global.router_id ?? environment.hostName,
    ...(email && { email }),
    ...fifos,
    vrrpVersion: (global.vrrp_version ?? 2) as 2 | 3,
    vrrpMulticastGroup4: global.vrrp_mcast_group4 ?? defaultMulticastGroup4,
    garpInterval: global.vrrp_garp_interval ?? micros(0),
    gnaInterval: global.vrrp_gna_interval ?? micros(0),
    startupDelay: global.vrrp_startup_delay ?? micros(0),
    notifyPriorityChanges: global.vrrp_notify_priority_changes ?? false,
    logUnknownVrids: global.log_unknown_vrids ?? false,
    lvsFlush: global.lvs_flush ?? false,
    lvsFlushOnStop: global.lvs_flush_on_stop ?? 'off',
    checkerLogAllFailures: global.checker_log_all_failures ?? false,
    rsInitNotifies: global.rs_init_notifies ?? false,
    childWaitTime: raw.child_wait_time ?? seconds(5),
    enableScriptSecurity: global.enable_script_security ?? false,
    scriptUsers: { ...(parent && { parent }) },
    ...(startupScript && { startupScript }),
    ...(shutdownScript && { shutdownScript }),
    processNames: processNames(global),
    ...(raw.instance !== undefined && { instanceName: raw.instance }),
    ...(raw.net_namespace !== undefined && { netNamespace: raw.net_namespace }),
    umask: global.umask ?? 0o177,
    ...(global.lvs_timeouts && { lvsTimeouts: global.lvs_timeouts }),
    processes: resolveProcesses(global),
    ...(global.lvs_sync_daemon && { lvsSyncDaemon: global.lvs_sync_daemon }),
    ...(global.local_address && { localAddresses: global.local_address }),
    ...resolveFilters(global, log),
    disableLocalIgmp: global.disable_local_igmp ?? false,
    setSupplementaryGroups: global.set_supplementary_groups ?? false,
    fifoWriteVrrpStatesOnReload: global.fifo_write_vrrp_states_on_reload ?? false,
    delayAfterBoot: global.vrrp_delay_after_boot ?? micros(0),
    vmacPrefix: global.vmac_prefix ?? defaultVmacPrefix,
    vmacAddressPrefix: global.vmac_addr_prefix ?? global.vmac_prefix ?? defaultVmacPrefix,
    ...(global.random_seed !== undefined && { randomSeed: global.random_seed }),
    linkbeatUsePolling: raw.linkbeat_use_polling ?? false,
    ...(raw.net_namespace_ipvs !== undefined && { netNamespaceIpvs: raw.net_namespace_ipvs }),
    namespaceWithIpsets: raw.namespace_with_ipsets ?? false,
    receiveBuffers: resolveBuffers(global),
    snmp: resolveSnmp(global),
    ...resolveDbus(global),
    reload: resolveReload(raw, global),
    dumps: resolveDumps(global),
    ...(global.iproute_usr_dir !== undefined && { iprouteUsrDirectory: global.iproute_usr_dir }),
    ...(global.iproute_etc_dir !== undefined && { iprouteEtcDirectory: global.iproute_etc_dir }),
    vrrpRestoreAddresses: global.vrrp_restore_addresses ?? false,
    lvsRestoreServices: global.lvs_restore_services ?? false,
    shareChecks: global.share_checks ?? false,
    defaults: resolveDefaults(raw, global),
  };
}

function resolveEmail(global: RawGlobal, environment: ConfigEnvironment): EmailSettings | undefined {
  const { notification_email: to, smtp_server: server } = global;
  if (!to && !server && global.notification_email_from === undefined) return undefined;
  const sender = server && `${environment.self.userName}@${environment.hostName}`;
  const from = global.notification_email_from ?? sender;
  return {
    ...(from !== undefined && { from }),
    to: to ?? [],
    ...(server && { server }),
    heloName: global.smtp_helo_name ?? environment.hostName,
    connectTimeout: global.smtp_connect_timeout ?? defaultTimeout,
  };
}

function timed(
  scripts: Scripts,
  command: Command | undefined,
  timeout = defaultScriptTimeout,
): TimedScript | undefined {
  const resolved = scripts.resolve(command);
  return resolved && { command: resolved, timeout };
}

interface Fifos {
  notifyFifo?: NotifyFifo;
  vrrpNotifyFifo?: NotifyFifo;
  lvsNotifyFifo?: NotifyFifo;
}

function resolveFifos(global: RawGlobal, scripts: Scripts, report: Report): Fifos {
  const log = (message: string): void => report({ class: 'ok', message, logOnly: true });
  const all = resolveFifo(global.notify_fifo, global.notify_fifo_script, scripts);
  let vrrp = resolveFifo(global.vrrp_notify_fifo, global.vrrp_notify_fifo_script, scripts);
  let lvs = resolveFifo(global.lvs_notify_fifo, global.lvs_notify_fifo_script, scripts);
  if (vrrp && vrrp.path === all?.path) {
    log(`notify FIFO ${vrrp.path} has been specified for global and vrrp FIFO - ignoring vrrp FIFO`);
    vrrp = undefined;
  }
  if (lvs && lvs.path === all?.path) {
    log(`notify FIFO ${lvs.path} has been specified for global and LVS FIFO - ignoring LVS FIFO`);
    lvs = undefined;
  }
  if (lvs?.script && vrrp?.script && lvs.path === vrrp.path) {
    log('LVS notify FIFO and vrrp FIFO are the same both with scripts - ignoring LVS FIFO script');
    const { script: _, ...rest } = lvs;
    lvs = rest;
  }
  return {
    ...(all && { notifyFifo: all }),
    ...(vrrp && { vrrpNotifyFifo: vrrp }),
    ...(lvs && { lvsNotifyFifo: lvs }),
  };
}

function resolveFifo(
  fifo: FifoPath | undefined,
  command: Command | undefined,
  scripts: Scripts,
): NotifyFifo | undefined {
  if (!fifo) return undefined;
  const owner = scripts.identity(fifo.user, fifo.group);
  if (!owner) return undefined;
  const script = scripts.resolve(command);
  const { path, user, group } = fifo;
  return {
    path,
    uid: owner.uid,
    gid: owner.gid,
    ...(user !== undefined && { user }),
    ...(group !== undefined && { group }),
    ...(script && { script }),
  };
}

function processNames(global: RawGlobal): GlobalConfig['processNames'] {
  const named = global.process_names === true;
  const vrrp = global.vrrp_process_name ?? (named ? 'keepalived_vrrp' : undefined);
  const checker = global.checker_process_name ?? (named ? 'keepalived_lvs' : undefined);
  const bfd = global.bfd_process_name ?? (named ? 'keepalived_bfd' : undefined);
  return {
    ...(global.process_name !== undefined && { parent: global.process_name }),
    // The kernel keeps fifteen characters.
    ...(vrrp !== undefined && { vrrp: vrrp.slice(0, 15) }),
    ...(checker !== undefined && { checker: checker.slice(0, 15) }),
    ...(bfd !== undefined && { bfd: bfd.slice(0, 15) }),
  };
}
