import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { constants } from 'node:os';
import { statFields } from './process-table.ts';

/** How a process ended: exit status, or the signal with its number and strsignal(3) text. */
export type ProcessEnd =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'signal'; readonly signal: number; readonly name: string };

/** Another process of this program, with a channel to it. */
export interface ForkedProcess {
  readonly pid: number;
  /** False when it can no longer be told. */
  send(message: object): boolean;
  /** Sends a signal by number, real-time ones included; a process that is gone is no error. */
  kill(signal: number): void;
  /** What it is about; undefined when it is gone. */
  activity(): ProcessActivity | undefined;
}

/** From proc(5), stat. */
export interface ProcessActivity {
  /** It runs, or would if there were a processor for it. */
  readonly runnable: boolean;
  /** Processor time used so far, in seconds. */
  readonly used: number;
}

export interface ForkEvents {
  message(message: unknown): void;
  /** Called once, after the last message. Status 127 stands for a process that could not be started. */
  end(end: ProcessEnd): void;
}

/** A child's last messages may still be in the channel when its death is known; longer than this they are not awaited. */
const CHANNEL_GRACE_MILLISECONDS = 500;

export interface ForkOptions {
  /** Leader of a session of its own, which outlives us. */
  readonly detached?: boolean;
  /** Standard output and error go to /dev/null. */
  readonly silent?: boolean;
  /** Working directory; ours unless given. */
  readonly directory?: string;
}

/** Starts this program again with `words` as its arguments and the same V8 options. */
export function forkSelf(words: readonly string[], events: ForkEvents, options: ForkOptions = {}): ForkedProcess {
  const output = options.silent === true ? 'ignore' : 'inherit';
  const child = fork(programPath(), [...words], {
    execArgv: process.execArgv,
    serialization: 'advanced',
    stdio: ['ignore', output, output, 'ipc'],
    detached: options.detached === true,
    cwd: options.directory,
  });
  child.on('message', (message) => events.message(message));
  awaitEnd(child, events);
  return {
    pid: child.pid ?? 0,
    send: (message) => child.connected && child.send(message, () => {}),
    kill: (signal) => {
      if (child.exitCode === null && child.signalCode === null) signalProcess(child.pid, signal);
    },
    activity: () => processActivity(child.pid),
  };
}

function awaitEnd(child: ChildProcess, events: ForkEvents): void {
  let end: ProcessEnd | undefined;
  let reported = false;
  const report = (): void => {
    if (reported || end === undefined) return;
    reported = true;
    events.end(end);
  };
  child.once('error', () => {
    if (child.pid !== undefined) return;
    end = { kind: 'status', status: 127 };
    report();
  });
  child.once('exit', (status, signal) => {
    end = signal === null ? { kind: 'status', status: status ?? 0 } : describeSignal(signal);
    if (child.connected) setTimeout(report, CHANNEL_GRACE_MILLISECONDS);
    else report();
  });
  child.once('disconnect', report);
}

/** strsignal(3) for what usually ends a process. */
const SIGNAL_TEXTS: Readonly<Record<string, string>> = {
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGQUIT: 'Quit',
  SIGILL: 'Illegal instruction',
  SIGTRAP: 'Trace/breakpoint trap',
  SIGABRT: 'Aborted',
  SIGBUS: 'Bus error',
  SIGFPE: 'Floating point exception',
  SIGKILL: 'Killed',
  SIGSEGV: 'Segmentation fault',
  SIGPIPE: 'Broken pipe',
  SIGALRM: 'Alarm clock',
  SIGTERM: 'Terminated',
  SIGXCPU: 'CPU time limit exceeded',
};

function describeSignal(name: NodeJS.Signals): ProcessEnd {
  return { kind: 'signal', signal: constants.signals[name] ?? 0, name: SIGNAL_TEXTS[name] ?? name };
}

function signalProcess(pid: number | undefined, signal: number): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended.
  }
}

/** The path that Node was started with: this program's entry point. */
function programPath(): string {
  return process.argv[1] ?? '';
}

/** Says a last word to whoever forked us and closes the channel to it. */
export function leaveParent(message: object): void {
  if (process.send === undefined || !process.connected) return;
  process.send(message, undefined, undefined, () => {
    if (process.connected) process.disconnect();
  });
}

function processActivity(pid: number | undefined): ProcessActivity | undefined {
  if (pid === undefined) return undefined;
  try {
    const fields = statFields(pid);
    return { runnable: fields[0] === 'R', used: (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS };
  } catch {
    return undefined;
  }
}

/** Processor time in seconds: this process's own and that of the children it has waited for (proc(5), stat). */
export function processorTimes(): { readonly self: CpuTime; readonly children: CpuTime } {
  const fields = statFields('self');
  const seconds = (index: number): number => Number(fields[index]) / CLOCK_TICKS;
  const own = process.cpuUsage();
  return {
    self: { user: own.user / 1e6, system: own.system / 1e6 },
    children: { user: seconds(13), system: seconds(14) },
  };
}

export interface CpuTime {
  readonly user: number;
  readonly system: number;
}

/** sysconf(_SC_CLK_TCK) is 100 on every Linux architecture that Node runs on. */
const CLOCK_TICKS = 100;

/** umask(2). */
export function setFileCreationMask(mask: number): void {
  process.umask(mask);
}

/** A daemon keeps no directory busy. */
export function changeToRoot(): void {
  process.chdir('/');
}
