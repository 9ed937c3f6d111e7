import type { Config } from '../config/types.ts';
import { withDifference } from '../ipc/config-difference.ts';
import type { BfdEvent, ChildOptions, ParentToChild, Role } from '../ipc/messages.ts';
import type { Observation, ObserverRequest } from '../ipc/observation.ts';
import { instant } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import type { Channel } from '../os/channel.ts';
import { native } from '../os/native.ts';
import { optimise } from '../os/optimiser.ts';
import { onSignal } from '../os/processes/caught-signals.ts';
import { setFileCreationMask } from '../os/processes/processes.ts';
import { parentProcessId } from '../os/processes/this-process.ts';
import { writeOutput } from '../os/program.ts';
import { atEndOfTurn } from '../os/turn.ts';
import type { Clock } from '../ports/timer.ts';
import { LastWords } from './last-words.ts';
import { LogBatch } from './log-batch.ts';
import { Scheduling } from './scheduling.ts';
import { purposeOf, SIGINT, SIGTERM, SIGXCPU } from './signals.ts';

/** An operator's request to a child: data dump, statistics, statistics then zero, JSON dump. */
export type ChildSignal = 'data' | 'stats' | 'statsClear' | 'json';

/** What the parent gives a child process to work with. */
export interface ChildContext {
  readonly config: Config;
  readonly options: ChildOptions;
  /** Lines go to the parent's log; to its places directly once the parent is gone. Detail lines need -D. */
  readonly log: Log;
  /** Logs what was found to say of the configuration that has come last. */
  sayFindings(): void;
  readonly clock: Clock;
  /** The parent has read a new configuration. Answer with `ready` when it has been taken over. */
  onReload(reload: (config: Config) => void): void;
  /** SIGTERM, SIGINT, or the parent is gone; called once. Finish with `exit`. */
  onStop(stop: () => void): void;
  /** A request that this process has nothing for is not answered. */
  onSignal(received: (signal: ChildSignal) => void): void;
  /** -d: what is to be logged whenever a configuration has been taken over. */
  onDescribe(describe: () => readonly string[]): void;
  /** A BFD session that somebody here may track has changed, or its state is told anew. */
  onBfd(changed: (event: BfdEvent) => void): void;
  /** Tells the parent, and through it whoever tracks the session. */
  tellBfd(event: BfdEvent): void;
  /** Somebody outside, on D-Bus or SNMP, asks something of this process. */
  onObserver(asked: (request: ObserverRequest) => void): void;
  tellObserver(event: Observation): void;
  /** What the process is doing, in a few words. */
  onPing(doing: () => string): void;
  /** Queues an alert; nobody waits for its delivery. */
  mail(subject: string, body: string): void;
  readonly scheduling: Scheduling;
  /** The configuration has been taken over (start or reload). */
  ready(): void;
  /** Ends the process with `status` once everything logged has left it. */
  exit(status: number): void;
}

export interface Child {
  readonly context: ChildContext;
  /** Settles with the exit status. */
  readonly finished: Promise<number>;
}

const CHILD_SIGNALS: Readonly<Record<string, ChildSignal>> = {
  DATA: 'data',
  STATS: 'stats',
  STATS_CLEAR: 'statsClear',
  JSON: 'json',
};

/**
 * Makes this process a child of `parentPid`: its death ends us, signals arrive as events, and the first message is the
 * configuration. Undefined when the parent went away before sending one.
 */
export function openChild(channel: Channel, role: Role, parentPid: number): Promise<Child | undefined> {
  native.setParentDeathSignal(SIGTERM);
  if (parentProcessId() !== parentPid) return Promise.resolve(undefined);
  const line = new ParentLine(channel, role);
  return new Promise((started) => {
    line.open({
      configured: (part) => started(childOf(line, part, parentPid)),
      orphaned: () => started(undefined),
    });
  });
}

/** What is this process's to follow. */
interface Part {
  readonly config: Config;
  readonly options: ChildOptions;
}

/** Who of this process wants to be told of what. */
interface Callbacks {
  reload?: (config: Config) => void;
  signal?: (signal: ChildSignal) => void;
  bfd?: (event: BfdEvent) => void;
  observer?: (request: ObserverRequest) => void;
  doing?: () => string;
  /** SIGXCPU. */
  limitExceeded?: () => void;
}

/** What the parent says, by message or signal, on its way to whoever asked for it. */
class ParentLine {
  readonly channel: Channel;
  readonly role: Role;
  readonly callbacks: Callbacks = {};
  readonly #earlyBfd: BfdEvent[] = [];
  #stop: (() => void) | undefined;
  #stopping = false;
  #part: Part | undefined;
  #said: readonly string[] = [];

  constructor(channel: Channel, role: Role) {
    this.channel = channel;
    this.role = role;
  }

