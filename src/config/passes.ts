import type { ConfigReader } from '../lib/diagnostic.ts';

const vrrp: readonly ConfigReader[] = ['vrrp'];
const checker: readonly ConfigReader[] = ['checker'];
const tracked: readonly ConfigReader[] = ['checker', 'vrrp'];

/** Who reads the blocks that stand outside of all others; the parent alone where nothing is said. */
const readers: Readonly<Record<string, readonly ConfigReader[]>> = {
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

const parent: readonly ConfigReader[] = ['parent'];

/** The processes that read a keyword which stands outside of all blocks. */
export function readersOf(keyword: string): readonly ConfigReader[] {
  return readers[keyword] ?? parent;
}

const ofBfdInstance: Readonly<Record<string, readonly ConfigReader[]>> = { weight: vrrp };
const bfd: readonly ConfigReader[] = ['bfd'];

/**
 * The processes that read a keyword in a block, where that depends on the keyword: each comes upon one that is unknown.
 */
export function readersWithin(block: string, keyword: string | undefined): readonly ConfigReader[] | undefined {
  if (block !== 'bfd_instance') return undefined;
  return keyword === undefined ? readersOf(block) : (ofBfdInstance[keyword] ?? bfd);
}
