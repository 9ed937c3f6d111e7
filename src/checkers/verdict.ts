import type { CheckerSchedule } from '../config/types.ts';
import { type Duration, micros, seconds } from '../lib/duration.ts';
import type { LogLine } from '../lib/log.ts';
import type { AttemptResult } from './attempt.ts';

/** What a kind of checker adds to its schedule. */
export interface VerdictRules {
  readonly schedule: CheckerSchedule;
  /** Attempts of one pass: urls of HTTP_GET, 1 otherwise. */
  readonly steps: number;
  /** No waiting between the steps of a pass before the first verdict and while recovering. */
  readonly fastRecovery: boolean;
  /** A failed step must succeed alone before a full pass counts. */
  readonly retestsFailedStep: boolean;
  /** Wait between attempts while down. */
  readonly delayWhenDown: Duration;
  readonly texts: VerdictTexts;
}

export interface VerdictTexts {
  readonly up: string;
  /** `retries`: 0 leaves the number out. */
  down(retries: number): string;
  /** Whether a failure of the very first run is said to have been retried. */
  readonly claimsFirstRunRetries: boolean;
}

/** What one checker holds true of its server. */
export interface VerdictState {
  readonly up: boolean;
  readonly hasRun: boolean;
  /** Failures in a row that did not yet count. */
  readonly retries: number;
  /** The next attempt's place in the pass. */
  readonly step: number;
  /** The step that took the checker down and has not succeeded since. */
  readonly failedStep?: number;
  /** Last remark a step, so that each is said once. */
  readonly remarks: Readonly<Record<number, string>>;
}

export type VerdictAction =
  | { readonly type: 'log'; readonly line: LogLine }
  | { readonly type: 'up' }
  | { readonly type: 'down' }
  /** The first run confirms that an alpha checker is down. */
  | { readonly type: 'stillDown' };

export interface VerdictStep {
  readonly state: VerdictState;
  readonly actions: readonly VerdictAction[];
  /** From the end of this attempt to the start of the next. */
  readonly wait: Duration;
}

/**
 * A checker before its first run. Without alpha it holds the server for good but has used up its retries, so that
 * one failure of the first run is enough.
 */
export function initialVerdict(schedule: CheckerSchedule): VerdictState {
  return { up: !schedule.alpha, hasRun: false, retries: schedule.retry, step: 0, remarks: {} };
}

/** A checker that joins a running daemon: nothing is used up yet, so it takes retry + 1 failures. */
export function joiningVerdict(schedule: CheckerSchedule): VerdictState {
  return { ...initialVerdict(schedule), retries: 0 };
}

/** From start or reload to the first run: 1 s and a share of the warm-up; `random` is in [0, 1). */
export function firstRunDelay(schedule: CheckerSchedule, random: number): Duration {
  return micros(seconds(1) + Math.floor(random * schedule.warmup));
}

/** Takes one attempt's result in. */
export function transition(rules: VerdictRules, state: VerdictState, result: AttemptResult): VerdictStep {
  switch (result.kind) {
    case 'postponed':
      return { state, actions: result.lines.map(say), wait: rules.schedule.delayLoop };
    case 'success':
      return withRemark(state.step, result.remark, succeeded(rules, state, result.detail));
    case 'failure':
      return withRemark(state.step, result.remark, failed(rules, state, result.detail), state);
  }
}

function succeeded(rules: VerdictRules, state: VerdictState, detail: string | undefined): VerdictStep {
  const actions: VerdictAction[] = [];
  if (!state.up && detail !== undefined) actions.push(say(detail));
  const hurry = rules.fastRecovery && (!state.up || !state.hasRun);
  const between = hurry ? micros(0) : rules.schedule.delayLoop;
  const { failedStep, ...rest } = state;
  const next = { ...rest, retries: 0 };
  if (failedStep !== undefined) return { state: { ...next, step: 0 }, actions, wait: between };
  if (state.step + 1 < rules.steps) return { state: { ...next, step: state.step + 1 }, actions, wait: between };
  if (!state.up || !state.hasRun) actions.push(say(rules.texts.up));
  if (!state.up) actions.push({ type: 'up' });
  return { state: { ...next, step: 0, up: true, hasRun: true }, actions, wait: rules.schedule.delayLoop };
}

function failed(rules: VerdictRules, state: VerdictState, detail: string | undefined): VerdictStep {
  const { schedule, texts } = rules;
  const failedStep = rules.retestsFailedStep ? { failedStep: state.step } : {};
  const down = { ...state, ...failedStep, up: false, hasRun: true };
  if (!state.up && state.hasRun) return { state: down, actions: [], wait: rules.delayWhenDown };
  const actions: VerdictAction[] = state.up && schedule.logAllFailures && detail !== undefined ? [say(detail)] : [];
  if (state.retries < schedule.retry) {
    return { state: { ...state, hasRun: true, retries: state.retries + 1 }, actions, wait: schedule.delayBeforeRetry };
  }
  const retries = state.hasRun || texts.claimsFirstRunRetries ? schedule.retry : 0;
  actions.push(say(texts.down(retries)), { type: state.up ? 'down' : 'stillDown' });
  return { state: down, actions, wait: rules.delayWhenDown };
}

/** Puts a remark that the step did not make before in front of what is said. */
function withRemark(
  step: number,
  remark: string | undefined,
  outcome: VerdictStep,
  before = outcome.state,
): VerdictStep {
  if (remark === undefined || before.remarks[step] === remark) return outcome;
  const state = { ...outcome.state, remarks: { ...before.remarks, [step]: remark } };
  return { ...outcome, state, actions: [say(remark), ...outcome.actions] };
}

function say(message: string): VerdictAction {
  return { type: 'log', line: { level: 'info', message } };
}
