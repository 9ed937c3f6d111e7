import { readFileSync, writeFileSync } from 'node:fs';

const RANGE = '/proc/sys/net/ipv4/ping_group_range';

/**
 * Lets this process's group send ICMP echo requests (net.ipv4.ping_group_range, ip-sysctl), in its network namespace.
 * Gives what puts the former range back, or undefined when nothing had to be or could be changed.
 */
export function allowPing(): (() => void) | undefined {
  try {
    const before = readFileSync(RANGE, 'latin1').trim();
    const [low = 1, high = 0] = before.split(/\s+/).map(Number);
    const group = process.getegid?.() ?? 0;
    if (low <= group && group <= high) return undefined;
    const empty = low > high;
    writeFileSync(RANGE, empty ? `${group} ${group}` : `${Math.min(low, group)} ${Math.max(high, group)}`);
    return () => {
      try {
        writeFileSync(RANGE, before);
      } catch {
        // The namespace may have become read-only; the range stays wide.
      }
    };
  } catch {
    return undefined;
  }
}
