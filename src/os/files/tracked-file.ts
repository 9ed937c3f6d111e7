import { closeSync, existsSync, open, openSync, readSync, writeFileSync } from 'node:fs';
import { native } from '../native.ts';

/** Longer than any number. */
const READ_LENGTH = 128;

/** The beginning of a file; empty when it is missing or cannot be read. */
export function readBeginning(path: string): string {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const buffer = Buffer.alloc(READ_LENGTH);
    return buffer.toString('latin1', 0, readSync(fd, buffer));
  } catch {
    return '';
  } finally {
    closeSync(fd);
  }
}

/** Writes the value that a tracked file begins with, into one that is there only with `overwrite`. Throws when it cannot. */
export function writeInitialValue(path: string, value: number, overwrite: boolean): void {
  if (overwrite || !existsSync(path)) writeFileSync(path, `${value}\n`);
}

/** Tries to open a file for reading and tells the errno, 0 for success. Never waits for the disk. */
export function tryOpen(path: string, done: (errno: number) => void): void {
  open(path, 'r', (error, fd) => {
    if (error === null) closeSync(fd);
    done(error === null ? 0 : Math.abs(error.errno ?? native.constants.EIO));
  });
}
