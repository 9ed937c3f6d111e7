import { conventionalScriptUser } from '../../grammar/script-user.ts';
import type { Command } from '../../grammar/command.ts';
import { assertNever } from '../lib/assert-never.ts';
import type { ScriptCommand } from '../lib/script.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { ConfigEnvironment, ScriptFinding, ScriptProblem, UserIdentity } from './environment.ts';
import type { RawGlobal } from './raw.ts';
import type { Report } from './source-line.ts';
import type { ScriptUser } from './types.ts';

/** Turns the commands of a configuration into programs that can be run, or drops them with a word in the log. */
export interface Scripts {
  /** What `resolve` would make of a command, in use or not; a command is looked at, and spoken of, once. */
  examine(command: Command | undefined): Result<ScriptCommand, RefusedScript>;
  /** Counts a script as in use. */
  use(): void;
  /** Undefined: the command is dropped, with a word more where it has a `kind`. Counts as a script in use otherwise. */
  resolve(command: Command | undefined, kind?: string): ScriptCommand | undefined;
  /**
   * Ends the part of the configuration that one process goes by, the first being what all of them share: the default user
   * if that part, or the first, has to do with one.
   */
  endPart(): ScriptUser | undefined;
  /** User and group as words; undefined when either is unknown. */
  identity(user: string | undefined, group: string | undefined): UserIdentity | undefined;
  /** Scripts resolved so far. */
  readonly used: number;
  /** One of them could be changed by others than root. */
  readonly insecure: boolean;
}

/** Why a command is not to be run. */
export type RefusedScript = ScriptProblem | 'unreadable' | 'unknown-user' | 'insecure';

export function scriptsOf(global: RawGlobal, environment: ConfigEnvironment, report: Report): Scripts {
  const log = (message: string): void => report({ class: 'ok', message, logOnly: true });
  const usual = usualUser(global, environment, log);
  const secure = global.enable_script_security === true;
  let used = 0;

  const identity = (user: string | undefined, group: string | undefined): UserIdentity | undefined => {
    if (user === undefined) return usual.user();
    return lookUp(environment, user, group);
  };

  let insecure = false;

  const lookAt = (command: Command | undefined): Result<ScriptCommand, RefusedScript> => {
    const program = command?.argv?.[0];
    if (!command?.argv || program === undefined) return err('unreadable');
    const user = identity(command.user, command.group);
    if (!user) return err('unknown-user');
    const found = environment.findScript(program, user);
    if (!found.ok) {
      log(problemText(found.error, program, user));
      return found;
    }
    if (found.value.note !== undefined) log(found.value.note);
    if (found.value.insecure) {
      log(`Unsafe permissions found for script '${program}'${blame(found.value)}${secure ? ' - disabling' : '.'}`);
      if (secure) return err('insecure');
      insecure = true;
    }
    const path = global.use_symlink_paths ? found.value.writtenPath : found.value.path;
    return ok({
      argv: command.argv,
      ...(path !== program && { path }),
      uid: user.uid,
      gid: user.gid,
      ...(asksForGroups(command.user === undefined ? global.script_user : command, global) && {
        supplementaryGroups: environment.groupsOf(user),
      }),
      ...(command.user !== undefined && { user: command.user }),
      ...(command.group !== undefined && { group: command.group }),
    });
  };

  const examined = new Map<Command | undefined, Result<ScriptCommand, RefusedScript>>();
  const examine = (command: Command | undefined): Result<ScriptCommand, RefusedScript> => {
    const result = examined.get(command) ?? lookAt(command);
    examined.set(command, result);
    return result;
  };

  const resolve = (command: Command | undefined, kind?: string): ScriptCommand | undefined => {
    if (!command?.argv) return undefined;
    const result = examine(command);
    if (result.ok) {
      used++;
      return result.value;
    }
    if (result.error === 'unknown-user') log(`Unable to set uid/gid for script '${command.written}' - ignoring`);
    // keepalived counts it, though it does not run it.
    if (result.error === 'inhibited') used++;
    const why = kind === undefined ? undefined : disabledSince[result.error];
    if (why !== undefined) log(`Disabling ${kind} '${command.argv[0]}' ${why}`);
    return undefined;
  };

  return {
    examine,
    resolve,
    use: () => {
      used++;
    },
    identity,
    endPart: usual.endPart,
    get used() {
      return used;
    },
    get insecure() {
      return insecure;
    },
  };
}

function blame({ unsafe }: ScriptFinding): string {
  return unsafe ? `, since ${unsafe.component} can be changed by ${unsafe.by}` : '';
}

const disabledSince: Readonly<Partial<Record<RefusedScript, string>>> = {
  'not-found': 'since not found/accessible',
  inhibited: 'due to insecure',
  insecure: 'due to insecure',
};

function problemText(problem: ScriptProblem, program: string, { uid, gid }: UserIdentity): string {
  switch (problem) {
    case 'not-found':
      return `Script ${program} cannot be accessed - No such file or directory`;
    case 'inhibited':
      return `Wrong file type found in script path '${program}'.`;
    case 'not-executable':
      return `WARNING - script '${program}' is not executable for uid:gid ${uid}:${gid} - disabling.`;
    default:
      return assertNever(problem);
  }
}

function lookUp(environment: ConfigEnvironment, user: string, group: string | undefined): UserIdentity | undefined {
  const found = environment.user(user);
  if (!found) return undefined;
  // A colon asks for supplementary groups; the bare group name follows it.
  const groupName = group?.replace(/^:/, '');
  if (groupName === undefined || groupName === '') return found;
  const gid = environment.groupId(groupName);
  return gid === undefined ? undefined : { uid: found.uid, gid };
}

function asksForGroups(named: { readonly group?: string } | undefined, global: RawGlobal): boolean {
  return global.set_supplementary_groups === true || named?.group?.startsWith(':') === true;
}

/** Looks the default user up, says what keepalived says of it once for each process, and remembers where it was asked for. */
function usualUser(global: RawGlobal, environment: ConfigEnvironment, log: (message: string) => void) {
  const { script_user: named } = global;
  const conventional = named ? undefined : environment.user(conventionalScriptUser);
  const own = named ? lookUp(environment, named.user, named.group) : conventional;
  const fallsBack = !named && !conventional;
  const found = own ?? (fallsBack && !global.enable_script_security ? environment.self : undefined);
  let shared = named !== undefined;
  let first = true;
  let asked = false;
  return {
    user: (): UserIdentity | undefined => {
      if (!asked && !shared && fallsBack) log(`Script user '${conventionalScriptUser}' does not exist`);
      asked = true;
      return found;
    },
    endPart: (): ScriptUser | undefined => {
      shared ||= first && asked;
      const known = shared || asked;
      [first, asked] = [false, false];
      if (!known || !found) return undefined;
      const groups = asksForGroups(named, global) && { supplementaryGroups: environment.groupsOf(found) };
      return { uid: found.uid, gid: found.gid, ...groups };
    },
  };
}
