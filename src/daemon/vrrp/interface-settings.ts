import type { AddressFamily } from '../../lib/ip.ts';
import { sysctlInterfaces, writeSysctl } from '../../os/sysctl.ts';
import { type InterfaceSettingValues, isInterfaceSetting } from '../../rtnetlink/virtual-link.ts';
import { ChangedSettings, machine } from './changed-settings.ts';

/** Settings of the virtual interface itself, where it is for IPv4. */
const own = { arp_ignore: 1, accept_local: 1, rp_filter: 0, promote_secondaries: 1 } as const;

/** Gives an interface kernel settings by way of netlink; false where it refuses. */
type SetByNetlink = (interfaceName: string, settings: InterfaceSettingValues) => boolean;

/** Kernel settings that virtual interfaces need, with what they were before. */
export class InterfaceSettings {
  readonly #set: SetByNetlink;
  readonly #changed: ChangedSettings;
  /** How many virtual interfaces each one below has. */
  readonly #parents = new Map<string, number>();
  #reversePath: readonly string[] | undefined;

  constructor(set: SetByNetlink) {
    this.#set = set;
    this.#changed = new ChangedSettings({ ...machine(), write: (path, value) => this.#write(path, value) });
  }

  /** A virtual interface of `family` has been made on `parent`; IPv6 is switched off where nothing needs it. */
  prepare(name: string, parent: string, family: AddressFamily, needsIpv6: boolean): void {
    if (family === 4) {
      this.#disableReversePath();
      this.#set(name, own);
      this.#prepareParent(parent);
    } else this.#set(name, { arp_ignore: own.arp_ignore });
    writeSysctl(`net/ipv6/conf/${name}/disable_ipv6`, needsIpv6 ? '0' : '1');
  }

  /** A virtual interface that is there is to carry IPv6 as well. */
  allowIpv6(name: string): void {
    writeSysctl(`net/ipv6/conf/${name}/disable_ipv6`, '0');
  }

  /** The virtual interface is going. */
  release(parent: string, family: AddressFamily): void {
    if (family !== 4) return;
    const users = this.#parents.get(parent);
    if (users === undefined) return;
    this.#parents.set(parent, users - 1);
    if (users > 1) return;
    this.#parents.delete(parent);
    this.#changed.restore(pathsBelow(parent));
  }

  /** To be called once all wanted interfaces are there: restores what none of them needs, a former run's changes among it. */
  settle(): void {
    if (this.#parents.size === 0 && this.#reversePath) {
      this.#changed.restore(this.#reversePath);
      this.#reversePath = undefined;
    }
    this.#changed.settle();
  }

  /** In a container /proc/sys is often read-only, but netlink sets what single interfaces have. */
  #write(path: string, value: string): boolean {
    if (writeSysctl(path, value)) return true;
    const [, name, key = ''] = /^net\/ipv4\/conf\/([^/]+)\/(\w+)$/.exec(path) ?? [];
    return name !== undefined && isInterfaceSetting(key) && this.#set(name, { [key]: Number(value) });
  }

  #prepareParent(parent: string): void {
    const users = this.#parents.get(parent) ?? 0;
    this.#parents.set(parent, users + 1);
    if (users > 0) return;
    for (const path of pathsBelow(parent)) this.#changed.change(path, '1');
  }

  /**
   * The stricter of `all` and the interface's own value counts, so `all` must let go: every other interface takes its
   * value over first.
   */
  #disableReversePath(): void {
    if (this.#reversePath) return;
    const ofAll = 'net/ipv4/conf/all/rp_filter';
    const all = this.#changed.original(ofAll);
    this.#reversePath = [];
    if (all === undefined || all === '0') return;
    const others = sysctlInterfaces('ipv4')
      .map((name) => `net/ipv4/conf/${name}/rp_filter`)
      .filter((path) => path !== ofAll && Number(this.#changed.original(path) ?? 0) < Number(all));
    this.#reversePath = [...others, ofAll];
    for (const path of others) this.#changed.change(path, all);
    this.#changed.change(ofAll, '0');
  }
}

/** Settings of the interface below, so that it does not answer ARP for the addresses on the virtual one. */
function pathsBelow(parent: string): readonly string[] {
  return ['arp_ignore', 'arp_filter'].map((key) => `net/ipv4/conf/${parent}/${key}`);
}
