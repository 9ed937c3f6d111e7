import { chmodSync, closeSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { builtin } from '../builtin.ts';
import { native } from '../native.ts';

/**
 * Writes a dump file: made new beside `path` with the rights that the creation mask leaves, then put in its place, so
 * that a reader finds either the old text or the whole new one. Throws when that fails.
 */
export function writeDataFile(path: string, text: string): void {
  const fresh = `${path}.${process.pid}`;
  const fd = openSync(fresh, 'wx', 0o666);
  try {
    writeFileSync(fd, text);
    renameSync(fresh, path);
  } catch (error) {
    unlinkSync(fresh);
    throw error;
  } finally {
    closeSync(fd);
  }
}

interface Content {
  readonly text: string;
  readonly mode: number;
}

interface Writing {
  /** What the file is to hold once the text that is being written is in place. */
  next: Content | undefined;
  done: Promise<void>;
}

const underWay = new Map<string, Writing>();
let written = 0;

/**
 * The same without waiting for the disk, for a process that has deadlines. Of several texts for one file the last one stays,
 * and of those that come while one is being written only the last is written, however slow the disk. Rejects when it fails,
 * leaving the old file and nothing else.
 */
export function writeDataFileLater(path: string, text: string, mode = 0o666): Promise<void> {
  const next = { text, mode };
  const busy = underWay.get(path);
  if (busy) {
    busy.next = next;
    return busy.done;
  }
  const writing: Writing = { next, done: Promise.resolve() };
  underWay.set(path, writing);
  writing.done = writeAll(path, writing).finally(() => underWay.delete(path));
  return writing.done;
}

async function writeAll(path: string, writing: Writing): Promise<void> {
  for (let content = writing.next; content; content = writing.next) {
    writing.next = undefined;
    await putInPlace(path, content);
  }
}

async function putInPlace(path: string, { text, mode }: Content): Promise<void> {
  const { rename, unlink, writeFile } = builtin.filePromises();
  const fresh = `${path}.${process.pid}.${written++}`;
  try {
    await writeFile(fresh, text, { flag: 'wx', mode });
    await rename(fresh, path);
  } catch (error) {
    await unlink(fresh).catch(() => {});
    throw error;
  }
}

/** What is said of a file that could not be written, as keepalived says it of one that it cannot open. */
export function dataFileComplaint(file: string, error: unknown): string {
  if (!(error instanceof Error) || !('errno' in error)) return `Can't write ${file} (${error})`;
  const { errno = 0, syscall } = error as NodeJS.ErrnoException;
  const [, text] = native.describeError(-errno);
  return `Can't ${syscall === 'open' ? 'open' : 'write'} ${file} (${-errno}: ${text})`;
}

/** Replaces the content of a file that others may have open; one that cannot be written is left alone. */
export function replaceText(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o644 });
  } catch {
    // The report is a convenience: its reader sees the old one.
  }
}

/** An empty file that everybody may see, whatever the creation mask. */
export function makeEmptyFile(path: string): void {
  try {
    closeSync(openSync(path, 'w', 0o644));
    chmodSync(path, 0o644);
  } catch {
    // Whoever waits for it sees none.
  }
}
