import { chmodSync, mkdirSync, statSync } from 'node:fs';
import type { SystemFailure } from '../../config/environment.ts';
import { native } from '../native.ts';
import { errnoOf } from '../system-error.ts';

const OWNER_ONLY = 0o700;

/** Makes a directory that only its owner can use, unless there is one; otherwise what stands in its way. */
export function prepareDirectory(path: string): 'not-directory' | SystemFailure | undefined {
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status) return status.isDirectory() ? undefined : 'not-directory';
    mkdirSync(path, { mode: OWNER_ONLY });
    // The creation mask takes search permission too.
    chmodSync(path, OWNER_ONLY);
    return undefined;
  } catch (error) {
    const errno = errnoOf(error) ?? 0;
    return { errno, text: native.describeError(errno)[1] };
  }
}
