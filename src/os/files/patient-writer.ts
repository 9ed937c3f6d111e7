/** What one attempt to write came to: how many bytes went, or that there is room for none now. */
export type Attempt = number | 'full';

/** What a patient writer needs of the world. */
export interface WriterPort {
  /** Writes without waiting. Bytes that can never be written count as written. */
  attempt(bytes: Uint8Array): Attempt;
  /** Calls `retry` after a moment. */
  later(retry: () => void): void;
  /** Lets a moment pass; false when there is no time left for that. */
  wait(): boolean;
}

/**
 * Whole lines to a reader that may be slow: those that find no room wait, up to `limit` bytes. Of a longer silence the lines
 * that no longer fit are counted, and `lossLine` says how many there were in their place.
 */
export class PatientWriter {
  readonly #port: WriterPort;
  readonly #lossLine: (count: number) => string;
  readonly #limit: number;
  #waiting: Uint8Array[] = [];
  #size = 0;
  #lost = 0;

  constructor(port: WriterPort, lossLine: (count: number) => string, limit: number) {
    this.#port = port;
    this.#lossLine = lossLine;
    this.#limit = limit;
  }

  write(line: string): void {
    if (this.#lost > 0) {
      this.#lost++;
      return;
    }
    const bytes = Buffer.from(line);
    if (this.#waiting.length > 0) {
      if (this.#size + bytes.length > this.#limit) this.#lost++;
      else this.#keep(bytes);
      return;
    }
    const rest = this.#attempt(bytes);
    if (rest === undefined) return;
    this.#keep(rest);
    this.#retryLater();
  }

  /** Gives the reader a last chance, for as long as the port waits. */
  close(): void {
    while (!this.#drain() && this.#port.wait());
    this.#waiting = [];
    this.#lost = 0;
  }

  #keep(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#size += bytes.length;
  }

  #retryLater(): void {
    this.#port.later(() => {
      if (!this.#drain()) this.#retryLater();
    });
  }

  /** True once nothing waits any more. */
  #drain(): boolean {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const rest = this.#attempt(first);
      this.#size -= first.length - (rest?.length ?? 0);
      if (rest !== undefined) {
        this.#waiting[0] = rest;
        return false;
      }
      this.#waiting.shift();
      if (this.#waiting.length === 0 && this.#lost > 0) {
        this.#keep(Buffer.from(this.#lossLine(this.#lost)));
        this.#lost = 0;
      }
    }
    return true;
  }

  /** What is left of `bytes`; undefined when all went. */
  #attempt(bytes: Uint8Array): Uint8Array | undefined {
    const written = this.#port.attempt(bytes);
    if (written === 'full') return bytes;
    return written < bytes.length ? bytes.subarray(written) : undefined;
  }
}
