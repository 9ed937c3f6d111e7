import { constants } from 'node:os';
import { CHANNEL_VARIABLE, type Channel, openChannel, openParentChannel } from '../channel.ts';
import { native } from '../native.ts';
import { statFields } from './process-table.ts';
import { signalText } from './signal-text.ts';

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

export interface ForkOptions {
  /** Leader of a session of its own, which outlives us. */
  readonly detached?: boolean;
  /** Standard output and error go to /dev/null. */
  readonly silent?: boolean;
  /** Working directory; ours unless given. */
  readonly directory?: string;
}

/**
 * Starts this program again with `words` as its arguments and the same V8 options. Not by child_process, which copies the page
 * tables of the whole engine for it and has this process copy every page that it then touches.
 */
export function forkSelf(words: readonly string[], events: ForkEvents, options: ForkOptions = {}): ForkedProcess {
  const started = startSelf(words, options);
  const pid = started?.pid ?? 0;
  const channel = started?.channel;
  channel?.onMessage((message) => events.message(message));
  let running = pid > 0;
  const ended = (end: ProcessEnd): void => {
    running = false;
    channel?.finish();
    events.end(end);
  };
  if (!running || !watchEnd(pid, ended)) setImmediate(ended, NOT_STARTED);
  return {
    pid,
    send: (message) => running && channel?.send(message) === true,
    kill: (signal) => {
      if (running) signalProcess(pid, signal);
    },
    activity: () => (running ? processActivity(pid) : undefined),
  };
}

/** A shell's own exit status for what it cannot start. */
const NOT_STARTED: ProcessEnd = { kind: 'status', status: 127 };
/** The channel is what a child finds as its first descriptor after the standard streams. */
const CHILD_CHANNEL = 3;

interface Started {
  /** 0 when the kernel has refused. */
  readonly pid: number;
  readonly channel: Channel;
}

/** Undefined when there are no descriptors left. */
function startSelf(words: readonly string[], options: ForkOptions): Started | undefined {
  const pair = socketPair();
  if (pair === undefined) return undefined;
  const [ours, theirs] = pair;
  const pid = native.spawnSelf(
    process.execPath,
    [process.execPath, ...process.execArgv, programPath(), ...words],
    Object.entries({ ...process.env, [CHANNEL_VARIABLE]: String(CHILD_CHANNEL) }).map(
      ([name, value]) => `${name}=${value}`,
    ),
    theirs,
    options.detached === true ? 1 : 0,
    options.silent === true ? 1 : 0,
    options.directory ?? '',
  );
  native.close(theirs);
  return { pid: Math.max(pid, 0), channel: openChannel(ours) };
}

function socketPair(): readonly [number, number] | undefined {
  try {
    return native.socketPair();
  } catch {
    return undefined;
  }
}

/** False where that takes a descriptor more than there are: a process whose end nobody would see is not to go on. */
function watchEnd(pid: number, ended: (end: ProcessEnd) => void): boolean {
  try {
    native.watchProcess(pid, (status, signal) => ended(describeEnd(status, signal)));
    return true;
  } catch {
    signalProcess(pid, constants.signals.SIGKILL);
    return false;
  }
}

/** As watchProcess tells it. */
function describeEnd(status: number, signal: number): ProcessEnd {
  if (signal === 0) return { kind: 'status', status };
  return { kind: 'signal', signal, name: signalText(signal) };
}

function signalProcess(pid: number, signal: number): void {
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
  const channel = openParentChannel();
  channel?.send(message);
  channel?.close();
}

function processActivity(pid: number): ProcessActivity | undefined {
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
