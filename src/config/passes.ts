/**
 * keepalived reads a configuration once in each process, in this order, and each passes over the blocks of the others by
 * counting braces.
 */
export type Pass = 'parent' | 'checker' | 'vrrp' | 'bfd';

export const passes: readonly [Pass, ...Pass[]] = ['parent', 'checker', 'vrrp', 'bfd'];

const vrrp: readonly Pass[] = ['vrrp'];
const checker: readonly Pass[] = ['checker'];
const tracked: readonly Pass[] = ['checker', 'vrrp'];

/** Who reads the blocks that stand outside of all others; the parent alone where nothing is said. */
const readers: Readonly<Record<string, readonly Pass[]>> = {
  track_group: vrrp,
  static_ipaddress: vrrp,
  static_routes: vrrp,
  static_rules: vrrp,
  vrrp_sync_group: vrrp,
  garp_group: vrrp,
  linkbeat_interfaces: vrrp,
  vrrp_instance: vrrp,
  vrrp_script: vrrp,
  vrrp_track_process: vrrp,
  interface_up_down_delays: vrrp,
  SSL: checker,
  virtual_server_group: checker,
  virtual_server: checker,
  track_file: tracked,
  vrrp_track_file: tracked,
  bfd_instance: ['checker', 'vrrp', 'bfd'],
};

const parent: readonly Pass[] = ['parent'];

/** The processes that read a keyword which stands outside of all blocks. */
export function readersOf(keyword: string): readonly Pass[] {
  return readers[keyword] ?? parent;
}
