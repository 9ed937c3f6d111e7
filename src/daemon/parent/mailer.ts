import type { GlobalConfig } from '../../config/types.ts';
import { after, type Duration, type Instant, seconds } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import type { Result } from '../../lib/result.ts';
import type { Mail } from '../../notify/mail.ts';
import { composeMessage, smtpDialogue } from '../../notify/smtp.ts';
import type { SmtpServer, SmtpStep } from '../../lib/smtp.ts';
import type { Timer } from '../../ports/timer.ts';

/** A server that is away must not fill our memory. */
const LONGEST_QUEUE = 200;
/** After a failure; then the message is given up. */
const RETRY_AFTER: readonly Duration[] = [seconds(10), seconds(60), seconds(300)];

export interface MailerWorld {
  readonly log: Log;
  now(): Instant;
  openTimer(expired: () => void): Timer;
  /** The wall time for the header. */
  date(): string;
  /** `connected` is told the server's address. */
  deliver(
    server: SmtpServer,
    steps: readonly SmtpStep[],
    connected: (peer: string) => void,
  ): Promise<Result<void, string>>;
}

interface Letter {
  readonly mail: Mail;
  readonly date: string;
  attempts: number;
}

/** Sends alerts one after the other; whoever raises one never waits for it. */
export class Mailer {
  readonly #world: MailerWorld;
  readonly #timer: Timer;
  #global: GlobalConfig | undefined;
  #queue: Letter[] = [];
  #sending = false;
  #emptied: () => void = () => {};

  constructor(world: MailerWorld) {
    this.#world = world;
    this.#timer = world.openTimer(() => this.#next());
  }

  configure(global: GlobalConfig): void {
    this.#global = global;
  }

  /** Queues an alert; without a server or recipients there is nothing to do. */
  send(mail: Mail): void {
    if (!this.#destination()) return;
    if (this.#queue.length >= LONGEST_QUEUE) {
      this.#say(`Too many e-mails wait, dropping "${mail.subject}"`);
      return;
    }
    this.#queue.push({ mail, date: this.#world.date(), attempts: 0 });
    if (this.#queue.length === 1) this.#next();
  }

  /** Resolves when nothing is on its way, or what is has failed once. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#emptied = resolve;
      if (!this.#sending) resolve();
    });
  }

  close(): void {
    this.#queue = [];
    this.#timer.close();
  }

  /** Undefined where the configuration leaves open from whom, to whom or by which server. */
  #destination() {
    const { email, routerId } = this.#global ?? {};
    if (!email?.server || email.from === undefined || email.to.length === 0) return undefined;
    return { ...email, server: email.server, from: email.from, routerId };
  }

  #next(): void {
    if (this.#sending) return;
    const destination = this.#destination();
    // A reload has taken it away.
    if (!destination) this.#queue = [];
    const letter = this.#queue[0];
    if (!destination || !letter) return;
    const { from, to, heloName, connectTimeout, server, routerId } = destination;
    const subject = `[${routerId}] ${letter.mail.subject}`;
    const text = composeMessage({ from, to, subject, body: letter.mail.body }, letter.date);
    this.#sending = true;
    this.#world
      .deliver({ ...server, timeout: connectTimeout }, smtpDialogue({ helloName: heloName, from, to, text }), (peer) =>
        this.#detail(`Remote SMTP server ${peer} connected.`),
      )
      .then((result) => this.#sent(letter, result));
  }

  #sent(letter: Letter, result: Result<void, string>): void {
    this.#sending = false;
    if (result.ok) {
      this.#detail('SMTP alert successfully sent.');
      this.#queue.shift();
      this.#next();
    } else {
      this.#failed(letter, result.error);
    }
    if (!this.#sending) this.#emptied();
  }

  #failed(letter: Letter, reason: string): void {
    const wait = RETRY_AFTER[letter.attempts++];
    const server = this.#global?.email?.server;
    if (letter.attempts === 1 || wait === undefined) {
      const consequence = wait === undefined ? 'giving it up' : 'trying again';
      this.#say(`SMTP server ${server?.host}:${server?.port}: ${reason} - ${consequence}: "${letter.mail.subject}"`);
    }
    if (wait === undefined) {
      this.#queue.shift();
      this.#next();
    } else this.#timer.arm(after(this.#world.now(), wait));
  }

  #detail(message: string): void {
    this.#world.log({ level: 'info', message, detail: true });
  }

  #say(message: string): void {
    this.#world.log({ level: 'info', message });
  }
}
