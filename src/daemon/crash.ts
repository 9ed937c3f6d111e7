import type { LogLine } from '../lib/log.ts';
import { onUncaught } from '../os/processes/this-process.ts';

/**
 * Settles with the first exception of this process that nobody catches. From then on further ones are ignored: they must not end
 * the process before the first has been told.
 */
export function firstCrash(): Promise<unknown> {
  return new Promise(onUncaught);
}

/** What to say of it; `ident` is the process's name in the log. */
export function crashLines(ident: string, error: unknown): LogLine[] {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [`${ident} crashed:`, ...text.split('\n')].map((message) => ({ level: 'err', message }));
}
