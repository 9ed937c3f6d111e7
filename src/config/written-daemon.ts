import type { Values } from './print-block.ts';
import { defaultServiceName, defaultVmacPrefix } from './resolve-daemon.ts';
import type { GlobalConfig, ProcessSettings, ReceiveBuffer } from './types.ts';
import { on } from './written-flag.ts';

/** The words of what concerns processes, filters, buffers, reports and files; only what is not as usual. */
export function writtenDaemon(global: GlobalConfig): Values {
  const { nftables, nftablesIpvs, reload, dumps, dbus } = global;
  return {
    set_supplementary_groups: on(global.setSupplementaryGroups),
    fifo_write_vrrp_states_on_reload: on(global.fifoWriteVrrpStatesOnReload),
    disable_local_igmp: on(global.disableLocalIgmp),
    vrrp_delay_after_boot: global.delayAfterBoot || undefined,
    vmac_prefix: global.vmacPrefix === defaultVmacPrefix ? undefined : global.vmacPrefix,
    vmac_addr_prefix: global.vmacAddressPrefix === global.vmacPrefix ? undefined : global.vmacAddressPrefix,
    vrrp_restore_addresses: on(global.vrrpRestoreAddresses),
    lvs_restore_services: on(global.lvsRestoreServices),
    share_checks: on(global.shareChecks),
    local_address: global.localAddresses,
    lvs_sync_daemon: global.lvsSyncDaemon?.ofInstance ? undefined : global.lvsSyncDaemon,
    vrrp_iptables: global.iptables,
    vrrp_ipsets: global.ipsets,
    nftables: nftables?.table,
    nftables_priority: nftables?.priority,
    nftables_ifindex: on(nftables?.matchIfindex ?? false),
    nftables_ipvs: nftablesIpvs?.table,
    nftables_ipvs_priority: nftablesIpvs?.priority,
    nftables_ipvs_start_fwmark: nftablesIpvs?.startFwmark,
    nftables_counters: on(global.nftablesCounters),
    ...writtenProcess('vrrp', global.processes.vrrp),
    ...writtenProcess('checker', global.processes.checker),
    ...writtenProcess('bfd', global.processes.bfd),
    random_seed: global.randomSeed,
    ...writtenSnmp(global.snmp),
    enable_dbus: on(dbus !== undefined),
    dbus_service_name: dbus?.serviceName === defaultServiceName ? undefined : dbus?.serviceName,
    dbus_no_interface_name: dbus?.noInterfaceName,
    ...writtenBuffers(global.receiveBuffers),
    reload_check_config: reload.checkOutput,
    reload_time_file: reload.timeFile,
    reload_repeat: on(reload.timeRepeat),
    reload_file: reload.marker,
    config_save_dir: dumps.saveDirectory,
    tmp_config_directory: dumps.temporaryDirectory,
    data_use_instance: on(dumps.useInstance),
    json_version: dumps.jsonVersion,
    iproute_usr_dir: global.iprouteUsrDirectory,
    iproute_etc_dir: global.iprouteEtcDirectory,
    state_dump_file: dumps.statePath,
    stats_dump_file: dumps.statisticsPath,
    json_dump_file: dumps.jsonPath,
  };
}

function writtenProcess(name: string, settings: ProcessSettings): Values {
  return {
    [`${name}_priority`]: settings.priority,
    [`${name}_no_swap`]: on(settings.noSwap),
    [`${name}_rt_priority`]: settings.realtimePriority,
    [`${name}_cpu_affinity`]: settings.cpuAffinity,
    // No number says "none"; only one that is refused would.
    [`${name}_rlimit_rttime`]: settings.realtimeLimit || undefined,
  };
}

function writtenSnmp(snmp: GlobalConfig['snmp']): Values {
  return {
    snmp_socket: snmp.socket,
    enable_traps: on(snmp.traps),
    enable_snmp_vrrp: on(snmp.vrrp),
    enable_snmp_rfcv2: on(snmp.rfcV2),
    enable_snmp_rfcv3: on(snmp.rfcV3),
    enable_snmp_checker: on(snmp.checker),
    snmp_vs_stats_update_interval: snmp.virtualServerInterval,
    snmp_rs_stats_update_interval: snmp.realServerInterval,
  };
}

function writtenBuffers(buffers: GlobalConfig['receiveBuffers']): Values {
  const one = (keyword: string, { bytes, force }: ReceiveBuffer): Values => ({
    [`${keyword}_rcv_bufs`]: bytes,
    [`${keyword}_rcv_bufs_force`]: on(force),
  });
  return {
    ...one('vrrp_netlink_cmd', buffers.vrrpCommand),
    ...one('vrrp_netlink_monitor', buffers.vrrpMonitor),
    ...one('process_monitor', buffers.processMonitor),
    ...one('lvs_netlink_cmd', buffers.lvsCommand),
    ...one('lvs_netlink_monitor', buffers.lvsMonitor),
    vrrp_rx_bufs_policy: buffers.vrrpPolicy,
    vrrp_rx_bufs_multiplier: buffers.vrrpMultiplier,
  };
}
