import type { LoadedConfig } from '../../config/load.ts';
import type { GlobalConfig } from '../../config/types.ts';
import { type ConfigClass, configClasses, type Diagnostic } from '../../lib/diagnostic.ts';

/** Complaints below this class mean that something was written that could not be taken as it stands. */
const GENERAL_ERROR = configClasses.indexOf('general-error');

/**
 * Whether the running configuration should give way to `next`; a reason when it should not. A file that cannot be used
 * is refused. So is an empty one, which is more likely an editor's than an operator's, and one with a mistake that the running configuration did not have: a slip of the editor must not take
 * half a configuration away. A value that was only put right, as a quorum above the total weight, is no such mistake, and
 * one that was already there when the daemon started does not stand in the way either.
 */
function refuseReload(running: LoadedConfig, next: LoadedConfig): string | undefined {
  if (next.config === undefined || next.startStatus !== 0) return 'it cannot be used';
  if (next.saysNothing && !running.saysNothing) return 'it is empty';
  const known = new Set(running.diagnostics.filter(isMistake).map((diagnostic) => diagnostic.message));
  const mistakes = next.diagnostics.filter((diagnostic) => isMistake(diagnostic) && !known.has(diagnostic.message));
  if (mistakes.length === 0) return undefined;
  return mistakes.length === 1 ? 'it has a mistake' : `it has ${mistakes.length} mistakes`;
}

function isMistake(diagnostic: Diagnostic): boolean {
  const gravity = rank(diagnostic.class);
  if (diagnostic.logOnly === true || gravity === 0) return false;
  // Without a line it is a value that was put right to suit another: nothing was lost.
  return gravity < GENERAL_ERROR || (gravity === GENERAL_ERROR && diagnostic.line !== undefined);
}

function rank(name: ConfigClass): number {
  return configClasses.indexOf(name);
}

/** What a running daemon cannot change, in keepalived's order and words. */
const FIXED: readonly (readonly [name: string, value: (global: GlobalConfig) => unknown])[] = [
  ['network namespace', ({ netNamespace }) => netNamespace],
  ['IPVS network namespace', ({ netNamespaceIpvs }) => netNamespaceIpvs],
  ['instance name', ({ instanceName }) => instanceName],
  ['nftables table name', ({ nftables }) => nftables?.table],
  ['IPVS nftables table name', ({ nftablesIpvs }) => nftablesIpvs?.table],
  ['config_directory', ({ dumps }) => dumps.temporaryDirectory],
  ['disable_local_igmp', ({ disableLocalIgmp }) => disableLocalIgmp],
];

/** keepalived's word for the first difference that only a restart can bring. */
function unchangeable(running: LoadedConfig, next: LoadedConfig): string | undefined {
  const [before, after] = [running.config?.global, next.config?.global];
  if (!before || !after) return undefined;
  return FIXED.find(([, value]) => value(before) !== value(after))?.[0];
}

/** The line that ends the attempt to give `next`, read from `file`, the place of `running`; undefined: it may have it. */
export function refusalOf(running: LoadedConfig, next: LoadedConfig, file: string): string | undefined {
  const fixed = unchangeable(running, next);
  if (fixed !== undefined) return `Cannot change ${fixed} at a reload - please restart keepalived`;
  const reason = refuseReload(running, next);
  return reason && `Not reloading ${file}, ${reason} - keeping the running configuration`;
}
