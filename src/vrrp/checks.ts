import type { IpAddress } from '../lib/ip.ts';
import type { KeyedHashes } from '../lib/keyed-hash.ts';
import type { PacketComplaint } from './complaint.ts';
import type { Parameters } from './parameters.ts';
import type { ReceivedPacket } from './received.ts';
import type { Counter } from './statistics.ts';
import type { WireState } from './wire-state.ts';

/** What the examination of a packet depends on besides parameters and packet. */
export interface Surroundings {
  /** The sender whose address list was checked before (skip_check_adv_addr). */
  readonly lastMaster: IpAddress | undefined;
  readonly wire: WireState;
  /** Microseconds since 1970. */
  readonly wallClock: number;
  readonly hashes: KeyedHashes;
}

/** A packet under examination. */
export interface Subject extends Surroundings {
  readonly parameters: Parameters;
  readonly packet: ReceivedPacket;
  /** Length of the VRRP packet by its header, without a trailer. */
  readonly pduLength: number;
  /** An auth_hmac trailer follows it. */
  readonly hasTrailer: boolean;
}

/** Why a packet is ignored. */
export interface Refusal {
  readonly counter?: Counter;
  readonly complaint?: PacketComplaint;
}

/** The outcome of one check: undefined to go on, perhaps with something remembered or doubted on the way. */
export interface Finding {
  readonly refusal?: Refusal;
  readonly doubt?: PacketComplaint;
  readonly wire?: WireState;
  /** The version 3 checksum of unicast was found to be the old one. */
  readonly oldChecksumDetected?: true;
}

export type Check = (subject: Subject) => Finding | undefined;

/** A finding that refuses the packet. */
export function refuse(counter: Counter | undefined, complaint?: PacketComplaint): Finding {
  return { refusal: { ...(counter && { counter }), ...(complaint && { complaint }) } };
}

/** Whether adverts go to peers. */
export function isUnicast({ instance }: Parameters): boolean {
  return instance.unicast !== undefined;
}
