import type { VrrpInstance } from '../../config/types.ts';
import type { Instant } from '../../lib/duration.ts';
import { type TrackEffect, totalWeight } from '../../track/effect.ts';
import type { TrackKey } from '../../track/items.ts';
import type { VrrpLogEvent } from '../../vrrp/log-event.ts';

/** Why a virtual router cannot work at the moment. */
export type FaultReason =
  | 'interfaceDown'
  | 'virtualInterfaceDown'
  | 'noSourceAddress'
  | 'sourceAddressAbsent'
  | 'configuration'
  | TrackKey;

/** What its sync group says to a virtual router. */
export interface Partners {
  isFaulty(): boolean;
  mayBeginAsMaster(): boolean;
  mayBecomeMaster(): boolean;
  mayWork(): boolean;
  /** The router has just changed its state; `released`: somebody took an address from it. */
  changed(released: boolean, now: Instant): void;
  /** The other masters draw their traffic back too. */
  announceAlong(): void;
}

/** What keeps a virtual router from working, and what moves its priority. */
export class RouterConditions {
  readonly #faults = new Set<FaultReason>();
  #tracked: ReadonlyMap<FaultReason, TrackEffect> = new Map();
  partners: Partners | undefined;

  get faults(): ReadonlySet<FaultReason> {
    return this.#faults;
  }

  get faulty(): boolean {
    return this.#faults.size > 0;
  }

  /** How many first results of tracked scripts are awaited. */
  get waitingFor(): number {
    let count = 0;
    for (const { kind } of this.#tracked.values()) if (kind === 'waiting') count++;
    return count;
  }

  /** Sum of the weights of tracked objects. */
  get weight(): number {
    return totalWeight(this.#tracked.values());
  }

  /** Nothing is awaited, and no partner has a fault or awaits anything. */
  get mayWork(): boolean {
    return this.waitingFor === 0 && this.partners?.mayWork() !== false;
  }

  /** A router without partners decides alone whether it begins as master. */
  get mayBeginAsMaster(): boolean {
    return !this.faulty && this.partners?.mayBeginAsMaster() !== false;
  }

  /** At its start a fault of its own or of its sync group keeps it from working. */
  get beginsFaulty(): boolean {
    return this.faulty || this.partners?.isFaulty() === true;
  }

  setFault(reason: FaultReason, present: boolean): void {
    if (present) this.#faults.add(reason);
    else this.#faults.delete(reason);
  }

  /** All that tracked objects do now; its own interfaces may be among them or not. */
  replaceTracked(effects: ReadonlyMap<TrackKey, TrackEffect>, tracksOwnInterfaces: boolean): void {
    if (!tracksOwnInterfaces)
      for (const fault of ['interfaceDown', 'virtualInterfaceDown'] as const) this.#faults.delete(fault);
    for (const key of this.#tracked.keys()) this.#faults.delete(key);
    for (const [key, { kind }] of effects) if (kind === 'fault') this.#faults.add(key);
    this.#tracked = effects;
  }

  /** Why `instance` begins in the fault state; keepalived does not name BFD sessions. */
  initialFaults(instance: VrrpInstance): readonly InitialFault[] {
    return (
      [...this.#faults]
        // What is wrong with the configuration has been said when it was read.
        .filter((fault) => fault !== 'configuration' && !fault.startsWith('bfd '))
        .map((fault) => initialFault(fault, instance, this.#tracked.get(fault)))
    );
  }

  effectOf(key: TrackKey): TrackEffect | undefined {
    return this.#tracked.get(key);
  }

  /** Returns what the object did before. */
  setTracked(key: TrackKey, effect: TrackEffect): TrackEffect | undefined {
    const before = this.#tracked.get(key);
    this.#tracked = new Map([...this.#tracked, [key, effect]]);
    return before;
  }
}

/** Why a router begins in the fault state. */
export type InitialFault = VrrpLogEvent & { event: 'initialFault' };

function initialFault(
  fault: FaultReason,
  { interface: ownInterface, vmac, family }: VrrpInstance,
  effect: TrackEffect | undefined,
): InitialFault {
  if (fault === 'virtualInterfaceDown')
    return { event: 'initialFault', reason: 'interfaceDown', subject: vmac?.name ?? ownInterface };
  const space = fault.indexOf(' ');
  if (space < 0) {
    const reason = fault as InitialFault['reason'];
    return { event: 'initialFault', reason, subject: reason === 'noSourceAddress' ? `IPv${family}` : ownInterface };
  }
  const kind = fault.slice(0, space);
  const reason = kind === 'interface' ? 'interfaceDown' : (kind as InitialFault['reason']);
  const status = effect?.kind === 'fault' ? effect.status : undefined;
  return { event: 'initialFault', reason, subject: fault.slice(space + 1), ...(status !== undefined && { status }) };
}