  /** `configured` is called with the first message, `orphaned` when the parent is gone. */
  open({ configured, orphaned }: { configured(part: Part): void; orphaned(): void }): void {
    onSignal((signal) => this.#takeSignal(signal));
    this.channel.send({ type: 'listening' });
    this.channel.onDisconnect(() => {
      orphaned();
      this.#requestStop();
    });
    this.channel.onMessage((message) => {
      if (!isParentMessage(message)) writeOutput('stderr', `${this.role}: unknown message from the parent refused`);
      else if (message.type !== 'configure') this.#takeMessage(message);
      else {
        const part = { config: withDifference(undefined, message), options: message.options };
        this.#part = part;
        this.#said = message.said;
        follow(this.role, part.config, part.options);
        configured(part);
      }
    });
  }

  /** The configuration that has come last. */
  get config(): Config {
    if (!this.#part) throw new Error('no configuration has come yet');
    return this.#part.config;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** A request to stop that has come before is followed at once. */
  onStop(stop: () => void): void {
    this.#stop = stop;
    if (this.#stopping) stop();
  }

  onBfd(changed: (event: BfdEvent) => void): void {
    this.callbacks.bfd = changed;
    for (const event of this.#earlyBfd.splice(0)) changed(event);
  }

  /** What was found to say of the configuration that has come last; the next time nothing. */
  takeFindings(): readonly string[] {
    const said = this.#said;
    this.#said = [];
    return said;
  }

  #requestStop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#stop?.();
  }

  #takeSignal(signal: number): void {
    if (signal === SIGXCPU) this.callbacks.limitExceeded?.();
    const purpose = purposeOf(signal);
    if (purpose === undefined) return;
    if (purpose === 'STOP') {
      if (signal !== SIGINT || this.#part?.options.ignoreSigint !== true) this.#requestStop();
    } else if (purpose === 'RELOAD') {
      this.channel.send({ type: 'reloadRequest' });
    } else {
      const request = CHILD_SIGNALS[purpose];
      if (request !== undefined) this.callbacks.signal?.(request);
    }
  }

  #takeMessage(message: Exclude<ParentToChild, Part>): void {
    const { callbacks } = this;
    switch (message.type) {
      case 'ping':
        this.channel.send({ type: 'pong', doing: callbacks.doing?.() ?? 'starting' });
        break;
      case 'reload':
        this.#reload(message);
        break;
      case 'bfd':
        if (callbacks.bfd) callbacks.bfd(message);
        else this.#earlyBfd.push(message);
        break;
      default:
        callbacks.observer?.(message);
    }
  }

  #reload(message: Extract<ParentToChild, { type: 'reload' }>): void {
    if (this.#stopping || !this.#part) return;
    const { options } = this.#part;
    const config = withDifference(this.#part.config, message);
    this.#part = { config, options };
    this.#said = message.said;
    follow(this.role, config, options);
    this.callbacks.reload?.(config);
  }
}

function childOf(line: ParentLine, { config, options }: Part, parentPid: number): Child {
  const { channel, role, callbacks } = line;
  const lastWords = new LastWords(role, options);
  channel.onDisconnect(() => lastWords.orphaned());
  const batch = new LogBatch((lines) => {
    if (parentProcessId() !== parentPid || !channel.send({ type: 'log', lines })) lastWords.write(lines);
    else if (line.stopping) lastWords.sent(lines);
  }, atEndOfTurn);
  const log: Log = (entry) => {
    if (entry.detail !== true || options.logDetail) batch.add(entry);
  };
  const inform = (messages: readonly string[]): void => {
    for (const message of messages) log({ level: 'info', message });
  };
  const scheduling = new Scheduling(role, log);
  callbacks.limitExceeded = () => scheduling.exceeded();
  let describe: () => readonly string[] = () => [];
  let finish: (status: number) => void = () => {};
  const finished = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const context: ChildContext = {
    config,
    options,
    log,
    scheduling,
    sayFindings: () => inform(line.takeFindings()),
    clock: { now: () => instant(native.monotonicNow()) },
    onReload: (reload) => {
      callbacks.reload = reload;
    },
    onStop: (stop) => line.onStop(stop),
    onSignal: (received) => {
      callbacks.signal = received;
    },
    onDescribe: (lines) => {
      describe = lines;
    },
    onBfd: (changed) => line.onBfd(changed),
    tellBfd: (event) => void channel.send(event),
    onObserver: (asked) => {
      callbacks.observer = asked;
    },
    tellObserver: (event) => void channel.send(event),
    onPing: (doing) => {
      callbacks.doing = doing;
    },
    mail: (subject, body) => {
      batch.flush();
      channel.send({ type: 'mail', subject, body });
    },
    ready: () => {
      batch.flush();
      channel.send({ type: 'ready' });
      optimise();
      scheduling.apply(line.config.global.processes[role]);
      if (options.dumpConfig) inform(describe());
    },
    exit: (status) => {
      batch.flush();
      void channel.flushed().then(() => {
        lastWords.close();
        finish(status);
      });
    },
  };
  return { context, finished };
}

/** What a process itself goes by. */
function follow(role: Role, { global }: Config, { umask }: ChildOptions): void {
  setFileCreationMask(umask ?? global.umask);
  native.setProcessName(global.processNames[role] ?? 'keepalived');
}

const OBSERVER_REQUESTS = ['announce', 'survey', 'adjust', 'weigh'] as const satisfies ObserverRequest['type'][];

const KNOWN_MESSAGES: ReadonlySet<string> = new Set([
  ...(['configure', 'reload', 'ping', 'bfd'] satisfies ParentToChild['type'][]),
  ...OBSERVER_REQUESTS,
]);

function isParentMessage(message: unknown): message is ParentToChild {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  return KNOWN_MESSAGES.has(String(message.type));
}
