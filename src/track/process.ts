import type { TrackProcess } from '../config/types.ts';
import { after, type Instant } from '../lib/duration.ts';

/** A process as it is known by its name and command line. */
export interface ProcessIdentity {
  /** /proc/PID/comm: at most 15 bytes. */
  readonly name: string;
  /** /proc/PID/cmdline, taken apart at its NUL bytes. */
  readonly words: readonly string[];
}

/** How many processes there are, and what that means. */
export interface ProcessState {
  readonly up: boolean;
  readonly count: number;
  /** The other state takes effect at this time, unless the number comes back before. */
  readonly changesAt?: Instant;
}

/** How their number came to change; `otherwise`: by a new program or name, or a count of all. */
export type ProcessChange = 'fork' | 'exit' | 'otherwise';

/**
 * Whether a process is one that `tracked` counts; a name that is longer than the kernel keeps is nobody's. Parameters match
 * in full (exact), as the first ones (partial), or as the beginning of the text they make (initial).
 */
export function matchesProcess(tracked: TrackProcess, { name, words }: ProcessIdentity): boolean {
  if (!tracked.fullCommand) return name === tracked.process;
  if (words[0] !== tracked.process) return false;
  const { parameters, parameterMatch } = tracked;
  if (parameterMatch === 'none') return true;
  const given = words.slice(1);
  if (parameterMatch === 'initial') return given.join('\0').startsWith(parameters.join('\0'));
  if (parameterMatch === 'exact' && given.length !== parameters.length) return false;
  return parameters.every((word, index) => given[index] === word);
}

/** Whether any of them is recognised by its command line, which has to be read then. */
export function needsCommandLine(tracked: readonly TrackProcess[]): boolean {
  return tracked.some(({ fullCommand }) => fullCommand);
}

export function processesFound(tracked: TrackProcess, count: number): ProcessState {
  return { up: hasQuorum(tracked, count), count };
}

/** Their number has changed: what a fork makes of the quorum has to last fork_delay, an exit terminate_delay, before it counts. */
export function processesChanged(
  tracked: TrackProcess,
  state: ProcessState,
  count: number,
  change: ProcessChange,
  now: Instant,
): ProcessState {
  const up = hasQuorum(tracked, count);
  if (up === state.up) return { up, count };
  if (state.changesAt !== undefined) return { ...state, count };
  const delay = { fork: tracked.forkDelay, exit: tracked.terminateDelay, otherwise: 0 }[change];
  return delay === 0 ? { up, count } : { up: state.up, count, changesAt: after(now, delay) };
}

/** The deadline of `changesAt` has come. */
export function processesSettled(tracked: TrackProcess, { count }: ProcessState): ProcessState {
  return processesFound(tracked, count);
}

function hasQuorum({ quorum, quorumMaximum }: TrackProcess, count: number): boolean {
  return count >= quorum && (quorumMaximum === undefined || count <= quorumMaximum);
}
