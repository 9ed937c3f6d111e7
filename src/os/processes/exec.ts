import type { Duration } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import type { ScriptCommand } from '../../lib/script.ts';
import { CHANNEL_VARIABLE } from '../channel.ts';
import { native } from '../native.ts';
import { afterPendingInput, type Patience } from '../patience.ts';
import { SystemError } from '../system-error.ts';
import { CORES_STARTED_WITH, DESCRIPTORS_STARTED_WITH } from './started-with.ts';

const { SIGKILL, SIGTERM } = native.constants;

/** Between SIGTERM and SIGKILL for a script that has used up its time. */
const KILL_AFTER_MILLISECONDS = 2000;
/** The same for one that is no longer wanted. */
const KILL_ENDING_AFTER_MILLISECONDS = 1000;
/** Variables that would let whoever set ours change what a script with other rights does, and our own. */
const SCRUBBED = new Set([
  'IFS',
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  DESCRIPTORS_STARTED_WITH,
  CORES_STARTED_WITH,
  CHANNEL_VARIABLE,
]);

/** How a script ended; `timedOut` whenever its time limit had passed, however it then ended. */
export type ScriptResult =
  | { readonly kind: 'exit'; readonly status: number; readonly timedOut: boolean }
  | { readonly kind: 'signal'; readonly signal: number; readonly timedOut: boolean }
  | { readonly kind: 'notStarted'; readonly error: SystemError };

export interface ScriptOptions {
  readonly timeout?: Duration;
  /** Called when the time is used up, before the script is told to end. */
  readonly expired?: () => void;
  /** Called once; before `runScript` returns when the script could not be started. */
  readonly done?: (result: ScriptResult) => void;
}

export interface RunningScript {
  /** Leader of the script's process group. */
  readonly pid: number;
  /** To the whole group; nothing happens once the script has ended. */
  signal(signal: number): void;
  /** Tells it to end; it is killed after a second, or when this process ends before that with `killEndingScripts`. */
  end(): void;
}

interface Entry extends RunningScript {
  timedOut: boolean;
  ending: boolean;
  limit: Patience | undefined;
  timer: NodeJS.Timeout | undefined;
}

const running = new Map<number, Entry>();

/**
 * Starts a script with its user's rights, in a process group of its own and without our standard streams, and lets it
 * run. One that cannot be started is logged and gives undefined.
 */
export function runScript(
  command: ScriptCommand,
  extraArguments: readonly string[],
  log: Log,
  { timeout, expired, done }: ScriptOptions = {},
): RunningScript | undefined {
  const argv = [...command.argv, ...extraArguments];
  const groups = command.supplementaryGroups ?? [command.gid];
  const file = command.path ?? command.argv[0] ?? '';
  const pid = native.spawn(file, argv, scriptEnvironment(process.env), command.uid, command.gid, groups);
  if (pid < 0) {
    const error = new SystemError(`script ${command.argv[0] ?? ''}`, -pid);
    log({ level: 'info', message: `Unable to run ${error.message}` });
    done?.({ kind: 'notStarted', error });
    return undefined;
  }
  const entry: Entry = {
    pid,
    timedOut: false,
    ending: false,
    limit: undefined,
    timer: undefined,
    signal: (signal) => {
      if (running.get(pid) === entry) signalGroup(pid, signal);
    },
    end: () => {
      if (running.get(pid) === entry && !entry.ending) end(entry);
    },
  };
  running.set(pid, entry);
  if (timeout !== undefined) {
    entry.limit = afterPendingInput(timeout, () => {
      expired?.();
      terminate(entry);
    });
  }
  native.watchProcess(pid, (status, signal) => {
    entry.limit?.cancel();
    clearTimeout(entry.timer);
    running.delete(pid);
    const { timedOut } = entry;
    done?.(signal === 0 ? { kind: 'exit', status, timedOut } : { kind: 'signal', signal, timedOut });
  });
  return entry;
}

/** The scripts that have not ended, whose exit status is still to be collected. */
export function runningScripts(): readonly number[] {
  return [...running.keys()];
}

/** Sends `signal`, SIGTERM unless told, to every running script's process group. */
export function signalScripts(signal: number = SIGTERM): void {
  for (const entry of running.values()) entry.signal(signal);
}

/** What a script sees of our environment, as NAME=value. It cannot speak to the service manager in our name. */
export function scriptEnvironment(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment)
    .filter(([name, value]) => value !== undefined && !SCRUBBED.has(name))
    .map(([name, value]) => (name === 'NOTIFY_SOCKET' ? 'NOTIFY_SOCKET=' : `${name}=${value}`));
}

/** Kills the scripts that have been told to end and have not followed. */
export function killEndingScripts(): void {
  for (const entry of running.values()) if (entry.ending) entry.signal(SIGKILL);
}

/** A script whose time limit has passed has been told to end already, and is killed at once. */
function end(entry: Entry): void {
  entry.limit?.cancel();
  clearTimeout(entry.timer);
  entry.ending = true;
  entry.signal(entry.timedOut ? SIGKILL : SIGTERM);
  entry.timer = setTimeout(() => entry.signal(SIGKILL), KILL_ENDING_AFTER_MILLISECONDS);
}

function terminate(entry: Entry): void {
  entry.timedOut = true;
  entry.signal(SIGTERM);
  entry.timer = setTimeout(() => entry.signal(SIGKILL), KILL_AFTER_MILLISECONDS);
}

function signalGroup(pid: number, signal: number): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended.
  }
}
