import type { GlobalConfig } from '../../config/types.ts';
import { seconds } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import type { Mail } from '../../notify/mail.ts';
import type { Notification, StateChange } from '../../notify/vrrp.ts';
import { killEndingScripts, runScript } from '../../os/processes/exec.ts';
import { NotifyFifos } from '../notify-fifos.ts';

/** A script started while stopping must not hold the stop up. */
const STOP_TIME_LIMIT = seconds(1);

/** Starts scripts and writes FIFO lines; nothing here waits. */
export class VrrpNotifier {
  readonly #log: Log;
  readonly #fifos: NotifyFifos;
  readonly #send: (subject: string, body: string) => void;
  readonly #observe: (change: StateChange) => void;
  /** State last told by mail, by object. */
  readonly #mailed = new Map<string, string>();
  #mailsFaults = true;
  #keepsFifo = false;

  constructor(log: Log, send: (subject: string, body: string) => void, observe: (change: StateChange) => void) {
    this.#log = log;
    this.#send = send;
    this.#observe = observe;
    this.#fifos = new NotifyFifos(log);
  }

  configure({ notifyFifo, vrrpNotifyFifo, umask, defaults }: GlobalConfig): void {
    this.#mailsFaults = defaults.emailFaults;
    this.#fifos.configure([notifyFifo, vrrpNotifyFifo], umask);
    this.#keepsFifo = vrrpNotifyFifo === undefined;
  }

  notify(notification: Notification, { stopping = false } = {}): void {
    for (const { command, arguments: extra } of notification.scripts) {
      runScript(command, extra, this.#log, stopping ? { timeout: STOP_TIME_LIMIT } : {});
    }
    this.#fifos.write(notification.fifoLine);
    if (notification.mail) this.#mail(notification.mail);
    if (notification.change) this.#observe(notification.change);
  }

  /** A state that was told already is not told again; with no_email_faults that of a fault is not told at all. */
  #mail(mail: Mail): void {
    const { object, state } = mail.about ?? {};
    if (state === 'FAULT' && !this.#mailsFaults) return;
    if (object !== undefined && state !== undefined) {
      if (this.#mailed.get(object) === state) return;
      this.#mailed.set(object, state);
    }
    this.#send(mail.subject, mail.body);
  }

  /** What reads the FIFOs is told to end before the last state is told. */
  endScripts(): void {
    this.#fifos.endScripts();
  }

  /** With keepalived a FIFO for all processes stays behind where there is none for VRRP alone. */
  close(): void {
    this.#fifos.close(this.#keepsFifo);
    killEndingScripts();
  }
}
