import { otherDaemonHere } from '../../os/processes/other-daemons.ts';
import { SettingsJournal } from '../../os/files/settings-journal.ts';
import { readSysctl, writeSysctl } from '../../os/sysctl.ts';

/** Where settings are, and where their former values are kept. */
export interface SettingsHost {
  readonly journal: Pick<SettingsJournal, 'read' | 'write'>;
  read(path: string): string | undefined;
  write(path: string, value: string): boolean;
}

/** Of two daemons in one network namespace only the first one's changes outlive it: it alone found the settings as they were. */
const noJournal: SettingsHost['journal'] = { read: () => new Map(), write() {} };

/** The settings of this machine. */
export const machine = (): SettingsHost => ({
  journal: otherDaemonHere() ? noJournal : new SettingsJournal(),
  read: readSysctl,
  write: writeSysctl,
});

/** Kernel settings that are changed for a while, by path below /proc/sys, with the values to restore. */
export class ChangedSettings {
  readonly #host: SettingsHost;
  readonly #before = new Map<string, string>();
  /** Values from before a former run that could not restore them. */
  readonly #inherited: Map<string, string>;

  constructor(host: SettingsHost = machine()) {
    this.#host = host;
    this.#inherited = host.journal.read();
  }

  /** The value before anybody of ours changed it; undefined where the kernel has no such setting. */
  original(path: string): string | undefined {
    return this.#before.get(path) ?? this.#inherited.get(path) ?? this.#host.read(path);
  }

  change(path: string, value: string): void {
    const before = this.original(path);
    if (before === undefined || before === value) return;
    this.#before.set(path, before);
    this.#inherited.delete(path);
    this.#save();
    if (this.#host.write(path, value)) return;
    this.#before.delete(path);
    this.#save();
  }

  restore(paths: Iterable<string>): void {
    for (const path of paths) {
      const before = this.#before.get(path);
      if (before !== undefined) this.#host.write(path, before);
      this.#before.delete(path);
    }
    this.#save();
  }

  /** What a former run has changed and nobody wants changed any more is put back. */
  settle(): void {
    if (this.#inherited.size === 0) return;
    for (const [path, value] of this.#inherited) this.#host.write(path, value);
    this.#inherited.clear();
    this.#save();
  }

  #save(): void {
    this.#host.journal.write(new Map([...this.#inherited, ...this.#before]));
  }
}
