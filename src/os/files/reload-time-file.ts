import { readFileSync } from 'node:fs';
import { openFileWatcher } from './file-watch.ts';

/** Calls `changed` whenever the file appears, has been written or goes. Undefined where its directory cannot be watched. */
export function watchFile(path: string, changed: () => void): { close(): void } | undefined {
  const watcher = openFileWatcher(changed);
  if (typeof watcher === 'number') return undefined;
  if (watcher.add(path) >= 0) return watcher;
  watcher.close();
  return undefined;
}

/** The first line of a file; undefined when it cannot be read, or holds nothing. */
export function firstLine(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'latin1').slice(0, 256);
    return text === '' ? undefined : text.split('\n')[0];
  } catch {
    return undefined;
  }
}
