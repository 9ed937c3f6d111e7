import type { CheckerSchedule } from '../config/types.ts';
import { type Duration, micros, seconds } from '../lib/duration.ts';
import type { LogLine } from '../lib/log.ts';
import type { AttemptResult, CheckerWeight, Failure, Remark } from './attempt.ts';

/** What a kind of checker adds to its schedule. */
export interface VerdictRules {
  readonly schedule: CheckerSchedule;
  /** Attempts of one pass: urls of HTTP_GET, 1 otherwise. */
  readonly steps: number;
  /** No waiting between the steps of a pass before the first verdict and while recovering. */
  readonly fastRecovery: boolean;
  /** A failed step must succeed alone before a full pass counts. */
  readonly retestsFailedStep: boolean;
  /** The first run is retried like any other before it counts. */
  readonly retriesAtStart: boolean;
  /** Where the first run of an alpha checker ends as the checker began, that is notified, and a failure logged. */
  readonly confirmsAlpha: boolean;
  /** Waits run from the start of an attempt, not from its end. */
  readonly countsFromStart: boolean;
  /** Wait between attempts while down. */
  readonly delayWhenDown: Duration;
  readonly texts: VerdictTexts;
}

export interface VerdictTexts {
  /** Logged at the first success and at each return to it; absent where this kind logs nothing then. */
  readonly up?: string;
  /** `retries`: absent for a first run, which has none. */
  down(retries: number | undefined, failure: Failure): string;
  /** Logged with log_all_failures at a failure that is retried; the failure's detail unless given. */
  retrying?(used: number, failure: Failure): string;
  /** The detail is said in a line of its own before that of `down`. */
  readonly detailApart: boolean;
  /** Details are said of an alpha checker's first run too. */
  readonly detailsAlpha: boolean;
  /** Whether a failure of the very first run is said to have been retried. */
  readonly claimsFirstRunRetries: boolean;
  /** Bodies of the alert mails; empty where there is none. */
  readonly mail: { readonly up: string; down(failure: Failure): string };
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
  /** Topic of the last remark, by step. */
  readonly remarks: Readonly<Record<number, string>>;
  readonly weight?: CheckerWeight;
  /** What was wrong at the last attempt; absent where that was good. */
  readonly trouble?: string;
}

/** A checker's verdict, as whoever keeps it shows it. */
export interface Judged {
  readonly verdict: VerdictState;
}

export type VerdictAction =
  | { readonly type: 'log'; readonly line: LogLine }
  /** The checker's part in the weight has changed; `quiet`: it is not worth a line. */
  | { readonly type: 'weight'; readonly quiet: boolean }
  | { readonly type: 'up' | 'down'; readonly mail: string }
  /** The first run confirms what an alpha checker holds. */
  | { readonly type: 'confirmed'; readonly up: boolean };

export interface VerdictStep {
  readonly state: VerdictState;
  readonly actions: readonly VerdictAction[];
  /** From the end of this attempt, or its start where the rules count from there, to the start of the next. */
  readonly wait: Duration;
}

const noRemarks: VerdictState['remarks'] = {};

/**
 * A checker before its first run. Without alpha it holds the server for good but has used up its retries, so that
 * one failure of the first run is enough.
 */
export function initialVerdict(schedule: CheckerSchedule): VerdictState {
  return { up: !schedule.alpha, hasRun: false, retries: schedule.retry, step: 0, remarks: noRemarks };
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
      return withRemark(state.step, result.remark, {
        state,
        actions: result.lines.map(say),
        wait: rules.schedule.delayLoop,
      });
    case 'success':
      return withRemark(state.step, result.remark, succeeded(rules, state, result.detail, result.weight));
    case 'failure':
      return withRemark(state.step, result.remark, failed(rules, state, result), state);
  }
}

