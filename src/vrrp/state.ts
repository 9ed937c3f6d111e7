import type { Duration, Instant } from '../lib/duration.ts';
import type { AcceptedAdvert } from './examine.ts';
import type { VrrpLogEvent } from './log-event.ts';
import type { Memory } from './memory.ts';

export type State = Initialize | Backup | Master | Fault;

/** Not started yet. */
export interface Initialize {
  readonly name: 'initialize';
  readonly memory: Memory;
}

/** RFC 5798, section 6.4.2. */
export interface Backup {
  readonly name: 'backup';
  readonly memory: Memory;
  readonly masterDownAt: Instant;
  /** preempt_delay is running: until then lower priority adverts are obeyed. */
  readonly preemptAt?: Instant;
  /** Its time came, but its sync group held it back; it agrees as soon as the others do. */
  readonly wantsMaster?: true;
}

/** RFC 5798, section 6.4.3. */
export interface Master {
  readonly name: 'master';
  readonly memory: Memory;
  readonly advertAt: Instant;
  /** Another host also claims to own the addresses. */
  readonly rogue?: Rogue;
  readonly unanswered?: Unanswered;
}

/** Packets that a master has heard within one advert interval and not answered. */
export interface Unanswered {
  readonly since: Instant;
  readonly count: number;
  /** The interval before was one of flood. */
  readonly flooded: boolean;
}

/** An interface is down, or has no source address: nothing can be sent or heard. */
export interface Fault {
  readonly name: 'fault';
  readonly memory: Memory;
  /** It could work again, but its sync group cannot. */
  readonly heldBack?: true;
}

/** It takes part in the election. */
export function isWorking({ name }: State): boolean {
  return name === 'backup' || name === 'master';
}

/** First we advertise twice, then we listen whether the other owner still does. */
export type Rogue =
  | { readonly phase: 'advertising'; readonly left: number; readonly interval: Duration }
  | { readonly phase: 'listening'; readonly until: Instant };

export type Event =
  /**
   * Begin at `from`, which vrrp_startup_delay may put into the future. `heldBack`: the sync group does not begin as master.
   * `late`: the first results of tracked scripts had to be awaited. `again`: a reload found it waiting for them, which counts
   * as a fault already.
   */
  | {
      readonly type: 'start';
      readonly from: Instant;
      readonly faulty: boolean;
      readonly heldBack?: boolean;
      readonly late?: boolean;
      readonly again?: boolean;
    }
  /** A packet did not pass examination. */
  | { readonly type: 'refused' }
  /** A packet that passed examination. */
  | { readonly type: 'advert'; readonly advert: AcceptedAdvert }
  /** The deadline of the state has come. `heldBack`: the sync group does not let a backup become master yet. */
  | { readonly type: 'timer'; readonly heldBack?: boolean }
  /** The sync group takes its member along; `release` is to backup, competing again at once. */
  | { readonly type: 'synced'; readonly to: 'master' | 'backup' | 'fault' | 'release' }
  /**
   * The first reason for a fault appeared, or the last one went; `reloading`: a new configuration brought it. `heldBack`: the
   * sync group cannot work yet.
   */
  | {
      readonly type: 'faultsChanged';
      readonly faulty: boolean;
      readonly heldBack?: boolean;
      readonly reloading?: true;
    }
  /** Tracking changed the effective priority, which `parameters` already carries. `quiet`: nothing is told or logged. */
  | { readonly type: 'priorityChanged'; readonly from: number; readonly quiet?: boolean }
  /** A master is to speak out of turn, as before and after a reload. */
  | { readonly type: 'advertise' }
  /** `parameters` carries a new configuration of the same virtual router. */
  | { readonly type: 'reconfigured' }
  /** Somebody else removed an address of ours. */
  | { readonly type: 'addressLost' }
  | { readonly type: 'shutdown' };

/** An advert to send. `extra`: it does not move the time of the next regular one. */
export interface SendAdvert {
  readonly type: 'sendAdvert';
  readonly priority: number;
  readonly extra?: true;
}

/** Effects, to be applied in this order. */
export type Action =
  | SendAdvert
  | { readonly type: 'log'; readonly event: VrrpLogEvent }
  /** The next authentication header leaves a sequence number out. */
  | { readonly type: 'skipSequence' }
  /** interface_up_down_delays of its interface count for `longest` at most from now on. */
  | { readonly type: 'limitLinkDelays'; readonly longest: Duration }
  | { readonly type: 'addAddresses' }
  | { readonly type: 'removeAddresses' }
  /** Announce every address, and again later as the schedule says. */
  | { readonly type: 'announceAddresses' }
  /** Announce again because a lower priority master may have drawn the traffic. */
  | { readonly type: 'announceAfterLowerPriority' }
  | { readonly type: 'stopAnnouncing' }
  | { readonly type: 'notify'; readonly state: 'master' | 'backup' | 'fault' }
  | { readonly type: 'notifyLowerPriority' }
  | { readonly type: 'notifyPriority'; readonly master: boolean };

export interface Step {
  readonly state: State;
  readonly actions: readonly Action[];
}
