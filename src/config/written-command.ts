import type { Command } from '../../grammar/command.ts';
import type { ScriptCommand } from '../lib/script.ts';

/** A command as a configuration would say it. */
export function writtenCommand(script: ScriptCommand | undefined): Command | undefined {
  if (!script) return undefined;
  const { argv, user, group } = script;
  return { written: '', argv, ...(user !== undefined && { user }), ...(group !== undefined && { group }) };
}
