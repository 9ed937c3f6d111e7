import type { NativeError } from './native.ts';
import { native } from './native.ts';

/**
 * A system call that failed. `detail` says more than errno does, where the kernel told it (extended acknowledgement of
 * netlink) or the caller knows it (a path).
 */
export class SystemError extends Error {
  readonly operation: string;
  /** Positive, as in errno.h. */
  readonly errno: number;
  /** Symbolic name, e.g. "ENOBUFS". */
  readonly code: string;
  readonly detail: string | undefined;

  constructor(operation: string, errno: number, detail?: string) {
    const [code, text] = native.describeError(errno);
    super(`${operation}: ${text}${detail === undefined ? '' : ` (${detail})`}`);
    this.name = 'SystemError';
    this.operation = operation;
    this.errno = errno;
    this.code = code;
    this.detail = detail;
  }
}

/** Runs addon calls; their errors come out as SystemErrors naming what was being done. */
export function systemCall<T>(operation: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (isNativeError(error)) throw new SystemError(operation, error.errno, error.syscall);
    throw error;
  }
}

/** The errno, positive, of an error of the addon or of node:fs, which has it with its sign turned; undefined for any other. */
export function errnoOf(error: unknown): number | undefined {
  const number = error instanceof Error && 'errno' in error ? Math.abs(Number(error.errno)) : Number.NaN;
  return Number.isNaN(number) ? undefined : number;
}

/** Thrown by the addon, whose errno is positive, as against node:fs. */
export function isNativeError(error: unknown): error is NativeError {
  return error instanceof Error && 'syscall' in error && 'errno' in error && Number(error.errno) > 0;
}

/** The symbolic name of what went wrong, e.g. "ENOENT"; undefined for an error that has none. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** `error 2 (No such file or directory)` */
export function errorText(error: unknown): string {
  const number = errnoOf(error) ?? 0;
  return `error ${number} (${native.describeError(number)[1]})`;
}
