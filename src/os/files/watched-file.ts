import { accessSync, constants, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SecretFile, TrackedFileFacts } from '../../config/environment.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { native } from '../native.ts';
import { errnoOf } from '../system-error.ts';

const GROUP_OR_OTHERS = 0o077;

/** Text of a regular file of at most `maximumLength` octets, and whether it is closed to all but its owner. */
export function readSecret(path: string, maximumLength: number): Result<SecretFile, string> {
  try {
    const status = statSync(path);
    if (!status.isFile()) return err('not a regular file');
    if (status.size > maximumLength) return err(`longer than ${maximumLength} bytes`);
    return ok({ text: readFileSync(path, 'latin1'), openToOthers: (status.mode & GROUP_OR_OTHERS) !== 0 });
  } catch (error) {
    return err(systemText(error));
  }
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
    return accessIsRefused(error) ? { special } : { special, problem: `realpath() ${systemText(error)}` };
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

const isReadOnly = (error: unknown) => codeOf(error) === 'EROFS';
const accessIsRefused = (error: unknown) => codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM';

/** `error 2 (No such file or directory)` */
function systemText(error: unknown): string {
  const number = errnoOf(error) ?? 0;
  return `error ${number} (${native.describeError(number)[1]})`;
}
