import type { LoadedConfig } from '../../config/load.ts';
import type { Config, GlobalConfig, LvsSyncDaemon } from '../../config/types.ts';
import type { ChildOptions, Role } from '../../ipc/messages.ts';
import type { Options } from '../command/options.ts';
import { logPlaces } from '../log-places.ts';
import type { Identity } from '../paths.ts';

/**
 * A child's part of the configuration: what it never looks at need not be sent, which counts with ten thousand servers. The
 * script that reads the common FIFO is started once, by the checker process if there is one.
 */
export function configFor(role: Role, whole: Config, keeper: LvsSyncDaemon['keeper']): Config {
  const config = withKeeper(whole, keeper);
  if (role === 'checker') return { ...config, instances: [] };
  if (role === 'bfd') return { ...config, instances: [], virtualServers: [] };
  const { notifyFifo } = config.global;
  if (!notifyFifo || config.virtualServers.length === 0) return { ...config, virtualServers: [] };
  const { script: _, ...withoutScript } = notifyFifo;
  return { ...config, virtualServers: [], global: { ...config.global, notifyFifo: withoutScript } };
}

/** The synchronisation daemon is one for the whole kernel, so each process has to know whose it is. */
function withKeeper(config: Config, keeper: LvsSyncDaemon['keeper']): Config {
  const { lvsSyncDaemon: daemon } = config.global;
  if (daemon === undefined || keeper === undefined) return config;
  return { ...config, global: { ...config.global, lvsSyncDaemon: { ...daemon, keeper } } };
}

/**
 * The process that keeps the connection synchronisation daemon: the VRRP process where it follows an instance, otherwise the
 * checker process, from its first virtual server on.
 *
 * @param runs which processes there are with this configuration
 * @param former who kept it with the configuration before
 */
export function syncDaemonKeeper(
  { global, instances, virtualServers }: Pick<Config, 'global' | 'instances' | 'virtualServers'>,
  runs: (role: Role) => boolean,
  former: LvsSyncDaemon['keeper'],
): LvsSyncDaemon['keeper'] {
  const { lvsSyncDaemon: daemon } = global;
  if (daemon === undefined) return undefined;
  if (daemon.instance !== undefined)
    return runs('vrrp') && instances.some(({ name }) => name === daemon.instance) ? 'vrrp' : undefined;
  return runs('checker') && (virtualServers.length > 0 || former === 'checker') ? 'checker' : undefined;
}

/** Whether configuration and command line call for a child. */
export function isNeeded(role: Role, { config, hasVrrp, hasCheckers }: LoadedConfig, options: Options): boolean {
  const needed = { checker: hasCheckers, vrrp: hasVrrp, bfd: (config?.bfdInstances.length ?? 0) > 0 };
  return options.daemons[role] && (options.all || needed[role]);
}

/** What names and files of a daemon are made from. */
export function identityOf(namespace: string | undefined, global: GlobalConfig | undefined): Identity {
  return {
    ...(namespace !== undefined && { namespace }),
    ...(global?.instanceName !== undefined && { instance: global.instanceName }),
    ...(global?.defaults.pidDirectory && { pidDirectory: true }),
  };
}

/** What the command line says to a child. */
export function childOptions(options: Options, identity: Identity): ChildOptions {
  const { logDetail, dontReleaseVrrp, releaseVips, dontReleaseIpvs, umask } = options;
  const { addressMonitoring, ignoreSigint, dumpConfig } = options;
  return {
    logDetail,
    dontReleaseVrrp,
    releaseVips,
    dontReleaseIpvs,
    addressMonitoring,
    ignoreSigint,
    dumpConfig,
    ...identity,
    ...(umask === undefined ? {} : { umask }),
    logPlaces: logPlaces(options),
  };
}
