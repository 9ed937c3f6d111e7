import { ipsetNames } from '../../grammar/filter-values.ts';
import { seconds } from '../lib/duration.ts';
import type { RawConfig } from './build.ts';
import type { RawGlobal } from './raw.ts';
import type {
  DumpSettings,
  GlobalConfig,
  ProcessSettings,
  ReceiveBuffer,
  ReceiveBuffers,
  ReloadSettings,
  SnmpSettings,
} from './types.ts';

/** Of keepalived.conf(5). */
export const defaultServiceName = 'org.keepalived.Vrrp1';
export const defaultVmacPrefix = 'vrrp';
const defaultStatisticsAge = seconds(5);
const defaultMultiplier = 3;
const defaultPriority = -1;
const defaultFirstMark = 1000;
/** Microseconds of processor time that a real-time process may use at a stretch. */
export const usualRealtimeLimit = 10_000;

/** Scheduling of each process. */
export function resolveProcesses(global: RawGlobal): GlobalConfig['processes'] {
  const of = (
    priority: number | undefined,
    realtimePriority: number | undefined,
    noSwap: true | undefined,
    cpuAffinity: readonly number[] | undefined,
    realtimeLimit: number | undefined,
  ): ProcessSettings => ({
    ...(priority !== undefined && { priority }),
    ...(realtimePriority !== undefined && { realtimePriority }),
    noSwap: noSwap ?? false,
    ...(cpuAffinity && cpuAffinity.length > 0 && { cpuAffinity }),
    ...(realtimeLimit !== undefined && { realtimeLimit }),
  });
  const g = global;
  return {
    vrrp: of(g.vrrp_priority, g.vrrp_rt_priority, g.vrrp_no_swap, g.vrrp_cpu_affinity, g.vrrp_rlimit_rttime),
    checker: of(
      g.checker_priority,
      g.checker_rt_priority,
      g.checker_no_swap,
      g.checker_cpu_affinity,
      g.checker_rlimit_rttime,
    ),
    bfd: of(g.bfd_priority, g.bfd_rt_priority, g.bfd_no_swap, g.bfd_cpu_affinity, g.bfd_rlimit_rttime),
  };
}

type Filters = Pick<GlobalConfig, 'nftables' | 'nftablesIpvs' | 'iptables' | 'ipsets' | 'nftablesCounters'>;

/** nftables counts before iptables, and sets of addresses are for iptables only. */
export function resolveFilters(global: RawGlobal, log: (message: string) => void): Filters {
  const { nftables: table, nftables_ipvs: marks } = global;
  if (table !== undefined && global.vrrp_iptables)
    log('Both iptables and nftables have been specified - using nftables');
  const iptables = table === undefined ? global.vrrp_iptables : undefined;
  if (!iptables && global.vrrp_ipsets) log('vrrp_ipsets has been specified but not vrrp_iptables - ignoring');
  return {
    ...(table !== undefined && {
      nftables: {
        table,
        priority: global.nftables_priority ?? defaultPriority,
        matchIfindex: global.nftables_ifindex ?? false,
      },
    }),
    ...(marks !== undefined && {
      nftablesIpvs: {
        table: marks,
        priority: global.nftables_ipvs_priority ?? defaultPriority,
        startFwmark: global.nftables_ipvs_start_fwmark ?? defaultFirstMark,
      },
    }),
    ...(iptables && { iptables, ipsets: global.vrrp_ipsets ?? ipsetNames([]) }),
    nftablesCounters: global.nftables_counters ?? false,
  };
}

export function resolveBuffers(global: RawGlobal): ReceiveBuffers {
  const buffer = (bytes: number | undefined, force: boolean | undefined): ReceiveBuffer => ({
    ...(bytes !== undefined && { bytes }),
    force: force ?? false,
  });
  return {
    vrrpCommand: buffer(global.vrrp_netlink_cmd_rcv_bufs, global.vrrp_netlink_cmd_rcv_bufs_force),
    vrrpMonitor: buffer(global.vrrp_netlink_monitor_rcv_bufs, global.vrrp_netlink_monitor_rcv_bufs_force),
    lvsCommand: buffer(global.lvs_netlink_cmd_rcv_bufs, global.lvs_netlink_cmd_rcv_bufs_force),
    lvsMonitor: buffer(global.lvs_netlink_monitor_rcv_bufs, global.lvs_netlink_monitor_rcv_bufs_force),
    processMonitor: buffer(global.process_monitor_rcv_bufs, global.process_monitor_rcv_bufs_force),
    ...(global.vrrp_rx_bufs_policy && { vrrpPolicy: global.vrrp_rx_bufs_policy }),
    vrrpMultiplier: global.vrrp_rx_bufs_multiplier ?? defaultMultiplier,
  };
}

export function resolveSnmp(global: RawGlobal): SnmpSettings {
  const virtualServerInterval = global.snmp_vs_stats_update_interval ?? defaultStatisticsAge;
  return {
    ...(global.snmp_socket !== undefined && { socket: global.snmp_socket }),
    traps: global.enable_traps ?? false,
    vrrp: global.enable_snmp_vrrp ?? false,
    checker: global.enable_snmp_checker ?? false,
    rfcV2: global.enable_snmp_rfcv2 ?? false,
    rfcV3: global.enable_snmp_rfcv3 ?? false,
    virtualServerInterval,
    realServerInterval: global.snmp_rs_stats_update_interval ?? virtualServerInterval,
  };
}

export function resolveDbus(global: RawGlobal): Pick<GlobalConfig, 'dbus'> {
  if (!global.enable_dbus) return {};
  const { dbus_service_name: serviceName = defaultServiceName, dbus_no_interface_name: noInterfaceName } = global;
  return { dbus: { serviceName, ...(noInterfaceName !== undefined && { noInterfaceName }) } };
}

export function resolveReload(raw: RawConfig, global: RawGlobal): ReloadSettings {
  const { reload_check_config: checkOutput, reload_time_file: timeFile, reload_file: marker } = global;
  return {
    ...(checkOutput !== undefined && { checkOutput }),
    ...(timeFile !== undefined && { timeFile }),
    timeRepeat: global.reload_repeat ?? false,
    ...(marker !== undefined && { marker: marker === '' ? usualMarker(raw) : marker }),
  };
}

/** Beside the pid files. */
function usualMarker({ instance, net_namespace: namespace, use_pid_dir: own }: RawConfig): string {
  if (instance === undefined && namespace === undefined && !own) return '/run/keepalived.reload';
  return `/run/keepalived/keepalived${instance === undefined ? '' : `_${instance}`}.reload`;
}

export function resolveDumps(global: RawGlobal): DumpSettings {
  const { state_dump_file: statePath, stats_dump_file: statisticsPath, json_dump_file: jsonPath } = global;
  const { config_save_dir: saveDirectory, tmp_config_directory: temporaryDirectory } = global;
  return {
    ...(statePath !== undefined && { statePath }),
    ...(statisticsPath !== undefined && { statisticsPath }),
    ...(jsonPath !== undefined && { jsonPath }),
    useInstance: global.data_use_instance ?? false,
    jsonVersion: (global.json_version ?? 1) as 1 | 2,
    ...(saveDirectory !== undefined && { saveDirectory }),
    ...(temporaryDirectory !== undefined && { temporaryDirectory }),
  };
}
