import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ScriptFinding, ScriptProblem, UserIdentity } from '../../config/environment.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { native } from '../native.ts';

const EXECUTE = 1;
const SET_USER_ID = 0o4000;
const SET_GROUP_ID = 0o2000;
const STICKY = 0o1000;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

/**
 * Looks at a program as `user` would find it: searched in `searchPath` when `path` has no slash, reachable, executable,
 * and, where it runs with root's rights, changeable by nobody else. Permissions are judged by mode bits; access control
 * lists are not looked at.
 */
export function findScript(path: string, user: UserIdentity, searchPath: string): Result<ScriptFinding, ScriptProblem> {
  const groups = user.uid === 0 ? [] : native.groupsOf(user.uid, user.gid);
  const may = (status: Stats, bit: number) => isPermitted(status, user, groups, bit);
  const named = path.includes('/') ? path : searchPath.split(':').map((directory) => `${directory || '.'}/${path}`);
  const candidates = typeof named === 'string' ? [named] : named;
  let problem: ScriptProblem = 'not-found';
  for (const candidate of candidates) {
    const found = examine(candidate, user, may);
    if (found.ok) {
      if (typeof named === 'string') return found;
      return ok({ ...found.value, note: pathSearchNote(path, found.value.writtenPath) });
    }
    if (typeof named === 'string') problem = found.error;
  }
  return err(problem);
}

/** What is not there, or goes while it is looked at, is not found. */
function examine(
  path: string,
  user: UserIdentity,
  may: (status: Stats, bit: number) => boolean,
): Result<ScriptFinding, ScriptProblem> {
  try {
    return judge(path, user, may);
  } catch {
    return err('not-found');
  }
}

function judge(
  path: string,
  user: UserIdentity,
  may: (status: Stats, bit: number) => boolean,
): Result<ScriptFinding, ScriptProblem> {
  const { named, real, status } = locate(path);
  if (!ancestors(real).every((directory) => may(statSync(directory), EXECUTE))) return err('not-found');
  if (!may(status, EXECUTE)) return err('not-executable');
  const withRoot = runsAsRoot(status, user);
  if (!status.isFile() || (withRoot && passesLinks(path))) return err('inhibited');
  const unsafe = withRoot ? (weakestPart(named) ?? weakestPart(real)) : undefined;
  return ok({ path: real, writtenPath: path, insecure: unsafe !== undefined, ...(unsafe && { unsafe }) });
}

/** `named` has its directories resolved but keeps its last name, which may be a link by itself. */
function locate(path: string): { named: string; real: string; status: Stats } {
  const slash = path.lastIndexOf('/');
  const directory = realpathSync.native(path.slice(0, slash) || '/');
  const named = `${directory === '/' ? '' : directory}/${path.slice(slash + 1)}`;
  const real = realpathSync.native(path);
  return { named, real, status: statSync(real) };
}

/** Whether one of the directories on the way is a symbolic link, through which keepalived 2.4.3 (not 2.2.7) runs nothing as root. */
function passesLinks(path: string): boolean {
  return ancestors(resolve(path)).some((directory) => lstatSync(directory).isSymbolicLink());
}

/** Every directory above `path`, the root first. */
function ancestors(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/') || '/');
}

function isPermitted(status: Stats, { uid, gid }: UserIdentity, groups: readonly number[], bit: number): boolean {
  if (uid === 0) return status.isDirectory() || (status.mode & (bit * 0o111)) !== 0;
  if (status.uid === uid) return (status.mode & (bit << 6)) !== 0;
  if (status.gid === gid || groups.includes(status.gid)) return (status.mode & (bit << 3)) !== 0;
  return (status.mode & bit) !== 0;
}

function runsAsRoot(status: Stats, { uid, gid }: UserIdentity): boolean {
  const becomesRoot = (status.mode & SET_USER_ID) !== 0 && status.uid === 0;
  const becomesRootGroup = (status.mode & SET_GROUP_ID) !== 0 && status.gid === 0;
  return uid === 0 || gid === 0 || becomesRoot || becomesRootGroup;
}

/**
 * The first part of the path that somebody but root can change, and who. A sticky directory may be open: its entries
 * are safe there.
 */
function weakestPart(path: string): ScriptFinding['unsafe'] {
  for (const component of [...ancestors(path), path]) {
    const status = lstatSync(component);
    if (status.uid !== 0) return { component, by: `its owner, uid ${status.uid}` };
    if (status.isSymbolicLink() || (status.isDirectory() && status.mode & STICKY)) continue;
    if (status.mode & OTHERS_WRITE) return { component, by: 'everybody' };
    if (status.mode & GROUP_WRITES && status.gid !== 0) return { component, by: `its group, gid ${status.gid}` };
  }
  return undefined;
}

function pathSearchNote(name: string, path: string): string {
  return `WARNING - script \`${name}\` resolved by path search to \`${path}\`. Please specify full path.`;
}
