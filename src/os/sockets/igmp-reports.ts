import { readFileSync, writeFileSync } from 'node:fs';

const PATH = '/proc/sys/net/ipv4/igmp_link_local_mcast_reports';

/** Whether the kernel reports memberships of 224.0.0.0/24, set for as long as somebody wants it off. */
export class LocalIgmpReports {
  #switchedOff = false;

  /** False when the kernel refuses. */
  disable(disabled: boolean): boolean {
    if (disabled === this.#switchedOff) return true;
    try {
      if (disabled && readFileSync(PATH, 'latin1').trim() === '0') return true;
      writeFileSync(PATH, disabled ? '0' : '1');
    } catch {
      return false;
    }
    this.#switchedOff = disabled;
    return true;
  }
}
