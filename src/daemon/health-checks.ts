import type { AttemptResult, CheckerPorts, CheckerTarget } from '../checkers/attempt.ts';
import { check, verdictRules } from '../checkers/registry.ts';
import { firstRunDelay, transition, type VerdictRules, type VerdictState } from '../checkers/verdict.ts';
import { DeadlineHeap } from '../lib/deadline-heap.ts';
import { after, type Duration } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import type { Timer } from '../ports/timer.ts';

/** One checker of one real server, with the verdict it holds. */
export interface HealthCheck {
  readonly target: CheckerTarget;
  readonly rules: VerdictRules;
  verdict: VerdictState;
  attempt: AbortController | undefined;
}

export type VerdictChange = 'up' | 'down' | 'stillDown';

export interface HealthCheckWorld {
  readonly ports: CheckerPorts;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
  openTimer(expired: () => void): Timer;
  /** A checker changed its mind. */
  changed(check: HealthCheck, change: VerdictChange): void;
}

export function healthCheck(target: CheckerTarget, verdict: VerdictState): HealthCheck {
  return { target, rules: verdictRules(target), verdict, attempt: undefined };
}

/** Runs every checker on its own schedule; one timer serves them all, and no attempt waits for another. */
export class HealthChecks {
  readonly #world: HealthCheckWorld;
  readonly #timer: Timer;
  readonly #deadlines = new DeadlineHeap<HealthCheck>();
  #checks: readonly HealthCheck[] = [];

  constructor(world: HealthCheckWorld) {
    this.#world = world;
    this.#timer = world.openTimer(() => this.#expired());
  }

  /** Ends the attempts under way and starts over with `checks`: each first runs after a share of its warm-up. */
  replace(checks: readonly HealthCheck[]): void {
    this.#stopAll();
    this.#checks = checks;
    for (const one of checks) this.#schedule(one, firstRunDelay(one.rules.schedule, this.#world.random()));
    this.#arm();
  }

  close(): void {
    this.#stopAll();
    this.#checks = [];
    this.#timer.close();
  }

  #stopAll(): void {
    for (const one of this.#checks) {
      this.#deadlines.delete(one);
      one.attempt?.abort();
      one.attempt = undefined;
    }
  }

  #expired(): void {
    const now = this.#world.ports.clock.now();
    for (let due = this.#deadlines.takeDue(now); due; due = this.#deadlines.takeDue(now)) this.#run(due);
    this.#arm();
  }

  #run(one: HealthCheck): void {
    const attempt = new AbortController();
    one.attempt = attempt;
    check(one.target, one.verdict.step, this.#world.ports, attempt.signal).then(
      (result) => this.#finished(one, attempt, result),
      (fault: unknown) => this.#finished(one, attempt, { kind: 'postponed', lines: [faultText(one, fault)] }),
    );
  }

  #finished(one: HealthCheck, attempt: AbortController, result: AttemptResult): void {
    if (one.attempt !== attempt) return;
    one.attempt = undefined;
    const step = transition(one.rules, one.verdict, result);
    one.verdict = step.state;
    for (const action of step.actions) {
      if (action.type === 'log') this.#world.log(action.line);
      else this.#world.changed(one, action.type);
    }
    this.#schedule(one, step.wait);
    this.#arm();
  }

  #schedule(one: HealthCheck, wait: Duration): void {
    this.#deadlines.set(one, after(this.#world.ports.clock.now(), wait));
  }

  #arm(): void {
    this.#timer.arm(this.#deadlines.earliest());
  }
}

function faultText(one: HealthCheck, fault: unknown): string {
  const reason = fault instanceof Error ? fault.message : String(fault);
  return `${one.target.checker.kind} on service ${one.target.realServer} could not run: ${reason}`;
}
