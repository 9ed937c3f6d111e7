import type { KnownServers } from './known-servers.ts';
import type { PlaceIndex } from './places.ts';

/** How a configuration is to be read. */
export interface LoadOptions {
  /** What `@ID` conditions are compared with: `-i`, else the host name up to its first dot. */
  readonly configId: string;
  /** Checking only (`-t`): number readers are strict. */
  readonly test: boolean;
  /** `-e`: every include must match a file. */
  readonly includeCheck: boolean;
  /** The network namespace does not follow the configuration: it was given otherwise, or is fixed since the start. */
  readonly namespaceSettled?: boolean;
  /** The network namespace, over the configuration's (`-s`). */
  readonly namespace?: string;
  /** Where the SNMP agent listens, over the configuration's (`-A`). */
  readonly snmpSocket?: string;
  /** Filled with where every word stands; blocks of unknown keywords are then skipped whole. */
  readonly places?: PlaceIndex;
  /** What earlier readings of this daemon made of virtual servers. */
  readonly known?: KnownServers;
  /** Names of virtual interfaces that earlier readings of this daemon called for and nobody else had made; added to. */
  readonly ownInterfaces?: Set<string>;
  /** Interfaces that earlier readings of this daemon named and found: at a reload they may have gone. Added to. */
  readonly foundInterfaces?: Set<string>;
  /** With --log-detail (-D), which tells of more. */
  readonly detailed?: boolean;
  /** Told of each file that is read, and of its length in characters. */
  readonly fileRead?: (length: number) => void;
}
