import type { AddressFamily } from '../lib/ip.ts';
import { readSysctl, sysctlInterfaces, writeSysctl } from '../os/sysctl.ts';

/** Settings of the interface below, so that it does not answer ARP for the addresses on the virtual one. */
const below = { arp_ignore: '1', arp_filter: '1' } as const;
/** Settings of the virtual interface itself. */
const own = { arp_ignore: '1', accept_local: '1', rp_filter: '0', promote_secondaries: '1' } as const;

/** Kernel settings that virtual interfaces need, with what they were before. */
export class InterfaceSettings {
  readonly #parents = new Map<string, { users: number; readonly saved: ReadonlyMap<string, string> }>();
  #reversePath: ReadonlyMap<string, string> | undefined;

  /** A virtual interface of `family` has been made on `parent`; IPv6 is switched off where nothing needs it. */
  prepare(name: string, parent: string, family: AddressFamily, needsIpv6: boolean): void {
    if (family === 4) {
      this.#disableReversePath();
      for (const [key, value] of Object.entries(own)) writeSysctl(`net/ipv4/conf/${name}/${key}`, value);
      this.#prepareParent(parent);
    } else writeSysctl(`net/ipv4/conf/${name}/arp_ignore`, '1');
    writeSysctl(`net/ipv6/conf/${name}/disable_ipv6`, needsIpv6 ? '0' : '1');
  }

  /** The virtual interface is going. */
  release(parent: string, family: AddressFamily): void {
    if (family !== 4) return;
    const known = this.#parents.get(parent);
    if (!known) return;
    known.users--;
    if (known.users > 0) return;
    restore(known.saved);
    this.#parents.delete(parent);
  }

  /** The last virtual interface is gone. */
  restoreReversePath(): void {
    if (this.#parents.size > 0 || !this.#reversePath) return;
    restore(this.#reversePath);
    this.#reversePath = undefined;
  }

  #prepareParent(parent: string): void {
    const known = this.#parents.get(parent);
    if (known) {
      known.users++;
      return;
    }
    const saved = new Map<string, string>();
    for (const [key, value] of Object.entries(below)) change(`net/ipv4/conf/${parent}/${key}`, value, saved);
    this.#parents.set(parent, { users: 1, saved });
  }

  /**
   * The stricter of `all` and the interface's own value counts, so `all` must let go: every other interface takes its
   * value over first.
   */
  #disableReversePath(): void {
    if (this.#reversePath) return;
    const all = readSysctl('net/ipv4/conf/all/rp_filter');
    const saved = new Map<string, string>();
    this.#reversePath = saved;
    if (all === undefined || all === '0') return;
    for (const name of sysctlInterfaces('ipv4')) {
      const path = `net/ipv4/conf/${name}/rp_filter`;
      if (name !== 'all' && Number(readSysctl(path) ?? 0) < Number(all)) change(path, all, saved);
    }
    change('net/ipv4/conf/all/rp_filter', '0', saved);
  }
}

function change(path: string, value: string, saved: Map<string, string>): void {
  const before = readSysctl(path);
  if (before === undefined || before === value) return;
  if (writeSysctl(path, value)) saved.set(path, before);
}

function restore(saved: ReadonlyMap<string, string>): void {
  for (const [path, value] of saved) writeSysctl(path, value);
}
