import { readlinkSync } from 'node:fs';
import { processIdentity, processIds, statFields } from './process-table.ts';

/** The command names of the parents and VRRP processes that set addresses. */
const NAMES: ReadonlySet<string> = new Set(['keepalived', 'keepalived_vrrp']);

/** Whether a daemon of this kind that is neither ours nor our parent's works in this network namespace. */
export function otherDaemonHere(): boolean {
  const here = readlinkSync('/proc/self/ns/net');
  const ours = new Set([process.pid, process.ppid]);
  return processIds().some((pid) => {
    if (ours.has(pid)) return false;
    try {
      if (!NAMES.has(processIdentity(pid, false)?.name ?? '')) return false;
      return readlinkSync(`/proc/${pid}/ns/net`) === here && !ours.has(parentOf(pid));
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}

function parentOf(pid: number): number {
  return Number(statFields(pid)[1]);
}
