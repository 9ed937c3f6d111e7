import type { VirtualAddress, VrrpInstance } from '../../config/types.ts';
import type { Duration, Instant } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import type { Notification } from '../../notify/vrrp.ts';
import type { PacketComplaint } from '../../vrrp/complaint.ts';
import type { RoutingEffects } from './instance-routing.ts';
import type { AnnounceEffects } from './router-announcements.ts';
import type { WireEffects } from './router-wire.ts';

/** What a virtual router does to the world. Every call takes effect before it returns and none waits. */
export interface RouterEffects extends WireEffects, AnnounceEffects {
  readonly log: Log;
  /** Lines that only -D shows are wanted. */
  readonly detailed: boolean;
  now(): Instant;
  addAddresses(addresses: readonly VirtualAddress[]): void;
  /** `purge`: these may not be there, and that is nothing to complain about. */
  removeAddresses(addresses: readonly VirtualAddress[], purge: boolean): void;
  /** interface_up_down_delays of the instance's interface count for `longest` at most from now on. */
  limitLinkDelays(instance: VrrpInstance, longest: Duration): void;
  readonly routing: RoutingEffects;
  notify(notification: Notification): void;
  /** It complains of a packet, whether or not it has done so before. */
  complained(instance: VrrpInstance, complaint: PacketComplaint): void;
}
