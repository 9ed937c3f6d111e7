import type { Duration } from '../lib/duration.ts';
import type { AddressFamily, IpAddress } from '../lib/ip.ts';
import type { ScriptCommand } from '../lib/script.ts';

/** What an instance or a sync group tracks: the weight in force there, the item's own where nothing else was said. */
export interface TrackedItem {
  /** Name of the interface, script, file, process or BFD session. */
  readonly name: string;
  /** Change of priority; 0 makes a failure a fault. */
  readonly weight: number;
  /** The sense is inverted. */
  readonly reverse: boolean;
}

/** vrrp_script; it runs where somebody tracks it. */
export interface VrrpScript {
  readonly name: string;
  /** A command, or a file whose opening is the test (`<path`). */
  readonly command: ScriptCommand;
  readonly systemCheck: boolean;
  readonly interval: Duration;
  /** Longest run; absent: the interval. */
  readonly timeout?: Duration;
  readonly weight: number;
  readonly reverse: boolean;
  readonly rise: number;
  readonly fall: number;
  readonly initFail: boolean;
}

/** vrrp_track_process. */
export interface TrackProcess {
  readonly name: string;
  /** Path or name of the process. */
  readonly process: string;
  readonly parameters: readonly string[];
  /** How parameters are compared; none means that they are not. */
  readonly parameterMatch: 'none' | 'exact' | 'initial' | 'partial';
  readonly fullCommand: boolean;
  readonly weight: number;
  readonly reverse: boolean;
  readonly quorum: number;
  readonly quorumMaximum?: number;
  readonly terminateDelay: Duration;
  readonly forkDelay: Duration;
}

/** track_file, also under its old name vrrp_track_file. */
export interface TrackFile {
  readonly name: string;
  readonly path: string;
  readonly weight: number;
  readonly reverse: boolean;
  /** Value written at start: into a missing file, or into any with overwrite. */
  readonly initial?: { readonly value: number; readonly overwrite: boolean };
}

/** bfd_instance (RFC 5880 section 6.8.1, RFC 5881). */
export interface BfdInstance {
  readonly name: string;
  readonly family: AddressFamily;
  readonly neighbor: IpAddress;
  readonly source?: IpAddress;
  readonly minimumReceive: Duration;
  readonly minimumTransmit: Duration;
  readonly idleTransmit: Duration;
  readonly multiplier: number;
  readonly passive: boolean;
  readonly ttl: number;
  /** Hops a packet may have made; -1 turns the test off. */
  readonly maximumHops: number;
  readonly multihop: boolean;
  readonly weight: number;
  readonly reverse: boolean;
  /** Who is told of its state. */
  readonly forVrrp: boolean;
  readonly forCheckers: boolean;
}
