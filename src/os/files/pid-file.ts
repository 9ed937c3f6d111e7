import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { native } from '../native.ts';

/**
 * A pid file that is held by an open-file-description lock (fcntl(2), F_OFD_SETLK): the lock goes with the process
 * however it ends, so a file left behind never blocks a start.
 */
export interface PidFile {
  readonly path: string;
  /** Replaces the content by `pid` and a line end; a full disk leaves the file empty. */
  write(pid: number): void;
  /** Removes the file and gives the lock up. */
  remove(): void;
}

export type PidFileRefusal = 'locked' | 'cannot-open';

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const MODE = 0o644;

/** Creates and locks the pid file at `path`. `locked`: another process holds it. */
export function lockPidFile(path: string): PidFile | PidFileRefusal {
  const fd = openLocked(path);
  return typeof fd === 'string' ? fd : held(path, fd);
}

/**
 * Removes a pid file that nobody needs and nobody holds, without holding it meanwhile: daemons that start at the same moment
 * must not take each other for running. `locked`: another process holds it, and it stays.
 */
export function clearPidFile(path: string): 'cleared' | 'locked' {
  let fd: number;
  try {
    fd = openSync(path, FLAGS & ~constants.O_CREAT);
  } catch {
    return 'cleared';
  }
  const locked = native.isLocked(fd);
  closeSync(fd);
  if (locked) return 'locked';
  removeFile(path);
  return 'cleared';
}

function openLocked(path: string): number | PidFileRefusal {
  for (;;) {
    let fd: number;
    try {
      fd = openSync(path, FLAGS, MODE);
    } catch {
      return 'cannot-open';
    }
    if (!native.lockFile(fd)) {
      closeSync(fd);
      return 'locked';
    }
    // The holder before us may have removed the file between our opening and locking it.
    if (stillNamed(path, fd)) {
      fchmodSync(fd, MODE);
      return fd;
    }
    closeSync(fd);
  }
}

function stillNamed(path: string, fd: number): boolean {
  try {
    return statSync(path).ino === fstatSync(fd).ino;
  } catch {
    return false;
  }
}

function held(path: string, locked: number): PidFile {
  let fd = locked;
  let open = true;
  /** Somebody has cleared the directory: the file is made again. */
  const reopen = (): void => {
    const fresh = openLocked(path);
    if (typeof fresh === 'string') return;
    closeSync(fd);
    fd = fresh;
  };
  return {
    path,
    write: (pid) => {
      if (!stillNamed(path, fd)) reopen();
      try {
        // In this order nobody reads an empty file where another number was.
        ftruncateSync(fd, writeSync(fd, `${pid}\n`, 0));
      } catch {
        // The disk is full: the lock, which is what counts, is ours all the same.
      }
    },
    remove: () => {
      if (!open) return;
      open = false;
      removeFile(path);
      closeSync(fd);
    },
  };
}

/** Removes a file that may be gone already. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone, or the directory is no longer writable: either way nothing more can be done at exit.
  }
}
