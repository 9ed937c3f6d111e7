import { codeOf } from '../system-error.ts';
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { native } from '../native.ts';
import type { Attempt, WriterPort } from './patient-writer.ts';

/** Milliseconds between two attempts, and how long a last one may take altogether. */
const PAUSE = 20;
const PATIENCE_AT_END = 100;

/**
 * Writing to an open stream without ever waiting for its reader. A pipe or terminal is opened once more for that, since
 * its open file description is shared with whoever handed it to us.
 */
export function streamPort(fd: number): WriterPort & { close(): void } {
  const own = reopened(fd);
  const write = isSocket(fd) ? (bytes: Uint8Array) => send(fd, bytes) : (bytes: Uint8Array) => put(own ?? fd, bytes);
  let left = PATIENCE_AT_END;
  return {
    attempt: write,
    later: (retry) => {
      setTimeout(retry, PAUSE).unref();
    },
    wait: () => {
      if (left <= 0) return false;
      left -= PAUSE;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
      return true;
    },
    close: () => {
      if (own !== undefined) closeSync(own);
    },
  };
}

function isSocket(fd: number): boolean {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
}

/** A regular file never makes anybody wait, and must keep its position. */
function reopened(fd: number): number | undefined {
  try {
    const kind = fstatSync(fd);
    if (!kind.isFIFO() && !kind.isCharacterDevice()) return undefined;
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}

function put(fd: number, bytes: Uint8Array): Attempt {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    // A log that cannot be written must not stop the daemon.
    return codeOf(error) === 'EAGAIN' ? 'full' : bytes.length;
  }
}

function send(fd: number, bytes: Uint8Array): Attempt {
  const { MSG_DONTWAIT, MSG_NOSIGNAL, EAGAIN } = native.constants;
  const sent = native.sendmsg(fd, bytes, null, null, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) return sent;
  return sent === -EAGAIN ? 'full' : bytes.length;
}
