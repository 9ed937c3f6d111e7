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

/** Who asks what: the checks of several virtual servers may ask one real server the same. */
interface Asker {
  readonly target: CheckerTarget;
}

/** Attempts under way. When sharing, checks that ask the same join one that is under way instead of asking again. */
export class SharedAttempts {
  readonly #share: boolean;
  readonly #underWay = new Map<string, Attempt>();
  readonly #questions = new WeakMap<CheckerTarget, string>();
  readonly #randoms = new Map<string, number>();

  constructor(share: boolean) {
    this.#share = share;
  }

  /** A random number from `source`; those that ask the same get the same, so that they stay together. */
  random({ target }: Asker, source: () => number): number {
    if (!this.#share) return source();
    const question = this.#question(target);
    const number = this.#randoms.get(question) ?? source();
    this.#randoms.set(question, number);
    return number;
  }

  join({ target }: Asker, step: number, begin: (signal: AbortSignal) => Promise<AttemptResult>): SharedAttempt {
    if (!this.#share) return attemptOf(newAttempt(begin));
    const key = `${step} ${this.#question(target)}`;
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

  #question(target: CheckerTarget): string {
    const known = this.#questions.get(target);
    if (known !== undefined) return known;
    const { virtualServer: _, ...asked } = target;
    const question = JSON.stringify(asked);
    this.#questions.set(target, question);
    return question;
  }
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
