import { closeSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';

/**
 * Writes a dump file: made new beside `path` with the rights that the creation mask leaves, then put in its place, so
 * that a reader finds either the old text or the whole new one. Throws when that fails.
 */
export function writeDataFile(path: string, text: string): void {
  const fresh = `${path}.${process.pid}`;
  const fd = openSync(fresh, 'wx', 0o666);
  try {
    writeSync(fd, text);
    renameSync(fresh, path);
  } catch (error) {
    unlinkSync(fresh);
    throw error;
  } finally {
    closeSync(fd);
  }
}
