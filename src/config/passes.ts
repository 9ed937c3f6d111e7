import { type ConfigReader, configReaders } from '../lib/diagnostic.ts';

export type Pass = ConfigReader;

export const passes: readonly [Pass, ...Pass[]] = configReaders;

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

const ofBfdInstance: Readonly<Record<string, readonly Pass[]>> = { weight: vrrp };
const bfd: readonly Pass[] = ['bfd'];

/**
 * The processes that read a keyword in a block, where that depends on the keyword: each comes upon one that is unknown.
 */
export function readersWithin(block: string, keyword: string | undefined): readonly Pass[] | undefined {
  if (block !== 'bfd_instance') return undefined;
  return keyword === undefined ? readersOf(block) : (ofBfdInstance[keyword] ?? bfd);
}
