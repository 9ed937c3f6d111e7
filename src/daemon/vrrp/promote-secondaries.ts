import type { VrrpInstance } from '../../config/types.ts';
import { readSysctl, writeSysctl } from '../../os/sysctl.ts';

const ON = '1';

/** The kernel setting promote_secondaries of interfaces: on where an instance asks for it, as before otherwise. */
export class PromotedSecondaries {
  /** Values found, by interface. */
  readonly #original = new Map<string, string>();

  configure(instances: readonly VrrpInstance[]): void {
    const wanted = new Set(instances.filter((one) => one.promoteSecondaries).map((one) => one.interface));
    for (const name of [...this.#original.keys()]) if (!wanted.has(name)) this.#restore(name);
    for (const name of wanted) {
      const value = this.#original.has(name) ? undefined : readSysctl(pathOf(name));
      if (value !== undefined && value !== ON && writeSysctl(pathOf(name), ON)) this.#original.set(name, value);
    }
  }

  close(): void {
    for (const name of [...this.#original.keys()]) this.#restore(name);
  }

  #restore(name: string): void {
    writeSysctl(pathOf(name), this.#original.get(name) as string);
    this.#original.delete(name);
  }
}

function pathOf(name: string): string {
  return `net/ipv4/conf/${name}/promote_secondaries`;
}
