import { readFileSync } from 'node:fs';
import { inNetworkNamespace } from './network-namespace.ts';

const LISTING = '/proc/thread-self/net/ip_vs';

/**
 * The kernel's listing of IPVS services and destinations without the counts of connections, of this thread's network
 * namespace or of the one at `namespace`; undefined where there is none.
 */
export function ipvsListing(namespace?: string): string | undefined {
  const read = (): string => readFileSync(LISTING, 'latin1');
  try {
    return withoutConnections(namespace === undefined ? read() : inNetworkNamespace(namespace, read));
  } catch {
    return undefined;
  }
}

/** Lines of destinations end in the numbers of active and inactive connections. */
export function withoutConnections(listing: string): string {
  return listing.replace(/^( {2}-> .*?) +\d+ +\d+ *$/gm, '$1');
}
