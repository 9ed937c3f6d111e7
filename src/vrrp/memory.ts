import type { Duration, Instant } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { PacketComplaint } from './complaint.ts';
import type { VrrpLogEvent } from './log-event.ts';
import { noStatistics, type Statistics } from './statistics.ts';

/** What a virtual router remembers across its states. */
export interface Memory {
  /** Our own interval until a version 3 master's is accepted (RFC 5798, section 6.1, Master_Adver_Interval). */
  readonly masterAdverInterval: Duration;
  /** Sender of the last advert seen while backup. */
  readonly masterAddress?: IpAddress;
  readonly masterPriority: number;
  /** Highest priority heard while not preempting: whom we would have lost to during a stall of our own. */
  readonly highestOtherPriority: number;
  /** An owner (255) that stepped down to 254 because another host claims to be owner too. */
  readonly ownerDemoted: boolean;
  readonly lastAdvertSent?: Instant;
  readonly statistics: Statistics;
  /** Complaints already made since the state or the master changed: each is made once. */
  readonly complained: readonly PacketComplaint['event'][];
}

/** `highestOtherPriority`: what timer_expired_backup supposes until others are heard. */
export function initialMemory(advertisementInterval: Duration, highestOtherPriority = 0): Memory {
  return {
    masterAdverInterval: advertisementInterval,
    masterPriority: 0,
    highestOtherPriority,
    ownerDemoted: false,
    statistics: noStatistics,
    complained: [],
  };
}

/** Sorts out the complaints that were made already. */
export function complainOnce(
  memory: Memory,
  complaints: readonly PacketComplaint[],
): { memory: Memory; fresh: readonly VrrpLogEvent[] } {
  const fresh = complaints.filter((complaint) => !memory.complained.includes(complaint.event));
  if (fresh.length === 0) return { memory, fresh };
  return {
    memory: { ...memory, complained: [...memory.complained, ...fresh.map((complaint) => complaint.event)] },
    fresh,
  };
}
