import { chmodSync, mkdirSync, openSync, rmdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { native } from '../native.ts';

const MODE = 0o755;

/** Makes `directory` where it is missing, with these rights whatever the creation mask is. Throws when that fails. */
export function makeDirectory(directory: string, mode = MODE): void {
  const made = mkdirSync(directory, { recursive: true, mode });
  if (made === undefined) return;
  // Every directory that was missing, from the first one down.
  for (let path = directory; path.length >= made.length; path = dirname(path)) chmodSync(path, mode);
}

/**
 * Gives this process and its later children a view of their own of `directory`: what they put there lies in the
 * subdirectory `name`, so that daemons in several network namespaces use the same paths. Answers how to remove the
 * subdirectory once it is empty. Throws when that fails.
 */
export function makeDirectoryPrivate(directory: string, name: string): () => void {
  const own = `${directory}/${name}`;
  makeDirectory(own);
  // Descriptors from before lead past the new view.
  const outside = openSync(directory, 'r');
  const above = openSync(dirname(directory), 'r');
  native.bindMountPrivately(own, directory);
  return () => {
    removeDirectoryIfEmpty(`/proc/self/fd/${outside}/${name}`);
    removeDirectoryIfEmpty(`/proc/self/fd/${above}/${basename(directory)}`);
  };
}

/** Removes a directory that nobody uses any more. */
export function removeDirectoryIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Another daemon has its pid files there.
  }
}
