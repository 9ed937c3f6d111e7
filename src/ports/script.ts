import type { Duration } from '../lib/duration.ts';
import type { ScriptCommand } from '../lib/script.ts';

/** How a script ended; `timedOut` whenever its time limit had passed, however it then ended. */
export type ScriptEnd =
  | { readonly kind: 'exit'; readonly status: number; readonly timedOut: boolean }
  | { readonly kind: 'signal'; readonly signal: number; readonly timedOut: boolean }
  | { readonly kind: 'notStarted'; readonly message: string };

/**
 * Runs a script with its user's rights. After `timeout` its process group gets SIGTERM, then SIGKILL; so it does once
 * `signal` is aborted. Settles when it has ended, or at the latest ten seconds after the limit.
 */
export type RunScript = (command: ScriptCommand, timeout: Duration, signal: AbortSignal) => Promise<ScriptEnd>;
