import type { LoadedConfig } from '../config/load.ts';
import { type ConfigClass, configClasses, type Diagnostic } from '../lib/diagnostic.ts';

/** Complaints below this class mean that something was written that could not be taken as it stands. */
const GENERAL_ERROR = configClasses.indexOf('general-error');

/**
 * Whether the running configuration should give way to `next`; a reason when it should not. A file that cannot be used
 * is refused. So is one with a mistake that the running configuration did not have: a slip of the editor must not take
 * half a configuration away. A value that was only put right, as a quorum above the total weight, is no such mistake, and
 * one that was already there when the daemon started does not stand in the way either.
 */
export function refuseReload(running: LoadedConfig, next: LoadedConfig): string | undefined {
  if (next.config === undefined || next.startStatus !== 0) return 'it cannot be used';
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

/** What a running daemon cannot change: keepalived's word for the first such difference. */
export function unchangeable(running: LoadedConfig, next: LoadedConfig): string | undefined {
  if (running.config?.global.netNamespace !== next.config?.global.netNamespace) return 'network namespace';
  if (running.config?.global.instanceName !== next.config?.global.instanceName) return 'instance name';
  return undefined;
}
