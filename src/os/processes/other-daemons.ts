import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The command names of the parents and VRRP processes that set addresses. */
const NAMES: ReadonlySet<string> = new Set(['keepalived', 'keepalived_vrrp']);

/** Whether a daemon of this kind that is neither ours nor our parent's works in this network namespace. */
export function otherDaemonHere(): boolean {
  const here = readlinkSync('/proc/self/ns/net');
  const ours = new Set([process.pid, process.ppid]);
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry) || ours.has(Number(entry))) return false;
    try {
      if (!NAMES.has(readFileSync(`/proc/${entry}/comm`, 'latin1').trim())) return false;
      return readlinkSync(`/proc/${entry}/ns/net`) === here && !ours.has(parentOf(entry));
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}

function parentOf(entry: string): number {
  const stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
