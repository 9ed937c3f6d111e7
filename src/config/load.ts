import { type ConfigClass, type ConfigReader, type Diagnostic, testExitStatus } from '../lib/diagnostic.ts';
import { exitStatus } from '../lib/exit-status.ts';
import type { Built } from './build.ts';
import type { ConfigEnvironment } from './environment.ts';
import { limitDelays } from './checks/interface-delays.ts';
import type { LoadOptions } from './load-options.ts';
import { readAsParent, readConfiguration, type Reading } from './reading.ts';
import { resolveGlobal } from './resolve-global.ts';
import { resolveGarpGroups } from './resolve-garp-groups.ts';
import { resolveGroups, resolveSsl } from './resolve-groups.ts';
import { inheritedByServers, resolveServers } from './resolve-servers.ts';
import { resolveStatic } from './resolve-static.ts';
import { resolveTrackFiles } from './resolve-tracking.ts';
import { resolveVrrp, withSyncDaemon } from './resolve-vrrp.ts';
import { scriptsOf } from './scripts.ts';
import type { Report } from './source-line.ts';
import type { Config } from './types.ts';

export interface LoadedConfig {
  /** Absent when the configuration cannot be used. */
  readonly config?: Config;
  /** In the order in which they were found. */
  readonly diagnostics: readonly Diagnostic[];
  /** Exit status of a configuration test: 0, 2, 4, 5 or 6. */
  readonly testStatus: number;
  /** Exit status of a start that cannot go on: 0 when it can, 2 for a fatal configuration, 6 for none to read. */
  readonly startStatus: number;
  readonly hasVrrp: boolean;
  readonly hasCheckers: boolean;
  /** There is not a single keyword in it. */
  readonly saysNothing?: true;
  /** A start that cannot go on is stopped by a child: whoever started the daemon is not told. */
  readonly failsInChild?: true;
  /** The network namespace that the configuration is for, if there is none of that name. */
  readonly missingNamespace?: string;
  /** The file to begin with, where there is one only. */
  readonly mainFile?: string;
}

/**
 * Reads every file that `pattern` matches, as keepalived reads its configuration: includes followed, macros expanded,
 * defaults resolved and cross checks applied. Never throws; every refusal is a diagnostic.
 */
export function loadConfig(pattern: string, environment: ConfigEnvironment, options: LoadOptions): LoadedConfig {
  const reading = readConfiguration(pattern, environment, options);
  const { built, diagnostics } = reading;
  const namespace = options.namespaceSettled ? undefined : (options.namespace ?? built.raw.net_namespace);
  if (namespace !== undefined) {
    const there = environment.inNamespace(namespace);
    if (there) return loadConfig(pattern, there, { ...options, namespaceSettled: true });
    return withoutNamespace(readAsParent(pattern, environment, options), namespace);
  }
  const failure = {
    diagnostics,
    hasVrrp: built.hasVrrp,
    hasCheckers: built.hasCheckers,
    ...(built.saysNothing && ({ saysNothing: true } as const)),
    ...(reading.mainFile !== undefined && { mainFile: reading.mainFile }),
  };
  if (reading.filesRead === 0) {
    return { ...failure, testStatus: testExitStatus(diagnostics), startStatus: exitStatus.noConfig };
  }
  if (built.aborted) {
    const inParent = readAsParent(pattern, environment, options).built.aborted;
    return {
      ...failure,
      testStatus: exitStatus.config,
      startStatus: exitStatus.config,
      ...(!inParent && { failsInChild: true }),
    };
  }
  if (reading.includeFailed) return { ...failure, testStatus: exitStatus.noConfig, startStatus: exitStatus.noConfig };
  const note: Report = (diagnostic) => void diagnostics.push(diagnostic);
  const report = options.known?.watchCalls(note) ?? note;
  const config = resolve(built, environment, report, options);
  if (config === 'anew') return loadConfig(pattern, environment, options);
  if (config) options.known?.end();
  const testStatus = testExitStatus(diagnostics);
  const fatal = { ...failure, testStatus, startStatus: exitStatus.config, failsInChild: true } as const;
  if (!config) return fatal;
  // Whoever has every reload checked gets no start with a complaint either.
  if (config.global.reload.checkOutput !== undefined && testStatus !== 0) return { config, ...fatal };
  return { config, ...failure, testStatus, startStatus: 0 };
}

