import type { Config } from '../../config/types.ts';
import { differenceFrom } from '../../ipc/config-difference.ts';
import type { BfdEvent, ChildOptions, ChildToParent, MailMessage, Role } from '../../ipc/messages.ts';
import type { Observation, ObserverRequest } from '../../ipc/observation.ts';
import { after, type Instant, seconds } from '../../lib/duration.ts';
import type { LogLine } from '../../lib/log.ts';
import type { PidFile, PidFileRefusal } from '../../os/files/pid-file.ts';
import type { ForkEvents, ForkedProcess, ProcessEnd } from '../../os/processes/processes.ts';
import type { Timer } from '../../ports/timer.ts';
import type { ProcessFacts } from '../../report/status/status.ts';
import { SIGKILL, SIGTERM } from '../signals.ts';
import { Heartbeat } from './heartbeat.ts';
import { type Backoff, CHILD_IDENTS, CHILD_NAMES, describeExit, freshBackoff, judge } from './supervisor.ts';

/** What a slot needs from the parent. */
export interface SlotHost {
  fork(role: Role, events: ForkEvents): ForkedProcess;
  openTimer(expired: () => void): Timer;
  now(): Instant;
  lockPidFile(path: string): PidFile | PidFileRefusal;
  /** The parent's own lines. */
  log(line: LogLine): void;
  /** A line that a child said. */
  relay(role: Role, pid: number, line: LogLine): void;
  readonly dontRespawn: boolean;
  childOptions(): ChildOptions;
  /** The child has taken its configuration over, or has died before it could. */
  settled(): void;
  /** A stopped child is gone. */
  stopped(): void;
  /** The BFD child tells of a session. */
  bfdChanged(event: BfdEvent): void;
  /** What is known of every session, for a child that starts now. */
  bfdStates(): Iterable<BfdEvent>;
  /** A child tells those who watch from outside. */
  observed(event: Observation): void;
  /** A child has an alert to send. */
  mail(mail: MailMessage): void;
  /** A child was sent SIGHUP. */
  reloadRequested(): void;
  /** A child's end means the daemon's. */
  terminate(status: number): void;
}

type Phase =
  | { readonly kind: 'idle' }
  /** Started before the configuration is known, so that it is ready when the configuration is. */
  | { readonly kind: 'waiting'; readonly process: ForkedProcess }
  | { readonly kind: 'running'; readonly process: ForkedProcess }
  | { readonly kind: 'delayed'; readonly timer: Timer }
  /** `unheard`: how it ends is our doing and nobody's news. */
  | { readonly kind: 'stopping'; readonly process: ForkedProcess; readonly unheard: boolean };

/** The place of one child process: started, respawned, reloaded and stopped here. */
export class ChildSlot {
  readonly role: Role;
  readonly #host: SlotHost;
  /** The process that has said so; a signal before that would end it. */
  #listening: ForkedProcess | undefined;
  /** What waits for that. */
  readonly #undelivered = new Set<number>();
  #heartbeat: Heartbeat | undefined;
  #phase: Phase = { kind: 'idle' };
  #backoff: Backoff;
  #config: Config | undefined;
  /** What reading that gave the child to say. */
  #said: readonly string[] = [];
  #pidFile: PidFile | undefined;
  /** Where the file is to be made when this child is wanted again. */
  #pidPath: string | undefined;
  #settled = true;
  #restarts = 0;

  constructor(role: Role, host: SlotHost) {
    this.role = role;
    this.#host = host;
    this.#backoff = freshBackoff(host.now());
  }

  /** Nobody waits for this child: it has the newest configuration, or there is none of it. */
  get settled(): boolean {
    return this.#settled;
  }

  /** It has been configured and not been told to end. */
  get wanted(): boolean {
    return this.#config !== undefined;
  }

