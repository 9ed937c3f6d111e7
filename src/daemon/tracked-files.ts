import type { TrackFile } from '../config/types.ts';
import type { Log } from '../lib/log.ts';
import { type FileWatcher, openFileWatcher } from '../os/files/file-watch.ts';
import { realPath, writeInitialValue } from '../os/files/tracked-file.ts';
import { readBeginning } from '../os/system-facts.ts';
import { readFileValue } from '../track/file.ts';

/** Bytes of a file that are looked at: more than any number has. */
const LONGEST_NUMBER = 128;

interface Entry {
  /** Without symbolic links: as with keepalived, one that leads elsewhere later is followed at the next reload. */
  readonly path: string;
  value: number;
}

/** The numbers in tracked files, followed as they are written. */
export class TrackedFiles {
  readonly #log: Log;
  readonly #changed: (name: string) => void;
  readonly #entries = new Map<string, Entry>();
  #watcher: FileWatcher | undefined;

  constructor(log: Log, changed: (name: string) => void) {
    this.#log = log;
    this.#changed = changed;
  }

  /** A file that is new gets its initial value; one that stays is read again, in a directory that may be another one by now. */
  configure(files: readonly TrackFile[]): void {
    const wanted = new Map(files.map((file) => [file.name, file]));
    for (const [name, entry] of this.#entries) {
      const { path } = entry;
      const file = wanted.get(name);
      if (file && realPath(file.path) === path) {
        this.#readAgain(entry);
        continue;
      }
      this.#entries.delete(name);
      if (![...this.#entries.values()].some((other) => other.path === path)) this.#watcher?.remove(path);
    }
    for (const file of files) if (!this.#entries.has(file.name)) this.#add(file);
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** 0 for a file that is missing or holds no number. */
  value(name: string): number {
    return this.#entries.get(name)?.value ?? 0;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#entries.clear();
  }

  #add({ name, path, initial }: TrackFile): void {
    if (initial) {
      try {
        writeInitialValue(path, initial.value, initial.overwrite);
      } catch (error) {
        this.#say(`Unable to initialise tracked file ${path}: ${error instanceof Error ? error.message : error}`);
      }
    }
    const real = realPath(path);
    const watched = this.#watch(real);
    if (watched < 0) this.#say(`Unable to monitor tracked file ${path} - errno ${-watched}`);
    this.#entries.set(name, { path: real, value: this.#read(real, 0) });
  }

  #readAgain(entry: Entry): void {
    this.#watch(entry.path);
    entry.value = this.#read(entry.path, entry.value);
  }

  /** 0 or -errno. */
  #watch(path: string): number {
    const watcher = this.#watcher ?? openFileWatcher((changed) => this.#written(changed));
    if (typeof watcher === 'number') return watcher;
    this.#watcher = watcher;
    return watcher.add(path);
  }

  #written(path: string): void {
    for (const [name, entry] of this.#entries) {
      if (entry.path !== path) continue;
      const value = this.#read(path, entry.value);
      if (value === entry.value) continue;
      entry.value = value;
      this.#changed(name);
    }
  }

  #read(path: string, former: number): number {
    const text = readBeginning(path, LONGEST_NUMBER) ?? '';
    const value = readFileValue(text);
    if (value === undefined) this.#say(`Invalid number ${saturated(text)} read from ${path} - ignoring`);
    return value ?? former;
  }

  #say(message: string): void {
    this.#log({ level: 'info', message });
  }
}

/** What strtol(3) makes of a number that is too large. */
function saturated(text: string): string {
  return text.trim().startsWith('-') ? '-9223372036854775808' : '9223372036854775807';
}
