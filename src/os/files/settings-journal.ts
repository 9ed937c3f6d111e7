import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const DIRECTORY = '/run/keepalived';

/** Where the journal `name` of a network namespace is, by default of our own. Throws where there is no such namespace. */
export function journalPath(name: string, namespace = '/proc/self/ns/net'): string {
  return `${DIRECTORY}/${name}-${statSync(namespace).ino}.json`;
}

/**
 * What kernel settings were before this daemon changed them, in a file that outlives it: after a crash the next one knows
 * what to restore. One file for each network namespace; it is gone after a restart of the machine, as the settings are.
 */
export class SettingsJournal {
  readonly #path: string;

  constructor(path = journalPath('settings')) {
    this.#path = path;
  }

  /** Settings by path; empty where there is no file, or none that makes sense. */
  read(): Map<string, string> {
    try {
      const known: unknown = JSON.parse(readFileSync(this.#path, 'utf8'));
      if (typeof known !== 'object' || known === null) return new Map();
      return new Map(Object.entries(known).map(([path, value]) => [path, String(value)]));
    } catch {
      return new Map();
    }
  }

  /** Replaces the file; none is needed where nothing is to be restored. A disk that refuses costs only the memory. */
  write(values: ReadonlyMap<string, string>): void {
    try {
      if (values.size === 0) {
        rmSync(this.#path, { force: true });
        return;
      }
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o755 });
      writeFileSync(`${this.#path}.new`, JSON.stringify(Object.fromEntries(values)), { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
    } catch {
      // Restored by this process, if it lives.
    }
  }
}
