import { codeOf } from '../system-error.ts';
import { readFileSync, statSync } from 'node:fs';
import type { FileProblem } from '../../config/environment.ts';
import { err, ok, type Result } from '../../lib/result.ts';

const EXECUTABLE_BY_ANYONE = 0o111;

/** Text of a configuration file: a regular file without execute bits, UTF-8 or else Latin-1. */
export function readConfigFile(path: string): Result<string, FileProblem> {
  try {
    const status = statSync(path);
    if (status.isDirectory()) return err('directory');
    if (!status.isFile() || status.mode & EXECUTABLE_BY_ANYONE) return err('not-regular');
    return ok(decode(readFileSync(path)));
  } catch (error) {
    return err(isAbsence(error) ? 'missing' : 'unreadable');
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Comments in an old encoding must not damage the rest, and every byte is a Latin-1 character.
    return bytes.toString('latin1');
  }
}

function isAbsence(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}
