import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { err, ok, type Result } from '../../lib/result.ts';
import { native } from '../native.ts';
import { errnoOf } from '../system-error.ts';

/** A place for lines of text. */
export interface Report {
  line(text: string): void;
  close(): void;
}

export interface OpenError {
  /** Positive, as in errno.h. */
  readonly errno: number;
  /** strerror(3). */
  readonly text: string;
}

const STANDARD_ERROR = 2;

/** Opens a file to append to, following no link; standard error when `path` is empty. */
export function openReport(path: string): Result<Report, OpenError> {
  if (path === '') return ok(reportTo(STANDARD_ERROR));
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  try {
    return ok(reportTo(openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o644)));
  } catch (error) {
    const errno = errnoOf(error) ?? 0;
    return err({ errno, text: native.describeError(errno)[1] });
  }
}

function reportTo(fd: number): Report {
  return {
    line: (text) => void writeSync(fd, `${text}\n`),
    close: () => {
      if (fd !== STANDARD_ERROR) closeSync(fd);
    },
  };
}
