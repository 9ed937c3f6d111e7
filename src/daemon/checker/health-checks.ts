import type { AttemptResult, CheckerPorts, CheckerTarget } from '../../checkers/attempt.ts';
import { bfdChanged } from '../../checkers/bfd.ts';
import { fileChanged } from '../../checkers/file.ts';
import { HeldDatagrams } from '../../checkers/held-datagrams.ts';
import { asksItself, check, checkerTarget, holdsSocket, verdictRules } from '../../checkers/registry.ts';
import { firstRunDelay, transition, type VerdictAction, type VerdictState } from '../../checkers/verdict.ts';
import type { Checker, VirtualServer } from '../../config/types.ts';
import { DeadlineHeap } from '../../lib/deadline-heap.ts';
import { after, type Duration, type Instant } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import type { Timer } from '../../ports/timer.ts';
import { type SharedAttempt, SharedAttempts } from './shared-attempts.ts';

/** One checker of one real server, with the verdict it holds. */
export interface HealthCheck {
  readonly virtualServer: VirtualServer;
  /** Which of its real servers, from 0. */
  readonly realServer: number;
  readonly checker: Checker;
  verdict: VerdictState;
  /** Off while its virtual server is suspended: it waits for its turns and lets them pass. */
  enabled: boolean;
  attempt: SharedAttempt | undefined;
}

export type VerdictChange = Exclude<VerdictAction, { type: 'log' }>;

export interface HealthCheckWorld {
  readonly ports: CheckerPorts;
  readonly log: Log;
  openTimer(expired: () => void): Timer;
  /** A checker changed its mind. */
  changed(check: HealthCheck, change: VerdictChange): void;
  /** An attempt has ended, after what it changed. */
  checked(check: HealthCheck): void;
}

export function healthCheck(
  virtualServer: VirtualServer,
  realServer: number,
  checker: Checker,
  verdict: VerdictState,
): HealthCheck {
  return { virtualServer, realServer, checker, verdict, enabled: true, attempt: undefined };
}

/** Whom it is about, by name. Made anew each time: the names of tens of thousands would outweigh everything else. */
export function targetOf({ virtualServer, realServer, checker }: HealthCheck): CheckerTarget {
  const real = virtualServer.realServers[realServer];
  if (!real) throw new Error(`no real server ${realServer}`);
  return checkerTarget(virtualServer, real, checker);
}

/** Runs every checker on its own schedule; one timer serves them all, and no attempt waits for another. */
export class HealthChecks {
  readonly #world: HealthCheckWorld;
  readonly #timer: Timer;
  readonly #deadlines = new DeadlineHeap<HealthCheck>();
  /** What the timer stands at; undefined once it has expired. */
  #armed: Instant | undefined;
  #attempts: SharedAttempts;
  #checks: readonly HealthCheck[] = [];
  readonly #held = new Map<HealthCheck, HeldDatagrams>();

  constructor(world: HealthCheckWorld) {
    this.#world = world;
    this.#timer = world.openTimer(() => this.#expired());
    this.#attempts = new SharedAttempts(false);
  }

  /**
   * Ends the attempts under way and starts over with `checks`: each first runs after a share of its warm-up. With
   * `share`, checks that ask one server the same run together and ask once.
   */
  replace(checks: readonly HealthCheck[], share = false): void {
    this.#stopAll();
    this.#checks = checks;
    this.#attempts = new SharedAttempts(share);
    const now = this.#world.ports.clock.now();
    for (const one of checks) {
      if (!asksItself(one.checker)) continue;
      const random = this.#attempts.random(() => targetOf(one), this.#world.ports.random);
      this.#schedule(one, now, firstRunDelay(one.checker.schedule, random));
    }
    this.#arm();
  }

  /** The track_file `name` now holds `value`. */
  fileChanged(name: string, value: number): void {
    for (const one of this.#checks) {
      const { checker } = one;
      if (checker.kind !== 'FILE_CHECK' || checker.trackFile !== name) continue;
      this.#enter(one, fileChanged({ ...targetOf(one), checker }, one.verdict, value));
    }
  }

