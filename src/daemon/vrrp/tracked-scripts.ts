import type { VrrpScript } from '../../config/types.ts';
import { after, type Instant, micros } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import { type RunningScript, runScript, type ScriptResult } from '../../os/processes/exec.ts';
import { tryOpen } from '../../os/files/tracked-file.ts';
import type { Clock } from '../../ports/timer.ts';
import { printScriptEvent } from '../../report/track-log.ts';
import type { TrackStatus } from '../../track/effect.ts';
import { type ScriptRun, type ScriptState, scriptRan, scriptReloaded, untriedScript } from '../../track/script.ts';
import { Agenda } from './agenda.ts';

/** A program that can no longer be started changes nothing for the worse with keepalived: it passes for a success. */
const NOT_STARTED = 0;

interface Entry {
  script: VrrpScript;
  state: ScriptState;
  /** Undefined while idle; a file that is being opened has no process. */
  run: { process: RunningScript | undefined; startedAt: Instant } | undefined;
  timedOut: boolean;
  /** It was there at the start, when routers wait for its first result. */
  readonly sinceStart: boolean;
}

/** Runs every vrrp_script at its interval and keeps the score. */
export class TrackedScripts {
  readonly #log: Log;
  readonly #changed: (name: string) => void;
  readonly #agenda: Agenda<string>;
  readonly #entries = new Map<string, Entry>();
  #begun = false;

  constructor(clock: Clock, log: Log, changed: (name: string) => void) {
    this.#log = log;
    this.#changed = changed;
    this.#agenda = new Agenda(clock, (name, now) => this.#due(name, now));
  }

  /** A script keeps its results, by its name, even where its command is another. */
  configure(scripts: readonly VrrpScript[]): void {
    const wanted = new Set(scripts.map(({ name }) => name));
    for (const [name, entry] of this.#entries) if (!wanted.has(name)) this.#drop(name, entry);
    for (const script of scripts) {
      const entry = this.#entries.get(script.name);
      if (entry) this.#keep(entry, script);
      else {
        const sinceStart = !this.#begun;
        this.#entries.set(script.name, { script, state: untriedScript, run: undefined, timedOut: false, sinceStart });
        if (this.#begun) this.#agenda.set(script.name, this.#agenda.now());
      }
    }
  }

  /** The first runs. */
  begin(): void {
    this.#begun = true;
    const now = this.#agenda.now();
    for (const name of this.#entries.keys()) this.#due(name, now);
  }

  status(name: string): TrackStatus {
    return this.#entries.get(name)?.state.status ?? 'unknown';
  }

  /** Whether routers that it may put into the fault state wait for its first result. */
  isAwaited(name: string): boolean {
    const entry = this.#entries.get(name);
    return entry?.sinceStart === true && entry.state.status === 'unknown';
  }

  /** For dumps: the score, and whether it runs. */
  view(
    name: string,
  ): { readonly state: ScriptState; readonly running: boolean; readonly expired: boolean } | undefined {
    const entry = this.#entries.get(name);
    if (!entry) return undefined;
    return { state: entry.state, running: entry.run !== undefined, expired: this.#overdue(entry) };
  }

  close(): void {
    this.#agenda.close();
    for (const [name, entry] of this.#entries) this.#drop(name, entry);
  }

  /** Its run, if any, is given up, and the next one begins at once. */
  #keep(entry: Entry, script: VrrpScript): void {
    entry.run?.process?.end();
    entry.run = undefined;
    this.#agenda.set(script.name, this.#agenda.now());
    const { rise, fall, name } = entry.script;
    if (rise !== script.rise || fall !== script.fall) entry.state = scriptReloaded(script, entry.state);
    entry.script = script;
    if (entry.state.status === 'unknown') return;
    const outcome = entry.state.status === 'up' ? 'successful' : 'unsuccessful';
    this.#log({ level: 'info', message: `VRRP_Script(${name}) considered ${outcome} on reload` });
  }

  #drop(name: string, entry: Entry): void {
    this.#entries.delete(name);
    this.#agenda.set(name, undefined);
    entry.run?.process?.end();
  }

  #due(name: string, now: Instant): void {
    const entry = this.#entries.get(name);
    if (!entry) return;
    this.#agenda.set(name, after(now, entry.script.interval));
    if (entry.run === undefined) this.#start(entry, now);
    else this.#skip(entry);
  }

  #skip(entry: Entry): void {
    // A time-out that falls on this turn comes after it.
    const overdue = this.#overdue(entry, micros(entry.script.interval / 2));
    if (entry.timedOut && !overdue) return;
    const what = overdue ? 'being timed out' : 'already running';
    const message = `Track script ${entry.script.name} is ${what}, expect idle - skipping run`;
    this.#log({ level: 'info', message });
  }

  #overdue({ run, script }: Entry, tolerance = micros(0)): boolean {
    return run !== undefined && this.#agenda.now() - run.startedAt > (script.timeout ?? script.interval) + tolerance;
  }

  #start(entry: Entry, now: Instant): void {
    const { command, interval, timeout = interval, systemCheck } = entry.script;
    const run: Entry['run'] = { process: undefined, startedAt: now };
    entry.run = run;
    const done = (result: ScriptRun): void => {
      if (entry.run === run) this.#ended(entry, result);
    };
    if (systemCheck) {
      tryOpen((command.argv[0] ?? '').replace(/^</, ''), (status) => done({ kind: 'exit', status }));
      return;
    }
    run.process = runScript(command, [], this.#log, { timeout, done: (result) => done(runOf(result)) });
  }

  #ended(entry: Entry, run: ScriptRun): void {
    entry.run = undefined;
    entry.timedOut = run.kind === 'timeout';
    const { name } = entry.script;
    if (this.#entries.get(name) !== entry) return;
    const before = entry.state.status;
    const step = scriptRan(entry.script, entry.state, run);
    entry.state = step.state;
    for (const event of step.log) this.#log({ level: 'info', message: printScriptEvent(event) });
    if (step.state.status !== before) this.#changed(name);
  }
}

function runOf(result: ScriptResult): ScriptRun {
  if (result.kind === 'notStarted') return { kind: 'exit', status: NOT_STARTED };
  // One that catches the signal of its time-out decides itself.
  if (result.kind === 'exit') return { kind: 'exit', status: result.status };
  return result.timedOut ? { kind: 'timeout' } : { kind: 'signal', signal: result.signal };
}
