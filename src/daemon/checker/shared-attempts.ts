import type { AttemptResult, CheckerTarget } from '../../checkers/attempt.ts';

/** One attempt, with whoever else waits for it. */
export interface SharedAttempt {
  readonly result: Promise<AttemptResult>;
  /** No longer interested: the last to leave ends the attempt. */
  leave(): void;
}

interface Attempt {
  readonly result: Promise<AttemptResult>;
  readonly controller: AbortController;
  waiting: number;
}

/** Attempts under way. When sharing, checks that ask the same join one that is under way instead of asking again. */
export class SharedAttempts {
  readonly #share: boolean;
  readonly #underWay = new Map<string, Attempt>();
  /** By who asks it. */
  readonly #questions = new WeakMap<object, string>();
  readonly #randoms = new Map<string, number>();

  constructor(share: boolean) {
    this.#share = share;
  }

  /** A random number from `source`; those that ask the same get the same, so that they stay together. */
  random(target: () => CheckerTarget, source: () => number): number {
    if (!this.#share) return source();
    const question = questionOf(target());
    const number = this.#randoms.get(question) ?? source();
    this.#randoms.set(question, number);
    return number;
  }

  /** An attempt of `asker`, which always asks the same: one that is under way, or what `begin` begins. */
  join(
    asker: object,
    target: CheckerTarget,
    step: number,
    begin: (signal: AbortSignal) => Promise<AttemptResult>,
  ): SharedAttempt {
    if (!this.#share) return attemptOf(newAttempt(begin));
    const key = `${step} ${this.#question(asker, target)}`;
    let attempt = this.#underWay.get(key);
    if (!attempt) {
      attempt = newAttempt(begin);
      this.#underWay.set(key, attempt);
      const over = (): void => void this.#underWay.delete(key);
      attempt.result.then(over, over);
    }
    attempt.waiting += 1;
    return attemptOf(attempt);
  }

  #question(asker: object, target: CheckerTarget): string {
    const known = this.#questions.get(asker) ?? questionOf(target);
    this.#questions.set(asker, known);
    return known;
  }
}

/** The checks of several virtual servers may ask one real server the same. */
function questionOf({ virtualServer: _, ...asked }: CheckerTarget): string {
  return JSON.stringify(asked);
}

function newAttempt(begin: (signal: AbortSignal) => Promise<AttemptResult>): Attempt {
  const controller = new AbortController();
  return { result: begin(controller.signal), controller, waiting: 0 };
}

function attemptOf(attempt: Attempt): SharedAttempt {
  return {
    result: attempt.result,
    leave: () => {
      attempt.waiting -= 1;
      if (attempt.waiting <= 0) attempt.controller.abort();
    },
  };
}
