import type { ReloadSettings } from '../../config/types.ts';
import { after, type Instant, millis } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import { type BadReloadTime, parseReloadTime, type ReloadTime } from '../../os/reload-time.ts';
import type { Timer } from '../../ports/timer.ts';

export interface TimedReloadWorld {
  readonly log: Log;
  now(): Instant;
  openTimer(expired: () => void): Timer;
  wallClock(): Date;
  watchFile(path: string, changed: () => void): { close(): void } | undefined;
  firstLine(path: string): string | undefined;
  removeFile(path: string): void;
  reload(): void;
}

/** The clock may be set while we wait: it is asked again so often. */
const LONGEST_WAIT = millis(60_000);

const COMPLAINTS: Readonly<Record<BadReloadTime, string>> = {
  format: 'Reload time %s format is incorrect',
  fields: 'Reload date/time %s invalid',
  'no-such-time': 'Reload time %s is not valid',
  past: 'Reload time %s is in the past',
};

/** reload_time_file: reloads at the time that a file names. */
export class TimedReload {
  readonly #world: TimedReloadWorld;
  readonly #timer: Timer;
  #settings: ReloadSettings | undefined;
  #watch: { close(): void } | undefined;
  #time: ReloadTime | undefined;

  constructor(world: TimedReloadWorld) {
    this.#world = world;
    this.#timer = world.openTimer(() => this.#expired());
  }

  /** What the file says at present. */
  get scheduled(): ReloadTime | undefined {
    return this.#time;
  }

  /** Takes the settings of a configuration over; the file is read anew. */
  configure(settings: ReloadSettings): void {
    this.stop();
    this.#settings = settings;
    const { timeFile } = settings;
    if (timeFile === undefined) return;
    this.#watch = this.#world.watchFile(timeFile, () => this.#read());
    if (!this.#watch) this.#say(`Unable to watch the directory of reload_time_file ${timeFile}`);
    this.#read();
  }

  stop(): void {
    this.#watch?.close();
    this.#watch = undefined;
    this.#time = undefined;
    this.#timer.arm(undefined);
  }

  close(): void {
    this.stop();
    this.#timer.close();
  }

  #read(): void {
    const before = this.#time;
    this.#time = this.#written();
    if (this.#time?.at === before?.at) return;
    if (this.#time && before) this.#say(`Reload time updated from ${before.text} to ${this.#time.text}`);
    else if (this.#time) this.#say(`Scheduling reload for ${this.#time.text}`);
    else if (before) this.#say(`Cancelling reload scheduled for ${before.text}`);
    this.#arm();
  }

  /** The time that the file names; what is wrong with one that cannot be followed is said. */
  #written(): ReloadTime | undefined {
    const path = this.#settings?.timeFile;
    const line = path === undefined ? undefined : this.#world.firstLine(path);
    if (line === undefined) return undefined;
    const time = parseReloadTime(line, this.#world.wallClock());
    if (typeof time === 'object') return time;
    this.#say(`${COMPLAINTS[time].replace('%s', () => line)} - ignoring`);
    this.#say(
      `${time === 'past' ? 'Reload date/time is in the past' : `Invalid reload time '${line}' specified`} - ignoring`,
    );
    return undefined;
  }

  #arm(): void {
    if (!this.#time) {
      this.#timer.arm(undefined);
      return;
    }
    const wait = millis(Math.max(0, this.#time.at - this.#world.wallClock().getTime()));
    this.#timer.arm(after(this.#world.now(), Math.min(wait, LONGEST_WAIT)));
  }

  #expired(): void {
    const time = this.#time;
    const { timeFile, timeRepeat = false } = this.#settings ?? {};
    if (!time || timeFile === undefined) return;
    if (this.#world.wallClock().getTime() < time.at) {
      this.#arm();
      return;
    }
    const again = timeRepeat && time.daily;
    this.#time = again ? this.#written() : undefined;
    if (again) this.#arm();
    else this.#world.removeFile(timeFile);
    this.#world.reload();
  }

  #say(message: string): void {
    this.#world.log({ level: 'info', message });
  }
}
