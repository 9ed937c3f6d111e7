import type { ChildOptions, Role } from '../ipc/messages.ts';
import type { LogLine } from '../lib/log.ts';
import type { LogSink } from '../os/log-sinks.ts';
import { openLogSinks } from './log-places.ts';
import { CHILD_IDENTS } from './parent/supervisor.ts';
import { identSuffix } from './paths.ts';

/** The log of a child whose parent is gone: what it says while it cleans up reaches the places the parent wrote to. */
export class LastWords {
  readonly #ident: string;
  readonly #options: ChildOptions;
  #sinks: readonly LogSink[] | undefined;

  constructor(role: Role, options: ChildOptions) {
    this.#ident = CHILD_IDENTS[role] + identSuffix(options);
    this.#options = options;
  }

  write(lines: readonly LogLine[]): void {
    this.#sinks ??= openLogSinks(this.#options.logPlaces);
    for (const { level, message } of lines) {
      const record = { level, message, ident: this.#ident, pid: process.pid, at: Date.now() };
      for (const sink of this.#sinks) sink.write(record);
    }
  }

  close(): void {
    for (const sink of this.#sinks ?? []) sink.close();
  }
}
