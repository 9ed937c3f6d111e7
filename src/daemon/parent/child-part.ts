import type { Config } from '../../config/types.ts';
import type { ChildOptions, Role } from '../../ipc/messages.ts';
import type { Options } from '../command/options.ts';
import { logPlaces } from '../log-places.ts';
import type { Identity } from '../paths.ts';

/**
 * A child's part of the configuration: what it never looks at need not be sent, which counts with ten thousand servers. The
 * script that reads the common FIFO is started once, by the checker process if there is one.
 */
export function configFor(role: Role, config: Config): Config {
  if (role === 'checker') return { ...config, instances: [] };
  if (role === 'bfd') return { ...config, instances: [], virtualServers: [] };
  const { notifyFifo } = config.global;
  if (!notifyFifo || config.virtualServers.length === 0) return { ...config, virtualServers: [] };
  const { script: _, ...withoutScript } = notifyFifo;
  return { ...config, virtualServers: [], global: { ...config.global, notifyFifo: withoutScript } };
}

/** What the command line says to a child. */
export function childOptions(options: Options, identity: Identity): ChildOptions {
  const { logDetail, dontReleaseVrrp, releaseVips, dontReleaseIpvs, umask } = options;
  const { addressMonitoring, ignoreSigint, dumpConfig } = options;
  return {
    ...{ logDetail, dontReleaseVrrp, releaseVips, dontReleaseIpvs, addressMonitoring, ignoreSigint, dumpConfig },
    ...identity,
    ...(umask === undefined ? {} : { umask }),
    logPlaces: logPlaces(options),
  };
}
