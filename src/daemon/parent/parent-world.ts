import type { GlobalRuntime } from '../../report/runtime.ts';
import type { LoadedConfig } from '../../config/load.ts';
import type { Config, TimedScript } from '../../config/types.ts';
import type { Role } from '../../ipc/messages.ts';
import type { Duration, Instant } from '../../lib/duration.ts';
import type { Log, LogLine } from '../../lib/log.ts';
import type { Result } from '../../lib/result.ts';
import type { RunningScript, ScriptResult } from '../../os/processes/exec.ts';
import type { CpuTime, ForkEvents, ForkedProcess } from '../../os/processes/processes.ts';
import type { SmtpFailure, SmtpProgress, SmtpServer, SmtpStep } from '../../lib/smtp.ts';
import type { Timer } from '../../ports/timer.ts';
import type { PidFiles } from './claim.ts';
import type { LogSource } from './logger.ts';
import type { MailerWorld } from './mailer.ts';
import { type Identity, pidPaths, statusSocket } from '../paths.ts';
import type { StatusHost } from './status-service.ts';
import type { Options } from '../command/options.ts';
import type { TimedReloadWorld } from './timed-reload.ts';
import { EVENKEEL_VERSION, KEEPALIVED_VERSION, type SystemFacts } from '../command/version.ts';

/** Everything that the parent asks of the system, so that a test can be the system. */
export interface ParentWorld {
  readonly pid: number;
  /** The command line with the program's name. */
  readonly words: readonly string[];
  readonly facts: SystemFacts;
  now(): Instant;
  openTimer(expired: () => void): Timer;
  log(line: LogLine, source: LogSource): void;
  onSignal(received: (signal: number) => void): void;
  fork(role: Role, events: ForkEvents): ForkedProcess;
  /** The children that a glance at the configuration file suggests, to be started beside reading it. */
  likelyChildren(): readonly Role[];
  load(): Promise<LoadedConfig>;
  /** What -t would say of the configuration, its report written to a file; keepalived's exit status. */
  testConfiguration(reportPath: string): Promise<number>;
  /** Makes an empty file for everybody to see, or removes it. */
  mark(path: string, present: boolean): void;
  /** config_save_dir: keeps a copy of what was read; `serial` counts them. */
  saveConfiguration(config: Config, serial: number): void;
  /** The wall time. */
  wallClock(): Date;
  /** Calls `changed` whenever the file appears, is written or goes. */
  watchFile(path: string, changed: () => void): { close(): void } | undefined;
  /** The first line of a file; undefined when it cannot be read. */
  firstLine(path: string): string | undefined;
  /** Moves this process and its later children into a network namespace; what to say when that fails. */
  enterNamespace(name: string): string | undefined;
  /** Makes the directory of pid files for daemons with a name of their own. */
  preparePidDirectory(identity: Identity): void;
  readonly pidFiles: PidFiles;
  /** Gives `answer` to everybody who connects to the socket at `path`; `failed` hears why it cannot be made. */
  serve(path: string, answer: () => Promise<string>, failed: (error: Error) => void): { close(): void };
  /** Leaves the caller's directory and lets the caller go on, unless we stay in the foreground. */
  daemonise(): void;
  setUmask(mask: number): void;
  setProcessName(name: string): void;
  /** Runs a script of the global configuration; after its limit it is `expired` and told to end, and killed 2 s later. */
  runScript(script: TimedScript, expired: () => void, ended: (result: ScriptResult) => void): RunningScript | undefined;
  /** The wall time as mail headers have it. */
  mailDate(): string;
  /** Hands a message to a mail server; why it was not taken. */
  deliverMail(
    server: SmtpServer,
    steps: readonly SmtpStep[],
    progress: SmtpProgress,
  ): Promise<Result<void, SmtpFailure>>;
  /** Tells systemd, where it is listening. */
  notifySystemd(state: string): void;
  processorTimes(): { readonly self: CpuTime; readonly children: CpuTime };
  /** The start is over: what was left for later may happen. */
  settle(): void;
  /** Writes what SIGUSR1 asks for. */
  dumpParentData(config: Config, identity: Identity, runtime: GlobalRuntime): void;
  /** The end: the system gets back what was changed in it. */
  giveBack(identity: Identity): void;
}

/** What reload_time_file is followed with. */
export function timedReloadWorld(world: ParentWorld, log: Log, reload: () => void): TimedReloadWorld {
  return {
    log,
    reload,
    now: () => world.now(),
    openTimer: (expired) => world.openTimer(expired),
    wallClock: () => world.wallClock(),
    watchFile: (path, changed) => world.watchFile(path, changed),
    firstLine: (path) => world.firstLine(path),
    removeFile: (path) => world.mark(path, false),
  };
}

/** What alerts are sent with. */
export function mailerWorld(world: ParentWorld, log: Log): MailerWorld {
  return {
    log,
    now: () => world.now(),
    openTimer: (expired) => world.openTimer(expired),
    date: () => world.mailDate(),
    deliver: (...how) => world.deliverMail(...how),
  };
}

/** What `evenkeel status` is answered with. */
export function statusWorld(
  world: ParentWorld,
  options: Options,
  identity: () => Identity,
  log: Log,
): Pick<StatusHost, 'daemon' | 'serve' | 'wallClock'> {
  const failed = (error: Error): void => {
    log({ level: 'info', message: `The state cannot be asked for: ${error.message}` });
  };
  return {
    daemon: {
      version: `${KEEPALIVED_VERSION}, Evenkeel v${EVENKEEL_VERSION}`,
      pid: world.pid,
      configurationFile: options.configFile,
    },
    serve: (answer) => world.serve(statusSocket(pidPaths(options, identity()).parent), answer, failed),
    wallClock: () => world.wallClock().getTime() * 1000,
  };
}

/** Resolves after `span`, or as soon as what `subscribe` is given has been called. */
export function waitUntil(world: ParentWorld, span: Duration, subscribe: (wake: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = world.openTimer(() => {
      timer.close();
      resolve();
    });
    timer.arm((world.now() + span) as Instant);
    subscribe(() => {
      timer.close();
      resolve();
    });
  });
}
