/**
 * Keywords of keepalived's that this version reads past: each is named in a note, and its block is skipped whole.
 * The key is the path of the block they stand in.
 */
const names: Readonly<Record<string, string>> = {
  '': `linkbeat_use_polling net_namespace_ipvs namespace_with_ipsets  garp_group linkbeat_interfaces
    interface_up_down_delays`,
  global_defs: `set_supplementary_groups disable_local_igmp v3_checksum_as_v2 lvs_sync_daemon vrrp_garp_extra_if
    vrrp_vmac_garp_intvl vrrp_iptables vrrp_ipsets nftables nftables_priority nftables_ifindex
    vrrp_check_unicast_src vrrp_priority vrrp_no_swap vrrp_rt_priority vrrp_cpu_affinity vrrp_rlimit_rttime
    vrrp_rlimit_rtime nftables_ipvs nftables_ipvs_priority nftables_ipvs_start_fwmark nftables_counters
    fifo_write_vrrp_states_on_reload checker_priority checker_no_swap checker_rt_priority checker_cpu_affinity
    checker_rlimit_rttime checker_rlimit_rtime bfd_priority bfd_no_swap bfd_rt_priority bfd_cpu_affinity
    bfd_rlimit_rttime bfd_rlimit_rtime snmp_socket enable_traps enable_snmp_vrrp enable_snmp_keepalived
    enable_snmp_rfc enable_snmp_rfcv2 enable_snmp_rfcv3 enable_snmp_checker snmp_vs_stats_update_interval
    snmp_rs_stats_update_interval enable_dbus dbus_service_name dbus_no_interface_name vrrp_netlink_cmd_rcv_bufs
    vrrp_netlink_cmd_rcv_bufs_force vrrp_netlink_monitor_rcv_bufs vrrp_netlink_monitor_rcv_bufs_force
    process_monitor_rcv_bufs process_monitor_rcv_bufs_force lvs_netlink_cmd_rcv_bufs
    lvs_netlink_cmd_rcv_bufs_force lvs_netlink_monitor_rcv_bufs lvs_netlink_monitor_rcv_bufs_force
    vrrp_rx_bufs_policy vrrp_rx_bufs_multiplier vrrp_delay_after_boot vmac_prefix vmac_addr_prefix random_seed
    reload_check_config reload_time_file reload_repeat reload_file include_check config_save_dir
    tmp_config_directory data_use_instance json_version iproute_usr_dir iproute_etc_dir state_dump_file
    stats_dump_file json_dump_file`,
};

/** By block keyword; the empty one is the top level. */
export const unsupported: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(names).map(([block, words]) => [block, new Set(words.split(/\s+/))]),
);

/** Top-level blocks whose presence alone means that VRRP runs. */
export const impliesVrrp: ReadonlySet<string> = new Set([
  'vrrp_instance',
  'static_ipaddress',
  'static_routes',
  'static_rules',
]);
