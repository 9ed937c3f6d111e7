import type { NotifyFifo } from '../config/types.ts';
import type { Log } from '../lib/log.ts';
import { type RunningScript, runScript } from '../os/processes/exec.ts';
import { type Fifo, openFifo } from '../os/files/fifo.ts';

interface Entry {
  readonly fifo: Fifo;
  readonly script: RunningScript | undefined;
}

/** The notify FIFOs of a process, each with the script that reads it. Nothing here waits. */
export class NotifyFifos {
  readonly #log: Log;
  #entries: readonly Entry[] = [];

  constructor(log: Log) {
    this.#log = log;
  }

  /** Opens them, closing those of before: as in keepalived every reload starts the scripts anew. */
  configure(fifos: readonly (NotifyFifo | undefined)[], umask: number): void {
    this.close();
    const wanted = new Map<string, NotifyFifo>();
    // The first of two with the same path counts.
    for (const fifo of fifos) if (fifo && !wanted.has(fifo.path)) wanted.set(fifo.path, fifo);
    this.#entries = [...wanted].flatMap(([path, settings]) => {
      const fifo = openFifo(settings, umask, this.#log);
      if (!fifo) return [];
      return [{ fifo, script: settings.script && runScript(settings.script, [path], this.#log) }];
    });
  }

  write(line: string): void {
    if (line === '') return;
    for (const { fifo } of this.#entries) fifo.write(line);
  }

  /** The scripts are told to end before the last lines are written. */
  endScripts(): void {
    for (const { script } of this.#entries) script?.end();
  }

  /** Removes those that were made here, unless they are to be kept. */
  close(keep = false): void {
    this.endScripts();
    for (const { fifo } of this.#entries) fifo.close(keep);
    this.#entries = [];
  }
}
