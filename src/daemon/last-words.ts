import type { ChildOptions, Role } from '../ipc/messages.ts';
import type { LogLine } from '../lib/log.ts';
import { elapsedMilliseconds, wallMilliseconds } from '../os/clock.ts';
import type { LogSink } from '../os/log-sinks.ts';
import { processId } from '../os/processes/this-process.ts';
import { openLogSinks } from './log-places.ts';
import { CHILD_IDENTS } from './parent/supervisor.ts';
import { identSuffix } from './paths.ts';

/** A parent dies thread by thread: for so long its channel still takes lines that nobody will read. */
const DYING_MILLISECONDS = 100;

/** The log of a child whose parent is gone: what it says while it cleans up reaches the places the parent wrote to. */
export class LastWords {
  readonly #ident: string;
  readonly #options: ChildOptions;
  #sinks: readonly LogSink[] | undefined;
  #unsure: { readonly lines: readonly LogLine[]; readonly at: number }[] = [];

  constructor(role: Role, options: ChildOptions) {
    this.#ident = CHILD_IDENTS[role] + identSuffix(options);
    this.#options = options;
  }

  write(lines: readonly LogLine[]): void {
    this.#sinks ??= openLogSinks(this.#options.logPlaces);
    for (const { level, message } of lines) {
      const record = { level, message, ident: this.#ident, pid: processId(), at: wallMilliseconds() };
      for (const sink of this.#sinks) sink.write(record);
    }
  }

  /** Lines that have been sent after a signal to stop, which may have come of the parent's death. */
  sent(lines: readonly LogLine[]): void {
    this.#unsure.push({ lines, at: elapsedMilliseconds() });
  }

  /** The channel is closed: what was sent just before was not read. */
  orphaned(): void {
    const since = elapsedMilliseconds() - DYING_MILLISECONDS;
    for (const { lines, at } of this.#unsure) if (at > since) this.write(lines);
    this.#unsure = [];
  }

  close(): void {
    for (const sink of this.#sinks ?? []) sink.close();
  }
}
