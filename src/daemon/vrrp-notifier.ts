import type { GlobalConfig, NotifyFifo } from '../config/types.ts';
import type { Log } from '../lib/log.ts';
import type { Notification } from '../notify/vrrp.ts';
import { type Fifo, openFifo } from '../os/fifo.ts';
import { runScript } from '../os/exec.ts';

/** Starts scripts and writes FIFO lines; nothing here waits. */
export class VrrpNotifier {
  readonly #log: Log;
  #fifos: Map<string, Fifo> = new Map();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Opens the FIFOs of a configuration and closes those it no longer names. */
  configure(global: GlobalConfig): void {
    const wanted = new Map<string, NotifyFifo>();
    for (const fifo of [global.notifyFifo, global.vrrpNotifyFifo]) if (fifo) wanted.set(fifo.path, fifo);
    for (const [path, fifo] of this.#fifos) {
      if (wanted.has(path)) continue;
      fifo.close();
      this.#fifos.delete(path);
    }
    for (const [path, settings] of wanted) {
      if (this.#fifos.has(path)) continue;
      const fifo = openFifo(settings, global.umask, this.#log);
      if (fifo) this.#fifos.set(path, fifo);
    }
  }

  notify(notification: Notification): void {
    for (const { command, arguments: extra } of notification.scripts) runScript(command, extra, this.#log);
    for (const fifo of this.#fifos.values()) fifo.write(notification.fifoLine);
  }

  close(): void {
    for (const fifo of this.#fifos.values()) fifo.close();
    this.#fifos.clear();
  }
}
