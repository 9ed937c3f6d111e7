import { usualRealtimeLimit } from '../config/resolve-daemon.ts';
import type { GlobalDefaults, ProcessSettings } from '../config/types.ts';
import type { Role } from '../ipc/messages.ts';
import type { Instant } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import { limitRealtime, setCpuAffinity, setNiceness, setRealtimePriority } from '../os/processes/scheduling.ts';
import { isNativeError } from '../os/system-error.ts';

/** Microseconds. The engine compiles and collects garbage in stretches that keepalived's 10 ms would not survive. */
const SHORTEST_REALTIME_LIMIT = 1_000_000;

/** The scheduling of one process as its configuration wants it; late timers may raise it. */
export class Scheduling {
  readonly #role: Role;
  readonly #log: Log;
  #settings: ProcessSettings | undefined;
  #realtimePriority = 0;

  constructor(role: Role, log: Log) {
    this.#role = role;
    this.#log = log;
  }

  /** SCHED_RR priority; 0 is not real-time. */
  get realtimePriority(): number {
    return this.#realtimePriority;
  }

  /** As dumps show it: the limit is the configured one, in microseconds, whatever is in force. */
  get realtime(): { readonly priority: number; readonly limit: number } | undefined {
    if (this.#realtimePriority === 0) return undefined;
    return { priority: this.#realtimePriority, limit: this.#settings?.realtimeLimit ?? usualRealtimeLimit };
  }

  /** Takes the settings over; those that the system refuses are logged. A reload also takes back what was raised. */
  apply(settings: ProcessSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    const { priority, realtimePriority, cpuAffinity, noSwap } = settings;
    if (priority !== before?.priority && (priority !== undefined || before?.priority !== undefined)) {
      this.#attempt('process priority', () => setNiceness(priority ?? 0));
    }
    if (cpuAffinity && cpuAffinity.length > 0) this.#attempt('CPU affinity', () => setCpuAffinity(cpuAffinity));
    if (noSwap && before?.noSwap !== true) {
      // The engine maps and unmaps memory all the time and ends itself when a locked page refuses.
      this.#say(`${this.#role}_no_swap: memory is not locked; use the unit's MemorySwapMax=0 instead`);
    }
    if ((realtimePriority ?? 0) !== this.#realtimePriority) this.#setRealtime(realtimePriority ?? 0);
  }

  /** A timer ran at `now` that was due before: max_auto_priority and min_auto_priority_delay say whether that is too late. */
  noticeDelay(due: Instant | undefined, now: Instant, defaults: GlobalDefaults): void {
    if (due === undefined || defaults.maxAutoPriority <= 0) return;
    if (now - due > defaults.minAutoPriorityDelay) this.#raise(defaults.maxAutoPriority);
  }

  /** One step up, to `highest` at most. */
  #raise(highest: number): void {
    if (this.#realtimePriority >= highest) return;
    this.#setRealtime(this.#realtimePriority + 1);
    this.#say(`Set realtime priority ${this.#realtimePriority}`);
  }

  /** SIGXCPU came: half of the allowed time is used. */
  exceeded(): void {
    const role = this.#role;
    this.#say(`${role} process has used too much CPU time, ${role}_rlimit_rttime may need to be increased`);
  }

  #setRealtime(priority: number): void {
    this.#realtimePriority = priority;
    this.#attempt('realtime priority', () => {
      if (priority > 0) limitRealtime(Math.max(this.#settings?.realtimeLimit ?? 0, SHORTEST_REALTIME_LIMIT));
      setRealtimePriority(priority === 0 ? undefined : priority);
    });
  }

  #attempt(what: string, change: () => void): void {
    try {
      change();
    } catch (error) {
      if (!isNativeError(error)) throw error;
      this.#log({ level: 'info', message: `Unable to set ${this.#role} ${what}: ${error.message}` });
    }
  }

  #say(message: string): void {
    this.#log({ level: 'info', message });
  }
}
