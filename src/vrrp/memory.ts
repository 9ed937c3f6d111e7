import { type Duration, type Instant, micros } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { NewMasterReason, ProtocolError } from '../lib/vrrp-words.ts';
import type { PacketComplaint } from './complaint.ts';
import type { VrrpLogEvent } from './log-event.ts';
import { protocolErrorOf } from './refusal.ts';
import { noStatistics, type Statistics } from './statistics.ts';

/** What a virtual router remembers across its states. */
export interface Memory {
  /** Our own interval until a version 3 master's is accepted (RFC 5798, section 6.1, Master_Adver_Interval). */
  readonly masterAdverInterval: Duration;
  /** Sender of the last advert seen while backup. */
  readonly masterAddress?: IpAddress;
  readonly masterPriority: number;
  /** The wait for adverts that was set last (Master_Down_Interval, or the skew time alone); kept while master. */
  readonly masterDownTimer: Duration;
  /** Highest priority heard while not preempting: whom we would have lost to during a stall of our own. */
  readonly highestOtherPriority: number;
  /** An owner (255) that stepped down to 254 because another host claims to be owner too. */
  readonly ownerDemoted: boolean;
  readonly lastAdvertSent?: Instant;
  readonly statistics: Statistics;
  /** Why it would become master now; below, why it did the last time. */
  readonly masterCause: NewMasterReason;
  readonly newMasterReason: NewMasterReason | 'notMaster';
  readonly protocolError: ProtocolError | 'noError';
  /** Complaints already made since the state or the master changed: each is made once. */
  readonly complained: readonly PacketComplaint['event'][];
}

/** What a router knows before it starts. `highestOtherPriority`: what timer_expired_backup supposes until others are heard. */
export function initialMemory(advertisementInterval: Duration, highestOtherPriority = 0): Memory {
  return {
    masterAdverInterval: advertisementInterval,
    masterPriority: 0,
    masterDownTimer: micros(0),
    highestOtherPriority,
    ownerDemoted: false,
    statistics: noStatistics,
    masterCause: 'masterNoResponse',
    newMasterReason: 'notMaster',
    protocolError: 'noError',
    complained: [],
  };
}

/** The complaints that were not made before (`fresh`), and a memory of them and of the last protocol error. */
export function complainOnce(
  memory: Memory,
  complaints: readonly PacketComplaint[],
): { memory: Memory; fresh: readonly VrrpLogEvent[] } {
  const fresh = complaints.filter((complaint) => !memory.complained.includes(complaint.event));
  const protocolError = complaints.flatMap((complaint) => protocolErrorOf(complaint) ?? []).at(-1);
  if (fresh.length === 0 && protocolError === undefined) return { memory, fresh };
  const complained = [...memory.complained, ...fresh.map((complaint) => complaint.event)];
  return { memory: { ...memory, complained, protocolError: protocolError ?? memory.protocolError }, fresh };
}
