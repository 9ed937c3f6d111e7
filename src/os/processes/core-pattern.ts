import { readFileSync, writeFileSync } from 'node:fs';

const PATH = '/proc/sys/kernel/core_pattern';

/**
 * Names core files by `pattern` (core(5)), on the whole machine. Answers how to give the former pattern back; undefined
 * where that is not ours to change.
 */
export function setCorePattern(pattern: string): (() => void) | undefined {
  try {
    const before = readFileSync(PATH, 'latin1');
    writeFileSync(PATH, pattern);
    return () => {
      try {
        writeFileSync(PATH, before.trimEnd());
      } catch {
        // It has become read-only meanwhile; nothing more can be done at exit.
      }
    };
  } catch {
    return undefined;
  }
}
