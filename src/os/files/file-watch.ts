import { readSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { hostIsLittleEndian } from '../../lib/byte-order.ts';
import { native, type Watch } from '../native.ts';

/** linux/inotify.h */
const IN_CLOSE_WRITE = 0x8;
const IN_MOVED_FROM = 0x40;
const IN_MOVED_TO = 0x80;
const IN_CREATE = 0x100;
const IN_DELETE = 0x200;
const IN_Q_OVERFLOW = 0x4000;
const IN_IGNORED = 0x8000;
const IN_ONLYDIR = 0x1000000;
const WATCHED = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ONLYDIR;
/** struct inotify_event: watch s32, mask u32, cookie u32, length u32, then the name padded with NUL. */
const EVENT_LENGTH = 16;
const BUFFER_LENGTH = 64 * 1024;

/** Paths as they were given, by the name that the kernel tells: `/a/b` and `/a//b` are one file. */
type WatchedDirectory = Map<string, Set<string>>;

/**
 * Opens a watcher that calls `changed` with the path of a file. -errno where the system has none left: containers share what
 * fs.inotify.max_user_instances allows.
 */
export function openFileWatcher(changed: (path: string) => void): FileWatcher | number {
  const fd = native.inotify();
  return fd < 0 ? fd : new FileWatcher(fd, changed);
}

/** Says which of some files have been written, made, moved or removed. Their directories must exist. */
export class FileWatcher {
  readonly #changed: (path: string) => void;
  readonly #fd: number;
  readonly #buffer = new Uint8Array(BUFFER_LENGTH);
  readonly #directories = new Map<number, WatchedDirectory>();
  readonly #watch: Watch;

  /** Owns the inotify descriptor from now on. */
  constructor(fd: number, changed: (path: string) => void) {
    this.#fd = fd;
    this.#changed = changed;
    this.#watch = native.watch(fd, () => this.#read());
  }

  /** 0, or -errno when the directory cannot be watched. */
  add(path: string): number {
    const name = basename(path);
    const watch = native.inotifyAddWatch(this.#fd, dirname(path), WATCHED);
    if (watch < 0) return watch;
    const directory: WatchedDirectory = this.#directories.get(watch) ?? new Map();
    this.#directories.set(watch, directory.set(name, (directory.get(name) ?? new Set()).add(path)));
    return 0;
  }

  remove(path: string): void {
    const name = basename(path);
    for (const [watch, directory] of this.#directories) {
      const paths = directory.get(name);
      if (!paths?.delete(path)) continue;
      if (paths.size === 0) directory.delete(name);
      if (directory.size > 0) continue;
      this.#directories.delete(watch);
      native.inotifyRemoveWatch(this.#fd, watch);
    }
  }

  close(): void {
    this.#watch.close();
    native.close(this.#fd);
  }

  #read(): void {
    let length: number;
    try {
      length = readSync(this.#fd, this.#buffer);
    } catch {
      // Nothing there after all.
      return;
    }
    const changed = new Set<string>();
    const view = new DataView(this.#buffer.buffer, 0, length);
    for (let at = 0; at + EVENT_LENGTH <= length; ) {
      const mask = view.getUint32(at + 4, hostIsLittleEndian);
      const nameLength = view.getUint32(at + 12, hostIsLittleEndian);
      const name = this.#buffer.subarray(at + EVENT_LENGTH, at + EVENT_LENGTH + nameLength);
      for (const path of this.#affected(view.getInt32(at, hostIsLittleEndian), mask, name)) changed.add(path);
      at += EVENT_LENGTH + nameLength;
    }
    for (const path of changed) this.#changed(path);
  }

  #affected(watch: number, mask: number, padded: Uint8Array): string[] {
    if (mask & IN_Q_OVERFLOW) return [...this.#directories.values()].flatMap(filesOf);
    const directory = this.#directories.get(watch);
    if (directory === undefined) return [];
    if (mask & IN_IGNORED) {
      this.#directories.delete(watch);
      return filesOf(directory);
    }
    const end = padded.indexOf(0);
    const name = Buffer.from(end < 0 ? padded : padded.subarray(0, end)).toString();
    return [...(directory.get(name) ?? [])];
  }
}

function filesOf(directory: WatchedDirectory): string[] {
  return [...directory.values()].flatMap((paths) => [...paths]);
}
