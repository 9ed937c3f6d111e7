import type { GlobalConfig } from '../config/types.ts';
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

  configure({ notifyFifo, vrrpNotifyFifo, umask }: GlobalConfig): void {
    this.#fifos.configure([notifyFifo, vrrpNotifyFifo], umask);
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