function succeeded(
  rules: VerdictRules,
  state: VerdictState,
  detail: string | undefined,
  weight: CheckerWeight | undefined,
): VerdictStep {
  const actions: VerdictAction[] = [];
  if (!state.up && detail !== undefined) actions.push(say(detail));
  const hurry = rules.fastRecovery && (!state.up || !state.hasRun);
  const between = hurry ? micros(0) : rules.schedule.delayLoop;
  const { failedStep, weight: _, trouble: __, ...rest } = state;
  const next = { ...rest, retries: 0, ...(weight && { weight }) };
  if (!sameWeight(state.weight, weight)) actions.push({ type: 'weight', quiet: false });
  if (failedStep !== undefined) return { state: { ...next, step: 0 }, actions, wait: between };
  if (state.step + 1 < rules.steps) {
    // The first pass has no more retries at its last step than at its first.
    const retries = state.hasRun ? 0 : state.retries;
    return { state: { ...next, retries, step: state.step + 1 }, actions, wait: between };
  }
  const { up, mail } = rules.texts;
  if ((!state.up || !state.hasRun) && up !== undefined) actions.push(say(up));
  if (!state.up) actions.push({ type: 'up', mail: mail.up });
  else if (!state.hasRun && rules.schedule.alpha && rules.confirmsAlpha) actions.push({ type: 'confirmed', up: true });
  return { state: { ...next, step: 0, up: true, hasRun: true }, actions, wait: rules.schedule.delayLoop };
}

function failed(rules: VerdictRules, state: VerdictState, failure: Failure): VerdictStep {
  const { schedule, texts } = rules;
  const failedStep = rules.retestsFailedStep ? { failedStep: state.step } : {};
  const trouble = failure.detail ?? texts.down(undefined, failure);
  const { weight, ...others } = state;
  const unweighted = { ...others, trouble };
  const down = { ...unweighted, ...failedStep, up: false, hasRun: true };
  if (!state.up && state.hasRun) {
    // In the pass that follows a good retest a step is tried until it is good; then the pass goes on.
    const recovering = rules.retestsFailedStep && state.failedStep === undefined;
    return { state: unweighted, actions: [], wait: recovering ? schedule.delayBeforeRetry : rules.delayWhenDown };
  }
  const { detail } = failure;
  const saysAll = schedule.logAllFailures || schedule.logAllFailuresOfAll === true;
  const saysDetail = saysAll && (state.up || texts.detailsAlpha);
  if (state.retries < schedule.retry) {
    const used = state.retries + 1;
    const hasRun = state.up || !rules.retriesAtStart;
    const text = texts.retrying?.(used, failure) ?? detail;
    const actions = saysDetail && text !== undefined ? [say(text)] : [];
    return { state: { ...state, trouble, hasRun, retries: used }, actions, wait: schedule.delayBeforeRetry };
  }
  const actions: VerdictAction[] = saysDetail && texts.detailApart && detail !== undefined ? [say(detail)] : [];
  const retries = state.hasRun || texts.claimsFirstRunRetries ? schedule.retry : undefined;
  if (state.up || rules.confirmsAlpha) {
    actions.push(say(texts.down(retries, failure)));
    actions.push(state.up ? { type: 'down', mail: texts.mail.down(failure) } : { type: 'confirmed', up: false });
  }
  if (weight) actions.push({ type: 'weight', quiet: true });
  return { state: down, actions, wait: rules.delayWhenDown };
}

/** Puts a remark on another topic than the step's last in front of what is said. */
function withRemark(
  step: number,
  remark: Remark | undefined,
  outcome: VerdictStep,
  before = outcome.state,
): VerdictStep {
  if (remark === undefined || before.remarks[step] === remark.topic) return outcome;
  const state = { ...outcome.state, remarks: { ...before.remarks, [step]: remark.topic } };
  return { ...outcome, state, actions: [...(remark.text === undefined ? [] : [say(remark.text)]), ...outcome.actions] };
}

/** Whether two verdicts contribute the same to the weight of their real server. */
export function sameWeight(a: CheckerWeight | undefined, b: CheckerWeight | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return 'to' in a ? 'to' in b && a.to === b.to : 'by' in b && a.by === b.by;
}

function say(message: string): VerdictAction {
  return { type: 'log', line: { level: 'info', message } };
}
