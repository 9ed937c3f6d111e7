import type { LoadedConfig } from '../../src/config/load.ts';
import { standardDefaults } from '../../src/config/resolve-defaults.ts';
import type { Config, GlobalConfig, TimedScript } from '../../src/config/types.ts';
import type { ParentWorld } from '../../src/daemon/parent/parent-world.ts';
import type { Role } from '../../src/ipc/messages.ts';
import { type Instant, instant, seconds } from '../../src/lib/duration.ts';
import type { Result } from '../../src/lib/result.ts';
import type { SmtpFailure, SmtpServer, SmtpStep } from '../../src/lib/smtp.ts';
import type { Diagnostic } from '../../src/lib/diagnostic.ts';
import type { PidFiles } from '../../src/daemon/parent/claim.ts';
import type { RunningScript, ScriptResult } from '../../src/os/processes/exec.ts';
import type { ForkEvents, ForkedProcess, ProcessEnd, ProcessActivity } from '../../src/os/processes/processes.ts';
import type { Timer } from '../../src/ports/timer.ts';

/** A child process that does what the test says. */
export class FakeChild implements ForkedProcess {
  readonly role: Role;
  readonly pid: number;
  readonly sent: { readonly type: string }[] = [];
  readonly signals: number[] = [];
  readonly #events: ForkEvents;

  constructor(role: Role, pid: number, events: ForkEvents) {
    this.role = role;
    this.pid = pid;
    this.#events = events;
  }

  send(message: object): boolean {
    this.sent.push(message as { type: string });
    return true;
  }

  kill(signal: number): void {
    this.signals.push(signal);
  }

  /** It sleeps. */
  activity(): ProcessActivity {
    return { runnable: false, used: 0 };
  }

  ready(): void {
    this.#events.message({ type: 'ready' });
  }

  says(message: unknown): void {
    this.#events.message(message);
  }

  end(end: ProcessEnd | number): void {
    this.#events.end(typeof end === 'number' ? { kind: 'status', status: end } : end);
  }
}

interface FakeTimer extends Timer {
  at: Instant | undefined;
  readonly expired: () => void;
}

/** A system that keeps a journal of everything asked of it. Time passes only through `advance`. */
export class FakeWorld implements ParentWorld {
  readonly pid = 100;
  readonly words = ['keepalived', '-n'];
  readonly facts = {
    kernel: { name: 'Linux', release: '6.1.0', version: '#1 SMP' },
    distribution: 'Debian',
    nodeVersion: 'v20.0.0',
  };
  readonly journal: string[] = [];
  readonly children: FakeChild[] = [];
  likely: Role[] = [];
  childrenListen = true;
  loads: (LoadedConfig | Promise<LoadedConfig>)[] = [];
  locked: string[] = [];
  unopenable: string[] = [];
  mask: number | undefined;
  processName: string | undefined;
  missingNamespaces: string[] = [];
  /** The script that runs; it ends by itself at once unless `scriptsLast`. */
  script: { readonly expired: () => void; readonly ended: (result: ScriptResult) => void } | undefined;
  scriptsLast = false;
  /** What operators are answered, and where. */
  status: { readonly path: string; readonly answer: () => Promise<string> } | undefined;
  #now = instant(1_000_000);
  #timers: FakeTimer[] = [];
  #signalled: (signal: number) => void = () => {};

  /** Only log lines. */
  get lines(): string[] {
    return this.journal.filter((entry) => entry.startsWith('log ')).map((entry) => entry.slice(4));
  }

  child(role: Role): FakeChild {
    const child = this.children.findLast((candidate) => candidate.role === role);
    if (child === undefined) throw new Error(`no ${role} child`);
    return child;
  }

  signal(signal: number): void {
    this.#signalled(signal);
  }

