import type { Checker } from '../config/types.ts';
import { fileVerdict } from './file.ts';
import { initialVerdict, joiningVerdict, type VerdictState } from './verdict.ts';

/** Values of the track_files by name; a file that is not there holds 0. */
export type FileValues = ReadonlyMap<string, number>;

/** What is held of a checker's server before it has been asked: at start, or when it joins a running daemon. */
export function firstVerdict(checker: Checker, files: FileValues, joins = false): VerdictState {
  if (checker.kind === 'FILE_CHECK') return fileVerdict(checker, files.get(checker.trackFile) ?? 0);
  const allRetries = joins || checker.kind === 'SMTP_CHECK';
  return allRetries ? joiningVerdict(checker.schedule) : initialVerdict(checker.schedule);
}
