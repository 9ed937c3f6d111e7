import type { Role } from '../../ipc/messages.ts';
import type { PidFile, PidFileRefusal } from '../../os/files/pid-file.ts';
import type { PidPaths } from '../paths.ts';

/** The pid files of one daemon, all locked by its parent. */
export interface ClaimedFiles {
  readonly parent: PidFile;
  /** Absent when it could not be made: a child runs without one. */
  readonly vrrp?: PidFile;
  readonly checker?: PidFile;
  readonly bfd?: PidFile;
}

export type ClaimRefusal = { readonly message: string; readonly alreadyRunning: boolean };

/**
 * Locks the pid file of the parent and of each enabled child, all before anything starts, so that a second daemon can
 * share none of them.
 */
export function claimPidFiles(
  paths: PidPaths,
  enabled: Readonly<Record<Role, boolean>>,
  lock: (path: string) => PidFile | PidFileRefusal,
): ClaimedFiles | ClaimRefusal {
  const parent = lock(paths.parent);
  if (parent === 'locked') return running;
  if (parent === 'cannot-open') {
    return { message: `pidfile_write : Cannot open ${paths.parent} pidfile`, alreadyRunning: false };
  }
  const vrrp = enabled.vrrp ? lock(paths.vrrp) : 'cannot-open';
  const checker = enabled.checker ? lock(paths.checker) : 'cannot-open';
  const bfd = enabled.bfd ? lock(paths.bfd) : 'cannot-open';
  if (vrrp === 'locked' || checker === 'locked' || bfd === 'locked') {
    for (const file of [parent, vrrp, checker, bfd]) if (typeof file !== 'string') file.remove();
    return running;
  }
  return {
    parent,
    ...(vrrp === 'cannot-open' ? {} : { vrrp }),
    ...(checker === 'cannot-open' ? {} : { checker }),
    ...(bfd === 'cannot-open' ? {} : { bfd }),
  };
}

const running: ClaimRefusal = { message: 'daemon is already running', alreadyRunning: true };
