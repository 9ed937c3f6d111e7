import type { NotifyFifo } from '../config/types.ts';
import type { Log } from '../lib/log.ts';
import { type Fifo, openFifo } from '../os/fifo.ts';

/** The notification FIFOs of one process, by path. */
export class Fifos {
  readonly #log: Log;
  readonly #open = new Map<string, Fifo>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Opens those of a configuration and closes the ones it no longer names. */
  configure(wanted: readonly (NotifyFifo | undefined)[], umask: number): void {
    const byPath = new Map<string, NotifyFifo>();
    for (const settings of wanted) if (settings) byPath.set(settings.path, settings);
    for (const [path, fifo] of this.#open) {
      if (byPath.has(path)) continue;
      fifo.close();
      this.#open.delete(path);
    }
    for (const [path, settings] of byPath) {
      if (this.#open.has(path)) continue;
      const fifo = openFifo(settings, umask, this.#log);
      if (fifo) this.#open.set(path, fifo);
    }
  }

  write(text: string): void {
    for (const fifo of this.#open.values()) fifo.write(text);
  }

  close(): void {
    for (const fifo of this.#open.values()) fifo.close();
    this.#open.clear();
  }
}
