import type { Config } from '../../config/types.ts';
import type { Observation, ObservedRole, ObserverRequest } from '../../ipc/observation.ts';
import { after, type Instant, seconds } from '../../lib/duration.ts';
import type { Timer } from '../../ports/timer.ts';
import { type DaemonFacts, type ProcessFacts, statusOf, type StatusSurveys } from '../../report/status/status.ts';

/** A process that does not tell its state by then is shown as one that does not answer. */
const PATIENCE = seconds(2);

export interface StatusHost {
  /** What does not change while the daemon runs. */
  readonly daemon: Pick<DaemonFacts, 'version' | 'pid' | 'configurationFile'>;
  processes(): readonly ProcessFacts[];
  /** Gives `answer` to every operator who asks, until it is closed. */
  serve(answer: () => Promise<string>): { close(): void };
  now(): Instant;
  /** Microseconds since 1970. */
  wallClock(): number;
  openTimer(expired: () => void): Timer;
  /** Asks a process; false where it does not run. */
  ask(role: ObservedRole, request: ObserverRequest): boolean;
}

/** Answers `evenkeel status`: the state of all processes at one moment, as JSON. */
export class StatusService {
  readonly #host: StatusHost;
  readonly #patience: Timer;
  readonly #service: { close(): void };
  readonly #startedAt: number;
  #configuredAt: number;
  #config: Config;
  #refusal: string | undefined;
  #surveys: StatusSurveys = { vrrp: undefined, checker: undefined };
  readonly #awaited = new Set<ObservedRole>();
  #waiting: ((text: string) => void)[] = [];

  constructor(host: StatusHost, config: Config) {
    this.#host = host;
    this.#config = config;
    this.#startedAt = host.wallClock();
    this.#configuredAt = this.#startedAt;
    this.#patience = host.openTimer(() => this.#answer());
    this.#service = host.serve(() => this.#ask());
  }

  /** A reload has been followed. */
  configure(config: Config): void {
    this.#config = config;
    this.#configuredAt = this.#host.wallClock();
    this.#refusal = undefined;
  }

  /** A reload has left the configuration as it was. */
  refused(reason: string): void {
    this.#refusal = reason;
  }

  observed(event: Observation): void {
    if (event.type === 'survey') this.#told('vrrp', { ...this.#surveys, vrrp: event });
    else if (event.type === 'checkerSurvey') this.#told('checker', { ...this.#surveys, checker: event });
  }

  close(): void {
    this.#service.close();
    this.#patience.close();
  }

  /** Whoever asks while others wait gets the same answer. */
  #ask(): Promise<string> {
    const answer = new Promise<string>((resolve) => this.#waiting.push(resolve));
    if (this.#waiting.length > 1) return answer;
    this.#surveys = { vrrp: undefined, checker: undefined };
    for (const role of ['vrrp', 'checker'] as const) {
      if (this.#host.ask(role, { type: 'survey', traffic: true })) this.#awaited.add(role);
    }
    if (this.#awaited.size === 0) this.#answer();
    else this.#patience.arm(after(this.#host.now(), PATIENCE));
    return answer;
  }

  #told(role: ObservedRole, surveys: StatusSurveys): void {
    if (!this.#awaited.delete(role)) return;
    this.#surveys = surveys;
    if (this.#awaited.size === 0) this.#answer();
  }

  #answer(): void {
    this.#awaited.clear();
    this.#patience.arm(undefined);
    const facts: DaemonFacts = {
      ...this.#host.daemon,
      startedAt: this.#startedAt,
      configuredAt: this.#configuredAt,
      ...(this.#refusal !== undefined && { refusal: this.#refusal }),
      processes: this.#host.processes(),
    };
    const text = JSON.stringify(statusOf(this.#config, facts, this.#surveys, this.#host.wallClock()));
    for (const give of this.#waiting.splice(0)) give(text);
  }
}
