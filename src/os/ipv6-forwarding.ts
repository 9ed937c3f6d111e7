import { readFileSync } from 'node:fs';
import { elapsedMilliseconds, wallOffset } from './clock.ts';

const CACHED_MS = 5000;
const cache = new Map<string, { readonly forwards: boolean; readonly at: number }>();

/** net.ipv6.conf.IF.forwarding, read at most every five seconds; false where there is no IPv6. */
export function forwardsIpv6(interfaceName: string): boolean {
  const known = cache.get(interfaceName);
  if (known && elapsedMilliseconds() - known.at < CACHED_MS) return known.forwards;
  const forwards = read(interfaceName);
  cache.set(interfaceName, { forwards, at: elapsedMilliseconds() });
  return forwards;
}

/** What was last read of an interface, and when in wall time (microseconds); undefined when nobody has asked. */
export function knownForwarding(
  interfaceName: string,
): { readonly forwards: boolean; readonly at: number } | undefined {
  const known = cache.get(interfaceName);
  return known && { forwards: known.forwards, at: Math.round(known.at * 1000 + wallOffset()) };
}

function read(interfaceName: string): boolean {
  try {
    return readFileSync(`/proc/sys/net/ipv6/conf/${interfaceName}/forwarding`, 'latin1').trim() !== '0';
  } catch {
    // The file is missing where the kernel runs without IPv6, or for an interface that has just gone.
    return false;
  }
}
