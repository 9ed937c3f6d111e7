import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  open,
  realpathSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { TrackedFileFacts } from '../../config/environment.ts';
import { native } from '../native.ts';
import { codeOf, errnoOf, errorText } from '../system-error.ts';

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

/** File systems whose changes inotify(7) does not see: linux/magic.h and statfs(2). */
const unwatchable: ReadonlyMap<number, string> = new Map([
  [0xcafe4a11, 'bpf'],
  [0x27e0eb, 'cgroup'],
  [0x63677270, 'cgroup2'],
  [0x64626720, 'debugfs'],
  [0x1cd1, 'devpts'],
  [0xde5e81e4, 'efivarfs'],
  [0x65735546, 'fuse'],
  [0x19800202, 'mqueue'],
  [0x6969, 'nfs'],
  [0x50495045, 'pipefs'],
  [0x9fa0, 'proc'],
  [0x7275, 'romfs'],
  [0xf97cff8c, 'selinux'],
  [0x517b, 'smb'],
  [0xff534d42, 'smb'],
  [0x534f434b, 'sockfs'],
  [0x62656572, 'sysfs'],
  [0x012ff7b6, 'sysv'],
  [0x74726163, 'tracefs'],
]);

/** Looks at a file that is to be watched, and at the file system of its directory. */
export function trackedFile(path: string): TrackedFileFacts {
  let special = false;
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    special = status !== undefined && !status.isFile();
    const directory = dirname(path);
    const kind = unwatchable.get(statfsSync(directory).type >>> 0);
    if (kind !== undefined) return { special, problem: `file system that cannot be watched (${kind})` };
    accessSync(directory, constants.W_OK);
    return { special };
  } catch (error) {
    if (isReadOnly(error)) return { special, problem: 'read-only file system' };
    return accessIsRefused(error) ? { special } : { special, problem: `realpath() ${errorText(error)}` };
  }
}

const isReadOnly = (error: unknown) => codeOf(error) === 'EROFS';
const accessIsRefused = (error: unknown) => codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM';
