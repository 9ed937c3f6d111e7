import type { IpAddress } from '../lib/ip.ts';

/** What a virtual router remembers of the datagrams it sent and heard, beside its state. A reload keeps it. */
export interface WireState {
  /** IPv4 identification of the last advert; 0 before the first. */
  readonly identification: number;
  /** Sequence number of the last authentication header sent, or heard as backup (RFC 2402, section 2.5). */
  readonly ahSequence: number;
  /** The sequence numbers were used up and began anew: those heard are not compared until the next election. */
  readonly ahCycled: boolean;
  /** Sequence of the last trailer sent. */
  readonly trailerSequence?: bigint;
  /** Last sequences heard, the most recent sender first. */
  readonly senders: readonly SenderMark[];
  /** A peer was heard that computes the version 3 checksum of unicast adverts over the multicast group. */
  readonly oldChecksum: boolean;
}

export interface SenderMark {
  readonly sender: IpAddress;
  readonly sequence: bigint;
}

export const initialWireState: WireState = {
  identification: 0,
  ahSequence: 0,
  ahCycled: false,
  senders: [],
  oldChecksum: false,
};
