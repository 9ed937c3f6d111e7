import { closeSync, constants, existsSync, open, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { native } from '../native.ts';
import { errnoOf } from '../system-error.ts';

/** A pipe in the file's place is not waited for. */
const { O_RDONLY, O_NONBLOCK } = constants;

/** `path` without symbolic links; without those of its directory where there is no such file. */
export function realPath(path: string): string {
  for (const resolve of [
    () => realpathSync.native(path),
    () => join(realpathSync.native(dirname(path)), basename(path)),
  ]) {
    try {
      return resolve();
    } catch {
      // It may come later.
    }
  }
  return path;
}

/** Makes a tracked file with the value it begins with, in place of one that is there only with `overwrite`. Throws when it cannot. */
export function writeInitialValue(path: string, value: number, overwrite: boolean): void {
  if (!overwrite && existsSync(path)) return;
  rmSync(path, { force: true });
  writeFileSync(path, `${value}\n`, { flag: 'wx' });
}

/** Tries to open a file for reading and tells the errno, 0 for success. Never waits for the disk. */
export function tryOpen(path: string, done: (errno: number) => void): void {
  open(path, O_RDONLY | O_NONBLOCK, (error, fd) => {
    if (error === null) closeSync(fd);
    done(error === null ? 0 : (errnoOf(error) ?? native.constants.EIO));
  });
}
