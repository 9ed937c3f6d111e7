import type { VrrpInstance } from '../config/types.ts';
import type { Instant } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import { highestPriority, isOwner, ownerPriority } from '../lib/priority.ts';

/** What the machine decides by, besides its state: configuration and what tracking makes of it. */
export interface Parameters {
  readonly instance: VrrpInstance;
  /** 1 to 254, or 255 for an address owner. */
  readonly effectivePriority: number;
  /** Source of our adverts; absent while the interface has none. */
  readonly sourceAddress?: IpAddress;
  /** No wait for a master begins before this (vrrp_startup_delay). */
  readonly electionFrom?: Instant;
  /**
   * A version 3 master goes on with the interval it learnt as backup, in all but its adverts, as keepalived's does without
   * -D.
   */
  readonly keepsLearntInterval?: true;
}

/** The base priority moved by the tracked objects' weights; ownership (255) is not negotiable. */
export function effectivePriority(instance: VrrpInstance, contributions: number): number {
  if (isOwner(instance)) return ownerPriority;
  return Math.min(highestPriority, Math.max(1, instance.priority + contributions));
}

/** The same for a router that has no address to send with. */
export function withoutSource({ sourceAddress: _, ...others }: Parameters): Parameters {
  return others;
}
