import type { LoadOptions } from '../../config/load-options.ts';
import type { Config, GlobalConfig } from '../../config/types.ts';
import type { Options } from './options.ts';

/** What the command line decides over global_defs, and what is to be said of it. */
export function overrideByCommandLine(
  config: Config,
  { umask, namespace, snmp, snmpSocket }: Options,
): { readonly config: Config; readonly messages: readonly string[] } {
  const { global } = config;
  const messages: string[] = [];
  if (umask !== undefined && global.umask !== umask && global.umask !== DEFAULT_UMASK) {
    messages.push('umask command line option specified, ignoring config option');
  }
  if (namespace !== undefined && global.netNamespace !== undefined && global.netNamespace !== namespace) {
    messages.push(
      `Overriding config net_namespace '${global.netNamespace}' with command line namespace '${namespace}'`,
    );
  }
  const changes: Partial<GlobalConfig> = {
    ...(umask !== undefined && { umask }),
    ...(namespace !== undefined && { netNamespace: namespace }),
    ...((snmp || snmpSocket !== undefined) && {
      snmp: {
        ...global.snmp,
        ...(snmp && { vrrp: true, checker: true, rfcV2: true, rfcV3: true }),
        ...(snmpSocket !== undefined && { socket: snmpSocket }),
      },
    }),
  };
  return { config: { ...config, global: { ...global, ...changes } }, messages };
}

/** What the command line decides while the configuration is being read. */
export function overTheConfiguration({
  namespace,
  snmpSocket,
  logDetail,
}: Options): Pick<LoadOptions, 'namespace' | 'snmpSocket' | 'detailed'> {
  return {
    ...(namespace !== undefined && { namespace }),
    ...(snmpSocket !== undefined && { snmpSocket }),
    detailed: logDetail,
  };
}

/** What holds when nobody says anything. */
const DEFAULT_UMASK = 0o177;
