import type { VrrpScript } from '../config/types.ts';
import type { TrackStatus } from './effect.ts';

/** A vrrp_script's results so far. */
export interface ScriptState {
  readonly status: TrackStatus;
  /** 0 to rise + fall - 1; up from rise on. */
  readonly count: number;
  /** Exit status of the last run that exited. */
  readonly lastExit: number;
}

/** How one run ended. */
export type ScriptRun =
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'signal'; readonly signal: number }
  | { readonly kind: 'timeout' };

export type ScriptLogEvent =
  | { readonly event: 'scriptReturns'; readonly name: string; readonly status: number }
  | { readonly event: 'scriptSucceeded'; readonly name: string }
  | { readonly event: 'scriptFailed'; readonly name: string; readonly run: ScriptRun };

export interface ScriptStep {
  readonly state: ScriptState;
  readonly log: readonly ScriptLogEvent[];
}

type Thresholds = Pick<VrrpScript, 'name' | 'rise' | 'fall'>;

export const untriedScript: ScriptState = { status: 'unknown', count: 0, lastExit: 0 };

/**
 * A script is down until `rise` runs in a row succeeded and then up until `fall` runs in a row failed; the very first run
 * decides alone.
 */
export function scriptRan({ name, rise, fall }: Thresholds, state: ScriptState, run: ScriptRun): ScriptStep {
  const log: ScriptLogEvent[] = [];
  let { lastExit } = state;
  if (run.kind === 'exit' && run.status !== lastExit) {
    lastExit = run.status;
    log.push({ event: 'scriptReturns', name, status: run.status });
  }
  const succeeded = run.kind === 'exit' && run.status === 0;
  const count = nextCount(state, succeeded, rise, fall);
  const status = count >= rise ? 'up' : 'down';
  if (status !== state.status) {
    log.push(succeeded ? { event: 'scriptSucceeded', name } : { event: 'scriptFailed', name, run });
  }
  return { state: { status, count, lastExit }, log };
}

function nextCount({ status, count }: ScriptState, succeeded: boolean, rise: number, fall: number): number {
  const highest = rise + fall - 1;
  if (status === 'unknown') return succeeded ? highest : 0;
  if (succeeded) return count + 1 >= rise ? highest : count + 1;
  return count - 1 >= rise ? count - 1 : 0;
}

/** What a reload with other thresholds leaves of the results: whether it was up. */
export function scriptReloaded({ rise, fall }: Thresholds, state: ScriptState): ScriptState {
  return { ...state, count: state.status === 'up' ? rise + fall - 1 : 0 };
}
