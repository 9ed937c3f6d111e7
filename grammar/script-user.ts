import type { Statement } from './keyword.ts';
import { globalSettings, rootOf } from './scope.ts';

/** Whose rights scripts have that name no user, where script_user does not say. */
export const conventionalScriptUser = 'keepalived_script';

const reported = 'no default script user';

/**
 * Whether a script that names no user can have one: script_user, else keepalived_script, else, unless
 * enable_script_security is on, the daemon's own user. Complains the first time that none is to be had.
 */
export function hasDefaultScriptUser(statement: Statement): boolean {
  const { facts } = rootOf(statement.scope);
  const settings = globalSettings(statement.scope) as {
    readonly script_user?: { readonly user: string; readonly group?: string };
    readonly enable_script_security?: boolean;
  };
  const { knowsUser } = statement.surroundings;
  const named = settings.script_user;
  if (named) return knowsUser(named.user, named.group);
  if (!settings.enable_script_security || knowsUser(conventionalScriptUser, undefined)) return true;
  if (!facts.has(reported)) {
    facts.set(reported, true);
    const message = `Unable to set default user ${conventionalScriptUser} for script`;
    statement.report('general-error', message, undefined, 'script_user in global_defs, or a user of that name');
  }
  return false;
}

/** Complains where a command or FIFO that is admitted names no user and there is none for it; it is dropped later. */
export const withUser =
  <T extends { readonly user?: string }>(admit: (value: T, statement: Statement) => T | undefined) =>
  (value: T, statement: Statement): T | undefined => {
    const admitted = admit(value, statement);
    if (admitted && admitted.user === undefined) hasDefaultScriptUser(statement);
    return admitted;
  };
