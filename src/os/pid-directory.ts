import { chmodSync, mkdirSync, rmdirSync } from 'node:fs';
import { native } from './native.ts';

const MODE = 0o755;

/** Makes `directory` where it is missing, with these rights whatever the creation mask is. Throws when that fails. */
export function makeDirectory(directory: string, mode = MODE): void {
  const made = mkdirSync(directory, { recursive: true, mode });
  if (made !== undefined) chmodSync(directory, mode);
}

/**
 * Gives this process and its later children a view of their own of `directory`: what they put there lies in the
 * subdirectory `name`, so that daemons in several network namespaces use the same paths. Throws when that fails.
 */
export function makeDirectoryPrivate(directory: string, name: string): void {
  const own = `${directory}/${name}`;
  makeDirectory(own);
  native.bindMountPrivately(own, directory);
}

/** Removes a directory that nobody uses any more. */
export function removeDirectoryIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Another daemon has its pid files there.
  }
}
