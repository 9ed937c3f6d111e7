import type { EmailSettings, GlobalConfig } from '../../config/types.ts';
import { after, type Duration, type Instant, seconds } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import type { Result } from '../../lib/result.ts';
import type { Mail } from '../../notify/mail.ts';
import { composeMessage, smtpDialogue } from '../../notify/smtp.ts';
import type { SmtpFailure, SmtpProgress, SmtpServer, SmtpStep } from '../../lib/smtp.ts';
import type { Timer } from '../../ports/timer.ts';

/** A server that is away must not fill our memory. */
const LONGEST_QUEUE = 200;
/** Connections at a time; keepalived has no limit. */
const MOST_AT_ONCE = 20;
/** After a failure that may pass; then the message is given up. */
const RETRY_AFTER: readonly Duration[] = [seconds(10), seconds(60), seconds(300)];

export interface MailerWorld {
  readonly log: Log;
  now(): Instant;
  openTimer(expired: () => void): Timer;
  /** The wall time for the header. */
  date(): string;
  deliver(server: SmtpServer, steps: readonly SmtpStep[], progress: SmtpProgress): Promise<Result<void, SmtpFailure>>;
}

interface Letter {
  readonly mail: Mail;
  readonly date: string;
  attempts: number;
}

type Destination = EmailSettings & Required<Pick<EmailSettings, 'from' | 'server'>> & Pick<GlobalConfig, 'routerId'>;

/** Sends alerts, each on a connection of its own; whoever raises one never waits for it, nor does another alert. */
export class Mailer {
  readonly #world: MailerWorld;
  readonly #timer: Timer;
  #global: GlobalConfig | undefined;
  #queue: Letter[] = [];
  /** Those that have failed, and when they are tried again. */
  #later: { readonly letter: Letter; readonly at: Instant }[] = [];
  #underway = 0;
  #emptied: () => void = () => {};

  constructor(world: MailerWorld) {
    this.#world = world;
    this.#timer = world.openTimer(() => this.#tryAgain());
  }

  configure(global: GlobalConfig): void {
    this.#global = global;
  }

  /** Queues an alert; without a server or recipients there is nothing to do. */
  send(mail: Mail): void {
    if (!this.#destination()) return;
    if (this.#queue.length + this.#later.length + this.#underway >= LONGEST_QUEUE) {
      this.#say(`Too many e-mails wait, dropping "${mail.subject}"`);
      return;
    }
    this.#queue.push({ mail, date: this.#world.date(), attempts: 0 });
    this.#next();
  }

  /** Resolves when nothing is on its way, or what is has failed once. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#emptied = resolve;
      if (this.#underway === 0) resolve();
    });
  }

  close(): void {
    this.#queue = [];
    this.#later = [];
    this.#timer.close();
  }

  /** Undefined where the configuration leaves open from whom, to whom or by which server. */
  #destination(): Destination | undefined {
    if (!this.#global) return undefined;
    const { email, routerId } = this.#global;
    if (!email?.server || email.from === undefined || email.to.length === 0) return undefined;
    return { ...email, server: email.server, from: email.from, routerId };
  }

  #next(): void {
    const destination = this.#destination();
    // A reload may have taken it away.
    if (!destination) this.#queue = [];
    while (destination && this.#underway < MOST_AT_ONCE) {
      const letter = this.#queue.shift();
      if (!letter) return;
      this.#deliver(letter, destination);
    }
  }

  #deliver(letter: Letter, { from, to, heloName, connectTimeout, server, routerId }: Destination): void {
    const subject = `[${routerId}] ${letter.mail.subject}`;
    const text = composeMessage({ from, to, subject, body: letter.mail.body }, letter.date);
    this.#underway += 1;
    const steps = smtpDialogue({ helloName: heloName, from, to, text });
    const progress: SmtpProgress = {
      connected: (peer) => this.#detail(`Remote SMTP server ${peer} connected.`),
      taken: () => this.#detail('SMTP alert successfully sent.'),
      complained: (message) => this.#say(message),
    };
    this.#world.deliver({ ...server, timeout: connectTimeout }, steps, progress).then((result) => {
      this.#underway -= 1;
      if (!result.ok) this.#failed(letter, result.error);
      this.#next();
      if (this.#underway === 0) this.#emptied();
    });
  }

  #failed(letter: Letter, { message, lasting }: SmtpFailure): void {
    const wait = lasting ? undefined : RETRY_AFTER[letter.attempts];
    letter.attempts += 1;
    if (letter.attempts === 1 && message !== undefined) this.#say(message);
    if (wait !== undefined) {
      if (letter.attempts === 1) this.#detail(`Will try to send "${letter.mail.subject}" again`);
      this.#later.push({ letter, at: after(this.#world.now(), wait) });
      this.#armTimer();
    } else if (!lasting) this.#say(`Giving up sending "${letter.mail.subject}"`);
  }

  #tryAgain(): void {
    const now = this.#world.now();
    const due = this.#later.filter(({ at }) => at <= now);
    this.#later = this.#later.filter(({ at }) => at > now);
    this.#queue.push(...due.map(({ letter }) => letter));
    this.#next();
    this.#armTimer();
  }

  #armTimer(): void {
    const first = this.#later.reduce<Instant | undefined>(
      (least, { at }) => (least === undefined || at < least ? at : least),
      undefined,
    );
    this.#timer.arm(first);
  }

  #detail(message: string): void {
    this.#world.log({ level: 'info', message, detail: true });
  }

  #say(message: string): void {
    this.#world.log({ level: 'info', message });
  }
}
