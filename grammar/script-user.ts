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
  // The line that named them has said so if they are not known.
  if (named) return knowsUser(named.user, named.group);
  if (!settings.enable_script_security || knowsUser(conventionalScriptUser, undefined)) return true;
  if (!facts.has(reported)) {
    facts.set(reported, true);
    statement.log(`Script user '${conventionalScriptUser}' does not exist`);
    const message = `Unable to set default user ${conventionalScriptUser} for script`;
    statement.report('general-error', message, undefined, 'script_user in global_defs, or a user of that name');
  }
  return false;
}

/** Whether there is somebody to run a script as: the user it names, or the default one. */
export function hasScriptUser({ user, group }: { user?: string; group?: string }, statement: Statement): boolean {
  return user === undefined ? hasDefaultScriptUser(statement) : knownUser(user, group, statement);
}

/** Whether this machine has them; says who is missing. */
export function knownUser(user: string, group: string | undefined, { surroundings, log }: Statement): boolean {
  if (surroundings.knowsUser(user, group)) return true;
  const missing = surroundings.knowsUser(user, undefined) ? `group '${group?.replace(/^:/, '')}'` : `user '${user}'`;
  log(`Script ${missing} does not exist`);
  return false;
}

/** In keepalived's words, who prints the path of a FIFO before it has one. */
function usedFor(keyword: string, path: string): string {
  const [, prefix] = /^(vrrp_|lvs_|)notify_fifo$/.exec(keyword) ?? [];
  if (prefix !== undefined) return `${prefix} fifo (null)`;
  const [, use = 'notify'] = /^(startup|shutdown|.*notify_fifo)_script$/.exec(keyword) ?? [];
  return `${use} script ${path}`;
}

/** Of a script or FIFO that nobody can have. */
export function sayWithout({ user }: { user?: string }, path: string, statement: Statement): void {
  const what = user === undefined ? 'Failed to set default user for' : 'Invalid user/group for';
  statement.log(`${what} ${usedFor(statement.words[0] as string, path)} - ignoring`);
}

/** Drops a command or FIFO that nobody can have: it is as if it had not been written, and the next one counts. */
export const withUser =
  <T extends { readonly user?: string; readonly group?: string; readonly argv?: readonly string[] }>(
    admit: (value: T, statement: Statement) => T | undefined,
  ) =>
  (value: T, statement: Statement): T | undefined => {
    const admitted = admit(value, statement);
    if (!admitted || hasScriptUser(admitted, statement)) return admitted;
    sayWithout(admitted, admitted.argv?.[0] ?? (statement.words[1] as string), statement);
    return undefined;
  };