  get facts(): ProcessFacts {
    const pid = this.#phase.kind === 'running' ? { pid: this.#phase.process.pid } : {};
    return { role: this.role, restarts: this.#restarts, ...pid };
  }

  get gone(): boolean {
    return this.#phase.kind === 'idle' || this.#phase.kind === 'delayed';
  }

  /** Where this child's pid file is, and the file, locked, when the child is needed. */
  own(path: string, file: PidFile | undefined): void {
    this.#pidPath = path;
    this.#pidFile = file;
  }

  /** Starts the process without a configuration yet. */
  prepare(): void {
    if (this.#phase.kind === 'idle') this.#phase = { kind: 'waiting', process: this.#fork() };
  }

  /**
   * Gives the child `config`, starting it when it is not there: after this it is wanted.
   *
   * @param said what it finds to say of that
   */
  configure(config: Config, said: readonly string[]): void {
    const before = this.#config;
    this.#config = config;
    this.#said = said;
    switch (this.#phase.kind) {
      case 'running':
        this.#settled = false;
        this.#phase.process.send({ type: 'reload', said, ...differenceFrom(before, config) });
        break;
      case 'stopping':
        this.#settled = false;
        break;
      case 'delayed':
        // It starts with this when its time has come.
        break;
      case 'waiting':
        this.#start(this.#phase.process, config);
        break;
      default:
        this.#start(this.#fork(), config);
    }
  }

  /** Tells a running child of a BFD session. */
  tell(event: BfdEvent): void {
    if (this.role !== 'bfd' && this.#phase.kind === 'running') this.#phase.process.send(event);
  }

  /** Passes on what somebody outside asks of a running child; false where there is none. */
  ask(request: ObserverRequest): boolean {
    if (this.#phase.kind !== 'running') return false;
    this.#phase.process.send(request);
    return true;
  }

  /** A line in the name of the child, if there is one. */
  say(message: string): void {
    const line = { level: 'info', message } as const;
    if (this.#phase.kind === 'running' || this.#phase.kind === 'waiting')
      this.#host.relay(this.role, this.#phase.process.pid, line);
    else this.#host.log(line);
  }

  /** Passes a signal on to a running child, as soon as it can take it. */
  signal(signal: number): void {
    if (this.#phase.kind !== 'running') return;
    if (this.#phase.process === this.#listening) this.#phase.process.kill(signal);
    else this.#undelivered.add(signal);
  }

  /** Ends the child for good, or until it is configured again. */
  stop(): void {
    this.#config = undefined;
    this.#settled = true;
    if (this.#phase.kind === 'running' || this.#phase.kind === 'waiting') {
      const { kind, process } = this.#phase;
      this.#phase = { kind: 'stopping', process, unheard: kind === 'waiting' || process !== this.#listening };
      this.#heartbeat?.close();
      this.#heartbeat = undefined;
      if (kind === 'waiting') process.kill(SIGKILL);
      else if (process === this.#listening) process.kill(SIGTERM);
      // It has to begin first: what a killed predecessor has left in the kernel is for it to undo.
      else this.#undelivered.add(SIGTERM);
      return;
    }
    if (this.#phase.kind === 'stopping') return;
    if (this.#phase.kind === 'delayed') this.#phase.timer.close();
    this.#phase = { kind: 'idle' };
    this.#removePidFile();
  }

  /** Ends a child that has not followed `stop`. */
  kill(): void {
    if (this.#phase.kind !== 'stopping') return;
    this.#host.log({ level: 'info', message: `${this.role} process failed to die - forcing termination` });
    const { process } = this.#phase;
    this.#phase = { kind: 'stopping', process, unheard: true };
    process.kill(SIGKILL);
  }

  #fork(): ForkedProcess {
    const process = this.#host.fork(this.role, {
      message: (message) => this.#received(process, message),
      end: (end) => this.#ended(process, end),
    });
    return process;
  }

  #start(process: ForkedProcess, config: Config): void {
    this.#phase = { kind: 'running', process };
    this.#settled = false;
    this.#backoff = { ...this.#backoff, startedAt: this.#host.now() };
    this.#undelivered.clear();
    this.#lockPidFile();
    if (process === this.#listening) this.#pidFile?.write(process.pid);
    const message = `Starting ${CHILD_NAMES[this.role]} child process, pid=${process.pid}`;
    this.#host.log({ level: 'info', message });
    this.#heartbeat = this.#watch(process);
    const pidFile = this.#pidFile && { pidFile: this.#pidFile.path };
    const respawned = this.#restarts > 0 && ({ respawned: true } as const);
    const options = { ...this.#host.childOptions(), ...respawned, ...pidFile };
    process.send({ type: 'configure', said: this.#said, options, ...differenceFrom(undefined, config) });
    for (const event of this.#host.bfdStates()) this.tell(event);
  }

  /** With -R a child's end is the daemon's, so a stuck one is left to whoever looks for the reason. */
  #watch(process: ForkedProcess): Heartbeat | undefined {
    if (this.#host.dontRespawn) return undefined;
    return new Heartbeat({
      now: () => this.#host.now(),
      openTimer: (expired) => this.#host.openTimer(expired),
      ping: () => void process.send({ type: 'ping' }),
      activity: () => process.activity(),
      loading: () => !this.#settled,
      stuck: (span, last) => {
        const silent = `is alive but does not answer since ${Math.round(span / seconds(1))} seconds (last heard: ${last})`;
        const name = CHILD_NAMES[this.role];
        this.#host.log({ level: 'alert', message: `${name} child process(${process.pid}) ${silent} - replacing it` });
        process.kill(SIGKILL);
      },
    });
  }

  #lockPidFile(): void {
    if (this.#pidFile !== undefined || this.#pidPath === undefined) return;
    const file = this.#host.lockPidFile(this.#pidPath);
    if (typeof file !== 'string') this.#pidFile = file;
  }

  #removePidFile(): void {
    this.#pidFile?.remove();
    this.#pidFile = undefined;
  }

  #received(process: ForkedProcess, message: unknown): void {
    if (!isChildMessage(message)) {
      this.#host.log({ level: 'err', message: `Unknown message from the ${this.role} process refused` });
    } else if (message.type === 'log') {
      for (const line of message.lines) this.#host.relay(this.role, process.pid, line);
    } else if (message.type === 'listening') {
      this.#hears(process);
    } else if (message.type === 'bfd') {
      this.#host.bfdChanged(message);
    } else if (message.type === 'pong') {
      this.#heartbeat?.answered(message.doing);
    } else if (isObservation(message)) {
      this.#host.observed(message);
    } else if (message.type === 'mail') {
      this.#host.mail(message);
    } else if (message.type === 'reloadRequest') {
      this.#host.reloadRequested();
    } else {
      this.#settled = true;
      this.#host.settled();
    }
  }

  /** Whoever reads the pid file may send signals, so only now is there anything to read. */
  #hears(process: ForkedProcess): void {
    this.#listening = process;
    if (this.#phase.kind === 'running') this.#pidFile?.write(process.pid);
    else if (this.#phase.kind !== 'stopping') return;
    for (const signal of this.#undelivered) process.kill(signal);
    this.#undelivered.clear();
  }

  #ended(process: ForkedProcess, end: ProcessEnd): void {
    const before = this.#phase;
    const config = this.#config;
    this.#heartbeat?.close();
    this.#heartbeat = undefined;
    this.#phase = { kind: 'idle' };
    if (before.kind === 'waiting') return;
    if (before.kind === 'stopping' || config === undefined) {
      this.#hasStopped(before.kind === 'stopping' && before.unheard ? undefined : end);
      return;
    }
    const child = { role: this.role, pid: process.pid, backoff: this.#backoff };
    const { verdict, lines } = judge(child, end, this.#host.now(), this.#host.dontRespawn);
    for (const line of lines) this.#host.log(line);
    this.#settled = true;
    if (verdict.kind === 'terminate') {
      this.#removePidFile();
      this.#host.terminate(verdict.status);
      return;
    }
    this.#restarts += 1;
    this.#backoff = verdict.backoff;
    if (verdict.after < seconds(1)) this.#start(this.#fork(), config);
    else this.#delay(verdict.after);
    this.#host.settled();
  }

  #hasStopped(end: ProcessEnd | undefined): void {
    if (end !== undefined) {
      for (const line of describeExit(CHILD_IDENTS[this.role], end)) this.#host.log(line);
    }
    // It may have become wanted again while it was on its way out.
    if (this.#config !== undefined) this.#start(this.#fork(), this.#config);
    else this.#removePidFile();
    this.#host.stopped();
  }

  #delay(span: number): void {
    const timer = this.#host.openTimer(() => {
      timer.close();
      if (this.#config !== undefined) this.#start(this.#fork(), this.#config);
    });
    timer.arm(after(this.#host.now(), span));
    this.#phase = { kind: 'delayed', timer };
  }
}

const OBSERVATIONS = [
  'shown',
  'changed',
  'refused',
  'serviceChanged',
  'survey',
  'checkerSurvey',
] as const satisfies Observation['type'][];

function isObservation(message: ChildToParent): message is Observation {
  return (OBSERVATIONS as readonly string[]).includes(message.type);
}

const KNOWN_MESSAGES: ReadonlySet<string> = new Set([
  'listening',
  'ready',
  'log',
  'pong',
  'mail',
  'reloadRequest',
  'bfd',
  ...OBSERVATIONS,
] satisfies ChildToParent['type'][]);

function isChildMessage(message: unknown): message is ChildToParent {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  return KNOWN_MESSAGES.has(String(message.type)) && (message.type !== 'log' || 'lines' in message);
}