/** Without the namespace that it is for, a configuration ends in peace, with what the parent has seen so far. */
function withoutNamespace({ built, diagnostics, includeFailed }: Reading, missingNamespace: string): LoadedConfig {
  const { hasVrrp, hasCheckers, aborted } = built;
  const testStatus = aborted ? exitStatus.config : includeFailed ? exitStatus.noConfig : 0;
  return { diagnostics, testStatus, startStatus: testStatus, hasVrrp, hasCheckers, missingNamespace };
}

/**
 * From what was written to what is in force; undefined after a fatal complaint. `anew`: virtual servers that are known
 * were so under other circumstances, and have to be read.
 */
function resolve(
  built: Built,
  environment: ConfigEnvironment,
  note: Report,
  options: LoadOptions,
): Config | undefined | 'anew' {
  const { raw } = built;
  const { known } = options;
  let reader: ConfigReader = 'parent';
  const report: Report = (diagnostic) => note({ ...diagnostic, readers: [reader] });
  const scripts = scriptsOf(raw.global_defs ?? {}, environment, report);
  const global = resolveGlobal(raw, environment, scripts, report);
  const { defaults } = global;
  const context = {
    report: (problem: ConfigClass, message: string) => report({ class: problem, message }),
    log: (message: string) => report({ class: 'ok', message, logOnly: true }),
  };
  const secured = (kind: string, used: number): void => {
    if (scripts.used === used || global.enableScriptSecurity) return;
    const message = `SECURITY VIOLATION - ${kind} are being executed but script_security not enabled.`;
    report({ class: 'security-error', message });
  };

  reader = 'checker';
  const beforeServers = scripts.used;
  if (raw.virtual_server) {
    const { notify_fifo_script: forAll, lvs_notify_fifo_script: forServers } = raw.global_defs ?? {};
    for (const fifoReader of [forAll, forServers]) scripts.resolve(fifoReader);
  }
  const virtualServerGroups = resolveGroups(raw.virtual_server_group ?? []);
  const inherited = inheritedByServers(global, defaults);
  if (known && !known.holdsUnder(JSON.stringify(inherited))) return 'anew';
  const virtualServers = resolveServers(raw.virtual_server ?? [], {
    inherited,
    scripts: known ? known.watchScripts(scripts) : scripts,
    context,
    groups: virtualServerGroups,
    trackFiles: resolveTrackFiles(raw),
    known,
  });
  secured('check scripts', beforeServers);
  const checker = scripts.endPart();

  reader = 'vrrp';
  if (built.badInterface) {
    report({ class: 'bad-interface', message: 'Non-existent interface specified in configuration' });
    return undefined;
  }
  const vrrp = resolveVrrp(raw, global, scripts, environment, options, report);
  if (!vrrp) return undefined;
  const forVrrp = scripts.endPart();
  const scriptUsers = { ...global.scriptUsers, ...(checker && { checker }), ...(forVrrp && { vrrp: forVrrp }) };
  return {
    global: withSyncDaemon({ ...global, scriptUsers }, vrrp.instances, context.log),
    ...vrrp,
    ...resolveStatic(raw, vrrp.instances, context.log),
    garpGroups: resolveGarpGroups(raw),
    linkbeatInterfaces: raw.linkbeat_interfaces ?? [],
    interfaceDelays: limitDelays(raw.interface_up_down_delays ?? [], vrrp.instances, context.log),
    virtualServers,
    virtualServerGroups,
    ...resolveSsl(raw.SSL),
  };
}
