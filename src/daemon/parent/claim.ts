import type { Role } from '../../ipc/messages.ts';
import type { PidFile, PidFileRefusal } from '../../os/files/pid-file.ts';
import type { PidPaths } from '../paths.ts';

/** The pid files of one daemon, all locked by its parent. */
export interface ClaimedFiles {
  readonly parent: PidFile;
  /** Of the children that are needed; one whose file could not be made runs without. */
  readonly children: ReadonlyMap<Role, PidFile>;
}

export type ClaimRefusal = { readonly message: string; readonly alreadyRunning: boolean };

export interface PidFiles {
  lock(path: string): PidFile | PidFileRefusal;
  /** Removes a file that nobody holds. */
  clear(path: string): 'cleared' | 'locked';
}

/**
 * Locks the pid file of the parent and of each needed child, all before anything starts, so that a second daemon can
 * share none of them. Files of enabled children that are not needed must not be another daemon's either.
 */
export function claimPidFiles(
  paths: PidPaths,
  enabled: Readonly<Record<Role, boolean>>,
  needed: (role: Role) => boolean,
  files: PidFiles,
): ClaimedFiles | ClaimRefusal {
  const parent = files.lock(paths.parent);
  if (parent === 'locked') return running;
  if (parent === 'cannot-open') {
    return { message: `pidfile_write : Cannot open ${paths.parent} pidfile`, alreadyRunning: false };
  }
  const children = new Map<Role, PidFile>();
  for (const role of ROLES.filter((one) => enabled[one])) {
    const file = needed(role) ? files.lock(paths[role]) : files.clear(paths[role]);
    if (file === 'locked') {
      for (const ours of [parent, ...children.values()]) ours.remove();
      return running;
    }
    if (typeof file !== 'string') children.set(role, file);
  }
  return { parent, children };
}

const ROLES: readonly Role[] = ['vrrp', 'checker', 'bfd'];

const running: ClaimRefusal = { message: 'daemon is already running', alreadyRunning: true };