  advance(span: number): void {
    this.#now = instant(this.#now + span);
    for (const timer of [...this.#timers]) {
      if (timer.at === undefined || timer.at > this.#now) continue;
      timer.at = undefined;
      timer.expired();
    }
  }

  now(): Instant {
    return this.#now;
  }

  openTimer(expired: () => void): Timer {
    const timer: FakeTimer = {
      at: undefined,
      expired,
      arm(at) {
        this.at = at;
      },
      close: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
    this.#timers.push(timer);
    return timer;
  }

  log(line: { readonly message: string; readonly detail?: boolean }): void {
    if (line.detail !== true) this.journal.push(`log ${line.message}`);
  }

  onSignal(received: (signal: number) => void): void {
    this.#signalled = received;
  }

  fork(role: Role, events: ForkEvents): ForkedProcess {
    const child = new FakeChild(role, 201 + this.children.length, events);
    this.children.push(child);
    if (this.childrenListen) queueMicrotask(() => child.says({ type: 'listening' }));
    this.journal.push(`fork ${role}`);
    return child;
  }

  likelyChildren(): readonly Role[] {
    return this.likely;
  }

  async load(): Promise<LoadedConfig> {
    this.journal.push('load');
    const next = this.loads.shift();
    if (next === undefined) throw new Error('an unexpected load');
    return next;
  }

  tests: number[] = [];

  testConfiguration(reportPath: string): Promise<number> {
    this.journal.push(`test into ${reportPath}`);
    return Promise.resolve(this.tests.shift() ?? 0);
  }

  mark(path: string, present: boolean): void {
    this.journal.push(`${present ? 'mark' : 'unmark'} ${path}`);
  }

  saveConfiguration(): void {}

  clock = new Date('2026-11-21T05:00:00Z');
  timeFile: string | undefined;
  timeFileChanged: () => void = () => {};

  wallClock(): Date {
    return this.clock;
  }

  watchFile(_path: string, changed: () => void): { close(): void } {
    this.timeFileChanged = changed;
    return { close: () => {} };
  }

  firstLine(): string | undefined {
    return this.timeFile;
  }

  giveBack(): void {}

  enterNamespace(name: string): string | undefined {
    this.journal.push(`namespace ${name}`);
    return this.missingNamespaces.includes(name) ? `Failed to open /run/netns/${name}` : undefined;
  }

  preparePidDirectory(): void {}

  serve(path: string, answer: () => Promise<string>): { close(): void } {
    this.status = { path, answer };
    return {
      close: () => {
        this.status = undefined;
      },
    };
  }

  readonly pidFiles: PidFiles = {
    lock: (path) => {
      if (this.locked.includes(path)) return 'locked';
      if (this.unopenable.includes(path)) return 'cannot-open';
      this.journal.push(`lock ${path}`);
      return {
        path,
        write: (pid) => void this.journal.push(`write ${path} ${pid}`),
        remove: () => void this.journal.push(`remove ${path}`),
      };
    },
    clear: (path) => {
      if (this.locked.includes(path)) return 'locked';
      this.journal.push(`clear ${path}`);
      return 'cleared';
    },
  };

  daemonise(): void {
    this.journal.push('daemonise');
  }

  setUmask(mask: number): void {
    this.mask = mask;
  }

  setProcessName(name: string): void {
    this.processName = name;
  }

  runScript(script: TimedScript, expired: () => void, ended: (result: ScriptResult) => void): RunningScript {
    this.journal.push(`script ${script.command.argv[0]}`);
    this.script = { expired, ended };
    if (!this.scriptsLast) ended({ kind: 'exit', status: 0, timedOut: false });
    return {
      pid: 77,
      signal: (signal) => void this.journal.push(`signal ${signal} to script`),
      end: () => ended({ kind: 'signal', signal: 15, timedOut: false }),
    };
  }

  mailDate(): string {
    return 'Sat, 21 Nov 2026 05:07:55 +0000';
  }

  deliverMail(server: SmtpServer, steps: readonly SmtpStep[]): Promise<Result<void, SmtpFailure>> {
    this.journal.push(`mail ${server.host} ${steps.length}`);
    return Promise.resolve({ ok: true, value: undefined });
  }

  notifySystemd(state: string): void {
    this.journal.push(`systemd ${state.split('\n')[0]}`);
  }

  processorTimes(): { self: { user: number; system: number }; children: { user: number; system: number } } {
    return { self: { user: 1, system: 2 }, children: { user: 3, system: 4 } };
  }

  settle(): void {}

  dumpParentData(): void {
    this.journal.push('dump');
  }
}

const global = {
  childWaitTime: seconds(5),
  processNames: {},
  dumps: { useInstance: false, jsonVersion: 1 },
  umask: 0o177,
  reload: { timeRepeat: false },
  defaults: standardDefaults,
} as unknown as GlobalConfig;

/** A configuration that needs `roles`. */
export function loaded(
  roles: readonly Role[],
  change: Partial<GlobalConfig> = {},
  diagnostics: Diagnostic[] = [],
): LoadedConfig {
  return {
    config: {
      ...{ global: { ...global, ...change }, instances: [], virtualServers: [] },
      bfdInstances: roles.includes('bfd') ? [{}] : [],
    } as unknown as Config,
    diagnostics,
    testStatus: 0,
    startStatus: 0,
    hasVrrp: roles.includes('vrrp'),
    hasCheckers: roles.includes('checker'),
  };
}

/** A configuration that cannot be used. */
export function unusable(startStatus: number, message: string): LoadedConfig {
  return {
    diagnostics: [{ class: 'fatal', message }],
    testStatus: 4,
    startStatus,
    hasVrrp: false,
    hasCheckers: false,
  };
}
