import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Calls `changed` whenever the file appears, is written or goes. Undefined where its directory cannot be watched. */
export function watchFile(path: string, changed: () => void): { close(): void } | undefined {
  let watcher: FSWatcher;
  try {
    watcher = watch(dirname(path), (_, name) => {
      if (name === null || name === basename(path)) changed();
    });
  } catch {
    return undefined;
  }
  watcher.on('error', () => watcher.close());
  watcher.unref();
  return watcher;
}

/** The first line of a file; undefined when it cannot be read. */
export function firstLine(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').slice(0, 256).split('\n')[0];
  } catch {
    return undefined;
  }
}
