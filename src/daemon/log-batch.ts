import type { LogLine } from '../lib/log.ts';

/**
 * The lines of one turn of the loop leave together: a message each would cost a burst of thousands of lines, as when
 * every virtual server comes up, more than the work it reports.
 */
export class LogBatch {
  readonly #deliver: (lines: readonly LogLine[]) => void;
  readonly #atEndOfTurn: (callback: () => void) => void;
  #lines: LogLine[] = [];

  constructor(deliver: (lines: readonly LogLine[]) => void, atEndOfTurn: (callback: () => void) => void) {
    this.#deliver = deliver;
    this.#atEndOfTurn = atEndOfTurn;
  }

  add(line: LogLine): void {
    if (this.#lines.push(line) === 1) this.#atEndOfTurn(() => this.flush());
  }

  /** Delivers now, so that what is sent next comes after. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const lines = this.#lines;
    this.#lines = [];
    this.#deliver(lines);
  }
}
