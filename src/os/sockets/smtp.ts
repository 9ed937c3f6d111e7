import type { Socket } from 'node:net';
import { builtin } from '../builtin.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { SmtpFailure, SmtpProgress, SmtpReply, SmtpServer, SmtpStep } from '../../lib/smtp.ts';

/** A server that talks on without end is not listened to for ever. */
const LONGEST_REPLY = 64 * 1024;
const GOODBYE = 'QUIT\r\n';
/** What connect(2) refuses at once, and names that nobody knows. */
const NOT_TRIED: ReadonlySet<string> = new Set([
  ...['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'ENOTFOUND', 'EAI_AGAIN'],
]);

/**
 * Holds a dialogue with a mail server: each step is sent once the reply to the one before it is complete; after a reply that
 * none expects only QUIT follows. `timeout` is for the connection and for every reply. `takeReply` finds the first reply in what
 * has been received. Answers why the server did not take the message, when it did not.
 */
export function holdSmtpDialogue(
  server: SmtpServer,
  steps: readonly SmtpStep[],
  takeReply: (received: string) => SmtpReply | undefined,
  progress: SmtpProgress,
): Promise<Result<void, SmtpFailure>> {
  return new Promise((resolve) => new Dialogue(server, steps, takeReply, progress, resolve));
}

class Dialogue {
  readonly #socket: Socket;
  readonly #steps: readonly SmtpStep[];
  readonly #takeReply: (received: string) => SmtpReply | undefined;
  readonly #progress: SmtpProgress;
  readonly #resolve: (result: Result<void, SmtpFailure>) => void;
  #peer: string;
  #descriptor = -1;
  #connected = false;
  #taken = false;
  #over = false;
  #at = 0;
  #received = '';

  constructor(
    { host, port, timeout }: SmtpServer,
    steps: readonly SmtpStep[],
    takeReply: (received: string) => SmtpReply | undefined,
    progress: SmtpProgress,
    resolve: (result: Result<void, SmtpFailure>) => void,
  ) {
    this.#steps = steps;
    this.#takeReply = takeReply;
    this.#progress = progress;
    this.#resolve = resolve;
    this.#peer = `[${host}]:${port}`;
    const socket = builtin.net().connect({ host, port });
    this.#socket = socket;
    const rememberDescriptor = (): void => {
      this.#descriptor = descriptorOf(socket);
    };
    process.nextTick(rememberDescriptor);
    socket.once('lookup', () => process.nextTick(rememberDescriptor));
    socket.setEncoding('latin1');
    socket.setTimeout(timeout / 1000, () => this.#timedOut());
    socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error.code));
    socket.on('close', () => this.#fail(`Remote SMTP server ${this.#peer} has closed the connection.`));
    socket.on('connect', () => {
      this.#connected = true;
      this.#peer = `[${socket.remoteAddress}]:${port}`;
      progress.connected(this.#peer);
    });
    socket.on('data', (chunk: string) => this.#hear(chunk));
  }

  #hear(chunk: string): void {
    if (this.#over) return void this.#socket.destroy();
    this.#received += chunk;
    let reply = this.#takeReply(this.#received);
    // What was sent ahead of a command is taken as its answer.
    for (; reply && !this.#over; reply = this.#takeReply(this.#received)) {
      this.#received = reply.rest;
      this.#answered(reply.code);
    }
    if (this.#received.length > LONGEST_REPLY) this.#fail(`The reply of SMTP server ${this.#peer} has no end`);
  }

  #answered(code: number): void {
    const step = this.#steps[this.#at];
    if (step === undefined) return;
    if (code !== step.expect) {
      const message = `Error processing ${step.name} cmd on SMTP server ${this.#peer}. SMTP status code = ${code}`;
      this.#fail(message, code < 400 || code > 499);
      return;
    }
    if (step.last) {
      this.#taken = true;
      this.#progress.taken();
    }
    this.#at += 1;
    const next = this.#steps[this.#at];
    if (next?.send !== undefined) this.#socket.write(next.send);
    else this.#finish(ok(undefined));
  }

  #timedOut(): void {
    if (this.#over) return void this.#socket.destroy();
    const what = this.#connected ? 'reading data' : 'opening connection';
    this.#fail(`Timeout ${what} to remote SMTP server ${this.#peer}.`);
  }

  /** keepalived is silent where the kernel refuses to try at all. */
  #failed(code: string | undefined): void {
    const message = `smtp fd ${this.#descriptor} returned ${this.#connected ? 'read' : 'write'} error`;
    this.#fail(code !== undefined && NOT_TRIED.has(code) ? undefined : message);
  }

  /** With a server that has the message already, that is all there is to say. */
  #fail(message: string | undefined, lasting = false): void {
    if (this.#over) return;
    if (this.#taken && message !== undefined) this.#progress.complained(message);
    this.#finish(this.#taken ? ok(undefined) : err({ message, lasting }));
  }

  /** A refusal is answered by QUIT; the connection ends with the reply to that. */
  #finish(result: Result<void, SmtpFailure>): void {
    this.#over = true;
    this.#resolve(result);
    const saidGoodbye = this.#steps[this.#at] === undefined || this.#taken;
    if (this.#socket.destroyed || !this.#connected || saidGoodbye) this.#socket.destroy();
    else this.#socket.write(GOODBYE);
  }
}

/** Of the kernel, for the log only; Node has no public name for it. */
function descriptorOf(socket: Socket): number {
  return (socket as unknown as { readonly _handle?: { readonly fd?: number } | null })._handle?.fd ?? -1;
}

/** Wall time as mail headers have it (RFC 5322, section 3.3): "Sat, 21 Nov 2026 05:07:55 +0000". */
export function mailDate(at = new Date()): string {
  const [weekday, month, day, year, time] = at.toString().split(' ');
  const zone = /GMT([+-]\d{4})/.exec(at.toString())?.[1] ?? '+0000';
  return `${weekday}, ${day} ${month} ${year} ${time} ${zone}`;
}
