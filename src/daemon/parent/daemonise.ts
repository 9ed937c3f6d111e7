import { forkSelf, type ProcessEnd } from '../../os/processes/processes.ts';

/**
 * Starts the daemon in a session of its own and waits until its pid file is there, or until it has ended without one;
 * the exit status for the caller.
 */
export function startDaemon(words: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const statusOf = (end: ProcessEnd): number => (end.kind === 'status' ? end.status : 1);
    forkSelf(
      ['--daemon', ...words],
      { message: () => resolve(0), end: (end) => resolve(statusOf(end)) },
      { detached: true, silent: true },
    );
  });
}