  /** The session of the bfd_instance `name` is up, or not. */
  bfdChanged(name: string, up: boolean): void {
    for (const one of this.#checks) {
      const { checker } = one;
      if (checker.kind !== 'BFD_CHECK' || checker.bfd !== name) continue;
      this.#enter(one, bfdChanged({ ...targetOf(one), checker }, one.verdict, up));
    }
  }

  /** ha_suspend: these checks pause, or go on with their next turn. What they hold true stays. */
  setEnabled(checks: readonly HealthCheck[], enabled: boolean): void {
    for (const one of checks) {
      if (one.enabled === enabled) continue;
      one.enabled = enabled;
      const { realServer, virtualServer } = targetOf(one);
      const verb = enabled ? 'Activating' : 'Suspending';
      const message = `${verb} healthchecker for service ${realServer} for VS ${virtualServer}`;
      this.#world.log({ level: 'info', message });
    }
  }

  close(): void {
    this.#stopAll();
    this.#checks = [];
    this.#timer.close();
  }

  #stopAll(): void {
    for (const one of this.#checks) {
      this.#deadlines.delete(one);
      one.attempt?.leave();
      one.attempt = undefined;
    }
    for (const held of this.#held.values()) held.close();
    this.#held.clear();
  }

  #expired(): void {
    this.#armed = undefined;
    const now = this.#world.ports.clock.now();
    for (let due = this.#deadlines.takeDue(now); due; due = this.#deadlines.takeDue(now)) this.#run(due, now);
    this.#arm();
  }

  #run(one: HealthCheck, now: Instant): void {
    if (!one.enabled) {
      this.#schedule(one, now, one.checker.schedule.delayLoop);
      return;
    }
    const { step } = one.verdict;
    const target = targetOf(one);
    const begin = (signal: AbortSignal) => check(target, step, this.#portsOf(one), signal);
    const attempt = this.#attempts.join(one, target, step, begin);
    one.attempt = attempt;
    const finished = (result: AttemptResult): void => this.#finished(one, target, attempt, now, result);
    attempt.result.then(finished, (fault: unknown) =>
      finished({ kind: 'postponed', lines: [faultText(target, fault)] }),
    );
  }

  #portsOf(one: HealthCheck): CheckerPorts {
    const { ports } = this.#world;
    if (!holdsSocket(one.checker)) return ports;
    const datagrams = this.#held.get(one) ?? new HeldDatagrams(ports.datagrams);
    this.#held.set(one, datagrams);
    return { ...ports, datagrams };
  }

  #finished(
    one: HealthCheck,
    target: CheckerTarget,
    attempt: SharedAttempt,
    began: Instant,
    result: AttemptResult,
  ): void {
    if (one.attempt !== attempt) return;
    one.attempt = undefined;
    const rules = verdictRules(target);
    const step = transition(rules, one.verdict, result);
    this.#enter(one, step);
    this.#world.checked(one);
    this.#schedule(one, rules.countsFromStart ? began : this.#world.ports.clock.now(), step.wait);
    this.#arm();
  }

  /** The check's verdict from now on, and what that calls for. */
  #enter(one: HealthCheck, step: { readonly state: VerdictState; readonly actions: readonly VerdictAction[] }): void {
    one.verdict = step.state;
    for (const action of step.actions) {
      if (action.type === 'log') this.#world.log(action.line);
      else this.#world.changed(one, action);
    }
  }

  #schedule(one: HealthCheck, from: Instant, wait: Duration): void {
    this.#deadlines.set(one, after(from, wait));
  }

  #arm(): void {
    const earliest = this.#deadlines.earliest();
    if (earliest === this.#armed) return;
    this.#armed = earliest;
    this.#timer.arm(earliest);
  }
}

function faultText({ checker, realServer }: CheckerTarget, fault: unknown): string {
  const reason = fault instanceof Error ? fault.message : String(fault);
  return `${checker.kind} on service ${realServer} could not run: ${reason}`;
}
