import type { Config, LvsSyncDaemon } from './types.ts';

export interface NumberedSyncDaemon extends LvsSyncDaemon {
  readonly id: number;
}

/**
 * lvs_sync_daemon with its number: where it has none, that of the virtual router that it follows, or 0. Undefined where there
 * is none, or none of the instance's name.
 */
export function numberedSyncDaemon({
  global,
  instances,
}: Pick<Config, 'global' | 'instances'>): NumberedSyncDaemon | undefined {
  const { lvsSyncDaemon: daemon } = global;
  if (daemon === undefined) return undefined;
  const followed = instances.find(({ name }) => name === daemon.instance);
  if (daemon.instance !== undefined && followed === undefined) return undefined;
  return { ...daemon, id: daemon.id ?? followed?.virtualRouterId ?? 0 };
}
