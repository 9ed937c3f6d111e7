import { readSysctl, writeSysctl } from './sysctl.ts';

const REPORTS = 'net/ipv4/igmp_link_local_mcast_reports';

/** Whether the kernel reports memberships of 224.0.0.0/24, set for as long as somebody wants it off. */
export class LocalIgmpReports {
  #switchedOff = false;

  /** False when the kernel refuses. */
  disable(disabled: boolean): boolean {
    if (disabled === this.#switchedOff) return true;
    if (disabled && readSysctl(REPORTS) === '0') return true;
    if (!writeSysctl(REPORTS, disabled ? '0' : '1')) return false;
    this.#switchedOff = disabled;
    return true;
  }
}
