import { numberedSyncDaemon } from '../config/numbered-sync-daemon.ts';
import { usesPacketFilter, usualFilter } from '../config/packet-filter.ts';
import type { Config, GlobalConfig } from '../config/types.ts';
import { type CheckerRuntimeOf, checkerLines } from './dump-checker.ts';
import { checkerTrackLines, type FileStatusOf } from './dump-checker-tracks.ts';
import { type DumpingProcess, globalLines } from './dump-global.ts';
import { type LvsRuntime, lvsLines } from './dump-lvs.ts';
import { vrrpParts } from './dump-vrrp.ts';
import type { GlobalRuntime, VrrpRuntime } from './runtime.ts';

/*
 * The effective configuration in the layout of keepalived's data files (keepalived.data and its like), which -d also
 * writes to the log. What only a running process knows comes in beside it and may be missing: those lines are then
 * left out.
 */

/** Section "Global definitions". */
export function dumpGlobal(
  config: Config,
  process: Exclude<DumpingProcess, 'vrrp'>,
  runtime?: GlobalRuntime,
): string[] {
  return globalLines(config.global, process, runtime);
}

/**
 * The same as the VRRP process goes by it: there an interface is assumed where none is configured, an instance that
 * needs a packet filter has switched it on, and the synchronisation daemon has its number, or is none where its
 * instance is unknown.
 */
export function dumpVrrpGlobal(config: Config, runtime?: GlobalRuntime): string[] {
  const { defaults, lvsSyncDaemon: _, ...global } = config.global;
  const daemon = numberedSyncDaemon(config);
  // keepalived looks the interface up when an address needs it.
  const usesDefault = config.staticAddresses.some((one) => one.interface === defaults.interface);
  const seen: GlobalConfig = {
    ...global,
    ...(daemon && { lvsSyncDaemon: daemon }),
    ...(usesPacketFilter(config) && { nftables: global.nftables ?? usualFilter }),
    defaults: { ...defaults, interface: (usesDefault ? defaults.interface : undefined) ?? 'eth0' },
  };
  return globalLines(seen, 'vrrp', runtime);
}

/** What the VRRP process adds to it; empty without a vrrp_instance. Passwords are masked. */
export function dumpVrrp(config: Config, runtime: VrrpRuntime = {}): string[] {
  return [...vrrpParts(config, runtime)].flat();
}

/** Global definitions and the same, in parts that a process with deadlines makes one by one. */
export function* dumpVrrpParts(config: Config, runtime: VrrpRuntime): Generator<readonly string[], void> {
  yield dumpVrrpGlobal(config, runtime.global);
  yield* vrrpParts(config, runtime);
}

/** What the checker process adds to it; empty without a virtual_server. */
export function dumpCheckers(config: Config, runtime: CheckersRuntime = {}): string[] {
  const unknown = (): undefined => undefined;
  return [
    ...lvsLines(config, runtime),
    ...checkerLines(config.virtualServers, runtime.checker ?? unknown),
    ...checkerTrackLines(config, runtime.file ?? unknown),
  ];
}

/** What only a running checker process knows. */
export interface CheckersRuntime extends LvsRuntime {
  checker?: CheckerRuntimeOf;
  file?: FileStatusOf;
}
