import type { NotifyFifo } from '../config/types.ts';
import type { Log } from '../lib/log.ts';
import { type RunningScript, runScript } from '../os/processes/exec.ts';
import { type Fifo, openFifo } from '../os/files/fifo.ts';

interface Entry {
  readonly settings: string;
  readonly fifo: Fifo;
  readonly script: RunningScript | undefined;
}

const SIGTERM = 15;

/** The notify FIFOs of a process, each with the script that reads it. Nothing here waits. */
export class NotifyFifos {
  readonly #log: Log;
  readonly #entries = new Map<string, Entry>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Opens what is new, closes what is gone; a FIFO that stays keeps its readers and its script. */
  configure(fifos: readonly (NotifyFifo | undefined)[], umask: number): void {
    const wanted = new Map<string, NotifyFifo>();
    // The first of two with the same path counts.
    for (const fifo of fifos) if (fifo && !wanted.has(fifo.path)) wanted.set(fifo.path, fifo);
    for (const [path, entry] of this.#entries) {
      const settings = wanted.get(path);
      if (settings && JSON.stringify(settings) === entry.settings) continue;
      this.#close(entry);
      this.#entries.delete(path);
    }
    for (const [path, settings] of wanted) {
      if (this.#entries.has(path)) continue;
      const fifo = openFifo(settings, umask, this.#log);
      if (!fifo) continue;
      const script = settings.script && runScript(settings.script, [path], this.#log);
      this.#entries.set(path, { settings: JSON.stringify(settings), fifo, script });
    }
  }

  write(line: string): void {
    if (line === '') return;
    for (const { fifo } of this.#entries.values()) fifo.write(line);
  }

  close(): void {
    for (const entry of this.#entries.values()) this.#close(entry);
    this.#entries.clear();
  }

  #close({ fifo, script }: Entry): void {
    script?.signal(SIGTERM);
    fifo.close();
  }
}
