import type { Config } from '../config/types.ts';
import { seconds } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import type { Notification } from '../notify/vrrp.ts';
import { runScript } from '../os/exec.ts';
import { NotifyFifos } from './notify-fifos.ts';

/** A script started while stopping must not hold the stop up. */
const STOP_TIME_LIMIT = seconds(1);

/** Starts scripts and writes FIFO lines; nothing here waits. */
export class VrrpNotifier {
  readonly #log: Log;
  readonly #fifos: NotifyFifos;

  constructor(log: Log) {
    this.#log = log;
    this.#fifos = new NotifyFifos(log);
  }

  /** The script of the FIFO that both processes write to belongs to the checker process, if there is one. */
  configure({ global, virtualServers }: Config): void {
    const { notifyFifo, vrrpNotifyFifo, umask } = global;
    const fifos = [];
    if (notifyFifo) {
      const { script: _, ...withoutScript } = notifyFifo;
      fifos.push(virtualServers.length > 0 ? withoutScript : notifyFifo);
    }
    if (vrrpNotifyFifo && vrrpNotifyFifo.path !== notifyFifo?.path) fifos.push(vrrpNotifyFifo);
    this.#fifos.configure(fifos, umask);
  }

  notify(notification: Notification, { stopping = false } = {}): void {
    for (const { command, arguments: extra } of notification.scripts) {
      runScript(command, extra, this.#log, stopping ? { timeout: STOP_TIME_LIMIT } : {});
    }
    this.#fifos.write(notification.fifoLine);
  }

  close(): void {
    this.#fifos.close();
  }
}
