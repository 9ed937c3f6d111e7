/**
 * keepalived reads a configuration once in each process, and each passes over the blocks of the others by counting
 * braces. One reading stands for all of them here. They part only where braces do not pair: a block that its own
 * process takes to have ended may go on, for the others, to the end of the file, with all that stands behind it.
 */
type Pass = 'parent' | 'checker' | 'vrrp' | 'bfd';

const passes: readonly Pass[] = ['parent', 'checker', 'vrrp', 'bfd'];

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

export interface Passes {
  /** Some process that reads this keyword is not passing over a block of another one. */
  isRead(keyword: string): boolean;
  /** A block begins after `depth` braces: who does not read it passes over it. */
  enter(keyword: string, depth: number): void;
  /** A brace was closed and `depth` are open still. */
  close(depth: number): void;
}

export function openPasses(): Passes {
  /** Braces that were open where a process began to pass over something. */
  const skipping = new Map<Pass, number>();
  const readersOf = (keyword: string) => readers[keyword] ?? parent;
  return {
    isRead: (keyword) => skipping.size === 0 || readersOf(keyword).some((pass) => !skipping.has(pass)),
    enter(keyword, depth) {
      const own = readersOf(keyword);
      for (const pass of passes) if (!own.includes(pass) && !skipping.has(pass)) skipping.set(pass, depth);
    },
    close(depth) {
      if (skipping.size === 0) return;
      for (const [pass, start] of skipping) if (depth <= start) skipping.delete(pass);
    },
  };
}
