import { readFileSync, statSync } from 'node:fs';
import type { SecretFile } from '../../config/environment.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { errorText } from '../system-error.ts';

const GROUP_OR_OTHERS = 0o077;

/** Text of a regular file of at most `maximumLength` octets, and whether it is closed to all but its owner. */
export function readSecret(path: string, maximumLength: number): Result<SecretFile, string> {
  try {
    const status = statSync(path);
    if (!status.isFile()) return err('not a regular file');
    if (status.size > maximumLength) return err(`longer than ${maximumLength} bytes`);
    return ok({ text: readFileSync(path, 'latin1'), openToOthers: (status.mode & GROUP_OR_OTHERS) !== 0 });
  } catch (error) {
    return err(errorText(error));
  }
}
