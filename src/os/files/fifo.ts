import { removeFile } from './pid-file.ts';
import { chownSync, closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import type { Log } from '../../lib/log.ts';
import { native } from '../native.ts';
import { errnoOf } from '../system-error.ts';

const { O_RDWR, O_NONBLOCK, O_NOFOLLOW } = constants;
const { EEXIST } = native.constants;

export interface FifoSettings {
  readonly path: string;
  /** Who a FIFO made here is given to, and who else may own one that is already there. */
  readonly uid: number;
  readonly gid: number;
}

/** A pipe with a name that other programs read notifications from. */
export interface Fifo {
  /** Writes a line as it stands, without ever waiting for a reader: what does not fit is lost and logged. */
  write(line: string): void;
  /** Removes the FIFO if it was made here, unless it is to be kept. */
  close(keep?: boolean): void;
}

/** Opens a FIFO, making it where there is none. Undefined, and logged, when that cannot be done safely. */
export function openFifo(settings: FifoSettings, umask: number, log: Log): Fifo | undefined {
  const { path } = settings;
  let created = false;
  let fd: number;
  try {
    created = makeFifo(settings, 0o644 & ~umask);
    // Open both ways: without a reader, writing alone could not even open it.
    fd = openSync(path, O_RDWR | O_NONBLOCK | O_NOFOLLOW);
  } catch (error) {
    log({ level: 'err', message: `Unable to open FIFO ${path}: ${describe(error)}` });
    return undefined;
  }
  const complaint = complaintAbout(fd, settings);
  if (complaint !== undefined) {
    log({ level: 'err', message: `FIFO ${path} not used: ${complaint}` });
    closeSync(fd);
    return undefined;
  }
  return {
    write(line) {
      try {
        writeSync(fd, line);
      } catch (error) {
        log({ level: 'err', message: `Unable to write to FIFO ${path}: ${describe(error)}` });
      }
    },
    close(keep = false) {
      closeSync(fd);
      if (created && !keep) removeFile(path);
    },
  };
}

function makeFifo({ path, uid, gid }: FifoSettings, mode: number): boolean {
  try {
    native.mkfifo(path, mode);
  } catch (error) {
    if (errnoOf(error) === EEXIST) return false;
    throw error;
  }
  if (process.geteuid?.() === 0 && (uid !== 0 || gid !== 0)) chownSync(path, uid, gid);
  return true;
}

function complaintAbout(fd: number, { uid }: FifoSettings): string | undefined {
  const status = fstatSync(fd);
  if (!status.isFIFO()) return 'it is not a FIFO';
  if (status.uid !== uid && status.uid !== process.geteuid?.()) return `it belongs to user ${status.uid}`;
  return undefined;
}

function describe(error: unknown): string {
  const errno = errnoOf(error);
  return errno === undefined ? String(error) : native.describeError(errno)[1];
}
