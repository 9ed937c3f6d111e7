import { writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { native } from './native.ts';

/** Monitoring looks for this in /proc/PID/comm. */
const COMMAND_NAME = 'keepalived';

/** Makes process listings show the original command line instead of the interpreter's. */
export function nameProcess(words: readonly string[]): void {
  process.title = words.join(' ');
  native.setProcessName(COMMAND_NAME);
}

/** Writes a line at once, so that nothing is lost at exit; a closed stream loses it. */
export function writeOutput(stream: 'stdout' | 'stderr', text: string): void {
  try {
    writeSync(stream === 'stdout' ? 1 : 2, `${text}\n`);
  } catch {
    // Whoever wanted the text has stopped reading.
  }
}

/** `path` from the root, so that it means the same after a change of directory. */
export function absolutePath(path: string): string {
  return resolve(path);
}
