import type { Config } from '../config/types.ts';
import { withDifference } from '../ipc/config-difference.ts';
import type { BfdEvent, ChildOptions, ParentToChild, Role } from '../ipc/messages.ts';
import type { Observation, ObserverRequest } from '../ipc/observation.ts';
import { instant } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import type { ParentChannel } from '../os/channel.ts';
import { native } from '../os/native.ts';
import { onSignal } from '../os/processes/caught-signals.ts';
import { setFileCreationMask } from '../os/processes/processes.ts';
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
export function openChild(channel: ParentChannel, role: Role, parentPid: number): Promise<Child | undefined> {
  native.setParentDeathSignal(SIGTERM);
  if (process.ppid !== parentPid) return Promise.resolve(undefined);

  let ignoreSigint = false;
  let reload: ((config: Config) => void) | undefined;
  let signalled: ((signal: ChildSignal) => void) | undefined;
  let stop: (() => void) | undefined;
  let bfdChanged: ((event: BfdEvent) => void) | undefined;
  let observerAsked: ((request: ObserverRequest) => void) | undefined;
  const earlyBfd: BfdEvent[] = [];
  let describe: () => readonly string[] = () => [];
  let doing: () => string = () => 'starting';
  let scheduling: Scheduling | undefined;
  let stopping = false;
  let current: Config;
  let said: readonly string[] = [];
  let childOptions: ChildOptions;
  let finish: (status: number) => void = () => {};
  const finished = new Promise<number>((resolve) => {
    finish = resolve;
  });

  return new Promise((started) => {
    // Before the configuration is here, it is followed as soon as that is.
    const requestStop = (): void => {
      if (stopping) return;
      stopping = true;
      stop?.();
    };
    const orphaned = (): void => {
      started(undefined);
      requestStop();
    };
    onSignal((signal) => {
      if (signal === SIGXCPU) scheduling?.exceeded();
      const purpose = purposeOf(signal);
      if (purpose === 'STOP') {
        if (signal !== SIGINT || !ignoreSigint) requestStop();
      } else if (purpose === 'RELOAD') {
        channel.send({ type: 'reloadRequest' });
      } else if (purpose !== undefined) {
        const request = CHILD_SIGNALS[purpose];
        if (request !== undefined) signalled?.(request);
      }
    });
    channel.send({ type: 'listening' });
    channel.onDisconnect(orphaned);
    channel.onMessage((message) => {
      if (!isParentMessage(message)) {
        writeOutput('stderr', `${role}: unknown message from the parent refused`);
      } else if (message.type === 'ping') {
        channel.send({ type: 'pong', doing: doing() });
      } else if (message.type === 'reload') {
        if (stopping) return;
        current = withDifference(current, message);
        said = message.said;
        follow(role, current, childOptions);
        reload?.(current);
      } else if (message.type === 'bfd') {
        if (bfdChanged) bfdChanged(message);
        else earlyBfd.push(message);
      } else if (isObserverRequest(message)) {
        observerAsked?.(message);
      } else {
        current = message.config;
        said = message.said;
        childOptions = message.options;
        ignoreSigint = childOptions.ignoreSigint;
        follow(role, current, childOptions);
        started({ context: makeContext(message.config, message.options), finished });
      }
    });
  });

  function makeContext(config: Config, options: ChildOptions): ChildContext {
    const lastWords = new LastWords(role, options);
    channel.onDisconnect(() => lastWords.orphaned());
    const batch = new LogBatch((lines) => {
      if (process.ppid !== parentPid || !channel.send({ type: 'log', lines })) lastWords.write(lines);
      else if (stopping) lastWords.sent(lines);
    }, atEndOfTurn);
    const log: Log = (line) => {
      if (line.detail !== true || options.logDetail) batch.add(line);
    };
    const ownScheduling = new Scheduling(role, log);
    scheduling = ownScheduling;
    return {
      config,
      options,
      log,
      sayFindings: () => {
        for (const message of said) log({ level: 'info', message });
        said = [];
      },
      clock: { now: () => instant(native.monotonicNow()) },
      onReload: (callback) => {
        reload = callback;
      },
      onStop: (callback) => {
        stop = callback;
        if (stopping) callback();
      },
      onSignal: (callback) => {
        signalled = callback;
      },
      onPing: (callback) => {
        doing = callback;
      },
      mail: (subject, body) => {
        batch.flush();
        channel.send({ type: 'mail', subject, body });
      },
      scheduling: ownScheduling,
      onDescribe: (callback) => {
        describe = callback;
      },
      onBfd: (callback) => {
        bfdChanged = callback;
        for (const event of earlyBfd.splice(0)) callback(event);
      },
      onObserver: (callback) => {
        observerAsked = callback;
      },
      tellObserver: (event) => void channel.send(event),
      tellBfd: (event) => void channel.send(event),
      ready: () => {
        batch.flush();
        channel.send({ type: 'ready' });
        ownScheduling.apply(current.global.processes[role]);
        if (options.dumpConfig) for (const message of describe()) log({ level: 'info', message });
      },
      exit: (status) => {
        batch.flush();
        void channel.flushed().then(() => {
          lastWords.close();
          finish(status);
        });
      },
    };
  }
}

/** What a process itself goes by. */
function follow(role: Role, { global }: Config, { umask }: ChildOptions): void {
  setFileCreationMask(umask ?? global.umask);
  native.setProcessName(global.processNames[role] ?? 'keepalived');
}

const OBSERVER_REQUESTS = ['announce', 'survey', 'adjust', 'weigh'] as const satisfies ObserverRequest['type'][];

function isObserverRequest(message: ParentToChild): message is ObserverRequest {
  return (OBSERVER_REQUESTS as readonly string[]).includes(message.type);
}

const KNOWN_MESSAGES: ReadonlySet<string> = new Set([
  ...(['configure', 'reload', 'ping', 'bfd'] satisfies ParentToChild['type'][]),
  ...OBSERVER_REQUESTS,
]);

function isParentMessage(message: unknown): message is ParentToChild {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  return KNOWN_MESSAGES.has(String(message.type));
}
