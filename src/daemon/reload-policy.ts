import type { LoadedConfig } from '../config/load.ts';
import { type ConfigClass, configClasses, type Diagnostic } from '../lib/diagnostic.ts';

/** Complaints up to this class mean that something was written that could not be taken as it stands. */
const GRAVEST_TOLERATED = configClasses.indexOf('general-error');

/**
 * Whether the running configuration should give way to `next`; a reason when it should not. A file that cannot be used
 * is refused. So is one with a mistake that the running configuration did not have: a slip of the editor must not take
 * half a configuration away. A mistake that was already there when the daemon started does not stand in the way.
 */
export function refuseReload(running: LoadedConfig, next: LoadedConfig): string | undefined {
  if (next.config === undefined || next.startStatus !== 0) return 'it cannot be used';
  const known = new Set(running.diagnostics.filter(isMistake).map((diagnostic) => diagnostic.message));
  const mistakes = next.diagnostics.filter((diagnostic) => isMistake(diagnostic) && !known.has(diagnostic.message));
  if (mistakes.length === 0) return undefined;
  return mistakes.length === 1 ? 'it has a mistake' : `it has ${mistakes.length} mistakes`;
}

function isMistake(diagnostic: Diagnostic): boolean {
  return diagnostic.logOnly !== true && rank(diagnostic.class) > 0 && rank(diagnostic.class) <= GRAVEST_TOLERATED;
}

function rank(name: ConfigClass): number {
  return configClasses.indexOf(name);
}

/** What a running daemon cannot change: keepalived's word for the first such difference. */
export function unchangeable(running: LoadedConfig, next: LoadedConfig): string | undefined {
  if (running.config?.global.netNamespace !== next.config?.global.netNamespace) return 'network namespace';
  if (running.config?.global.instanceName !== next.config?.global.instanceName) return 'instance name';
  return undefined;
}
