import type { VrrpInstance } from '../../config/types.ts';
import { assertNever } from '../../lib/assert-never.ts';
import { type Instant, laterOf, micros } from '../../lib/duration.ts';
import type { IpAddress } from '../../lib/ip.ts';
import { isOwner } from '../../lib/priority.ts';
import { type Notification, notifyPriority, notifyState } from '../../notify/vrrp.ts';
import { printVrrpEvent } from '../../report/vrrp-log.ts';
import type { TrackEffect } from '../../track/effect.ts';
import type { TrackKey } from '../../track/items.ts';
import type { VrrpLogEvent } from '../../vrrp/log-event.ts';
import type { RepeatCounter } from '../../os/sockets/vrrp-socket.ts';
import { advertisedPriority, putOff } from '../../vrrp/become.ts';
import { deadline, initialState, isMasterAtOnce, transition } from '../../vrrp/machine.ts';
import { advertSent } from '../../vrrp/master.ts';
import { complainOnce } from '../../vrrp/memory.ts';
import { type Milestones, passed } from '../../vrrp/milestones.ts';
import { effectivePriority, type Parameters, withoutSource } from '../../vrrp/parameters.ts';
import type { ReceivedPacket } from '../../vrrp/received.ts';
import type { Action, Event, State } from '../../vrrp/state.ts';
import { isSteadyMaster, onlyPutOff } from '../../vrrp/steady.ts';
import { count, noStatistics } from '../../vrrp/statistics.ts';
import type { ArrivedAddresses } from './address-changes.ts';
import { RouterAddresses } from './router-addresses.ts';
import { RouterAnnouncements } from './router-announcements.ts';
import { type FaultReason, type InitialFault, type Partners, RouterConditions } from './router-conditions.ts';
import type { RouterEffects } from './router-effects.ts';
import { notificationOf } from './router-notification.ts';
import { RouterWire } from './router-wire.ts';
import { SteadyState } from './steady-state.ts';

/** The life of one vrrp_instance: events go through the pure machine, its actions become effects in order. */
export class VirtualRouter {
  #parameters: Parameters;
  #state: State;
  readonly #announcements: RouterAnnouncements;
  readonly #addresses: RouterAddresses;
  readonly #conditions = new RouterConditions();
  /** Why it cannot work now; empty when it can. */
  readonly faults: ReadonlySet<FaultReason> = this.#conditions.faults;
  readonly #wire: RouterWire;
  readonly #steady = new SteadyState((identification) => this.#wire.repeated(identification));
  #milestones: Milestones = { transition: 0 };
  /** When it was told to start; first results of scripts may still be awaited. */
  #startFrom: Instant | undefined;
  readonly #effects: RouterEffects;

  constructor(instance: VrrpInstance, effects: RouterEffects) {
    this.#parameters = {
      instance,
      effectivePriority: effectivePriority(instance, 0),
      ...(!effects.detailed && { keepsLearntInterval: true }),
    };
    this.#state = initialState(this.#parameters);
    this.#effects = effects;
    this.#wire = new RouterWire(effects);
    this.#announcements = new RouterAnnouncements(effects);
    this.#addresses = new RouterAddresses(effects, (event) => this.#say(event));
  }

  get instance(): VrrpInstance {
    return this.#parameters.instance;
  }

  get state(): State {
    if (this.#steady.isActive) this.#state = this.#steady.follow(this.#parameters, this.#state);
    return this.#state;
  }

  get parameters(): Parameters {
    return this.#parameters;
  }

  get effectivePriority(): number {
    return advertisedPriority(this.#parameters, this.#state.memory);
  }

  get milestones(): Milestones {
    return this.#milestones;
  }

  get sourceAddress(): IpAddress | undefined {
    return this.#parameters.sourceAddress;
  }

  get routingOwner(): string {
    return this.#effects.routing.owner;
  }

  clearStatistics(): void {
    this.#state = { ...this.state, memory: { ...this.state.memory, statistics: noStatistics } };
  }

  /** True from the moment the addresses are put on their interfaces until they are taken off. */
  get holdsAddresses(): boolean {
    return this.#addresses.held;
  }

  /** Something else than time happens to it: from now on the machine does everything. */
  wake(): void {
    if (this.#steady.isActive) this.#state = this.#steady.end(this.#parameters, this.#state);
  }

  /** After a step: where there are many adverts, the addon sends them until something else happens. `failed`: it could not. */
  settle(failed: () => void): void {
    if (this.#steady.isActive || !isSteadyMaster(this.#state) || !this.#announcements.isQuiet) return;
    const times = { interval: this.instance.advertisementInterval, firstAt: this.#state.advertAt };
    this.#steady.send(this.#wire.repeat(this.#parameters, this.effectivePriority, times, failed));
  }

  /** Packets like the one it heard last are counted by `counter` from now on, and not received. */
  readonly hearRepeats = (counter: RepeatCounter | undefined): void => this.#steady.hear(counter);

  deadline(): Instant | undefined {
    return this.#steady.deadline(this.#parameters, this.#state);
  }

  /** What its announcements wait for, which does not hold up the machine's deadlines. */
  readonly announcing = {
    deadline: (): Instant | undefined => this.#announcements.deadline(),
    expire: (now: Instant): void => this.#announcements.expire(this.instance, this.#state.name === 'master', now),
  };

  /** Without a source it is in the fault state, of which the old address tells the others: over IPv4, where it may be sent. */
  useSourceAddress(sourceAddress: IpAddress | undefined, now: Instant): void {
    if (sourceAddress !== undefined) this.#parameters = { ...this.#parameters, sourceAddress };
    else if (this.instance.family === 6) this.#parameters = withoutSource(this.#parameters);
    this.setFault('noSourceAddress', sourceAddress === undefined, now);
  }

  /** The other routers of its sync group; undefined: it decides alone. */
  join(partners: Partners | undefined): void {
    this.#conditions.partners = partners;
  }

  /** How many first results of tracked scripts are awaited. */
  get waitingFor(): number {
    return this.#conditions.waitingFor;
  }

  /** The priority before it is limited to 1 to 254. */
  get totalPriority(): number {
    if (this.#state.memory.ownerDemoted) return this.effectivePriority;
    return this.instance.priority + this.#conditions.weight;
  }

  setFault(reason: FaultReason, present: boolean, now: Instant): void {
    const wasFaulty = this.#conditions.faulty;
    this.#conditions.setFault(reason, present);
    this.#followFaults(wasFaulty, now);
  }

  effectOf(key: TrackKey): TrackEffect | undefined {
    return this.#conditions.effectOf(key);
  }

  /** All that tracked objects do to it now: before the start or at a reload. */
  replaceTracked(effects: ReadonlyMap<TrackKey, TrackEffect>, { trackPrimaryInterface } = this.instance): void {
    this.#conditions.replaceTracked(effects, trackPrimaryInterface);
  }

  /**
   * A tracked object does something else to it. While it causes a fault its weight counts for nothing, but the priority
   * stays until something else changes it; after the fault the new one is taken over, and logged if the weight is not 0.
   */
  track(key: TrackKey, effect: TrackEffect, now: Instant): void {
    const before = this.#conditions.setTracked(key, effect);
    const quiet = before?.kind === 'fault';
    if (effect.kind !== 'fault') this.#followPriority(quiet, now);
    if (quiet && effect.kind === 'weight' && effect.weight !== 0)
      this.#say({ event: 'prioritySet', to: this.#parameters.effectivePriority });
    this.setFault(key, effect.kind === 'fault', now);
  }

  /** Tells what tracking makes of the configured priority, if anything. */
  announcePriority(now: Instant): void {
    this.#parameters = { ...this.#parameters, effectivePriority: effectivePriority(this.instance, 0) };
    this.#followPriority(false, now);
  }

  /** Another base priority, or preemption, until the next reload. As owner it goes on with the priority it has. */
  adjust(instance: VrrpInstance, now: Instant): void {
    this.#parameters = { ...this.#parameters, instance };
    if (!isOwner(instance)) this.#followPriority(false, now);
  }

  #followPriority(quiet: boolean, now: Instant): void {
    const from = this.#parameters.effectivePriority;
    const to = effectivePriority(this.instance, this.#conditions.weight);
    this.#parameters = { ...this.#parameters, effectivePriority: to };
    this.handle({ type: 'priorityChanged', from, quiet }, now);
  }

  #followFaults(wasFaulty: boolean, now: Instant): void {
    const before = this.#state.name;
    this.#faultsChanged(wasFaulty, now);
    this.#announceReturn(before, now);
  }

  #announceReturn(before: State['name'], now: Instant): void {
    const { instance, sourceAddress } = this.#parameters;
    const returned = this.#state.name === 'backup' && (before === 'fault' || before === 'initialize');
    if (returned && instance.unicast && sourceAddress) this.#announcements.source(instance, sourceAddress, now);
  }

  #faultsChanged(wasFaulty: boolean, now: Instant): void {
    const { faulty, mayWork } = this.#conditions;
    if (this.#state.name === 'initialize') {
      if (this.#startFrom === undefined || !(faulty || mayWork)) return;
      const from = laterOf(this.#startFrom, now);
      this.handle({ type: 'start', from, faulty, late: true, heldBack: !this.beginsAsMaster }, now);
    } else if (faulty || wasFaulty || mayWork) {
      this.handle({ type: 'faultsChanged', faulty, heldBack: !mayWork }, now);
    }
  }

  /** Before the start: removes what a predecessor may have left, without complaint. */
  purge(onNewInterface: boolean): void {
    if (!this.beginsAsMaster && !onNewInterface) this.#addresses.purge(this.instance);
  }

  /** `from` lies in the future with vrrp_startup_delay. `again`: it has waited for first results since it was started before. */
  start(from: Instant, now: Instant, again = false): void {
    this.#startFrom = from;
    this.#parameters = { ...this.#parameters, electionFrom: from };
    if (!this.beginsAsMaster) this.#addresses.sayLeft(this.instance);
    const { beginsFaulty: faulty, mayWork } = this.#conditions;
    if (faulty || mayWork) this.handle({ type: 'start', from, faulty, heldBack: !this.beginsAsMaster, again }, now);
  }

  get beginsFaulty(): boolean {
    return this.#conditions.beginsFaulty;
  }

  get beginsAsMaster(): boolean {
    return this.#conditions.mayBeginAsMaster && isMasterAtOnce(this.instance);
  }

  /** Whether the same again would do nothing but put the deadline off. */
  receive(packet: ReceivedPacket, now: Instant): boolean {
    this.wake();
    const before = this.#state;
    if (before.name === 'initialize' || before.name === 'fault') return false;
    const { memory } = before;
    const result = this.#wire.hear(this.#parameters, packet, memory.masterAddress);
    const counted = { ...memory, statistics: count(memory.statistics, ...result.counters) };
    const said = complainOnce(counted, result.complaints);
    this.#state = { ...this.#state, memory: said.memory };
    for (const complaint of said.fresh) this.#say(complaint);
    for (const complaint of result.complaints) this.#effects.complained(this.instance, complaint);
    if (result.oldChecksumDetected) this.#say({ event: 'oldChecksumDetected' });
    if (result.advert) this.handle({ type: 'advert', advert: result.advert }, now);
    else this.handle({ type: 'refused' }, this.#effects.now());
    return onlyPutOff(result, before, this.#state);
  }

  /** The deadline has come, or may have. */
  expire(now: Instant): void {
    const due = deadline(this.#state);
    if (due === undefined || due > now) return;
    const heldBack = this.#state.name === 'backup' && this.#conditions.partners?.mayBecomeMaster() === false;
    this.handle({ type: 'timer', heldBack }, now);
    if (this.#state.name === 'master') this.#announcements.afterAdvert(this.instance, now);
  }

  /** A master's next advert comes a whole interval from now. */
  restartAdvertInterval(now: Instant): void {
    this.wake();
    this.#state = advertSent(this.#parameters, this.#state, now);
  }

  handle(event: Event, now: Instant): void {
    this.wake();
    const before = this.#state.name;
    const step = transition(this.#parameters, this.#state, event, now);
    this.#state = step.state;
    this.#milestones = passed(this.#milestones, before, step.state.name, now);
    if (before !== 'master' && step.state.name === 'master') this.#wire.becameMaster();
    for (const action of step.actions) this.#apply(action, now);
    // The common start is the group's own doing.
    if (before === this.#state.name || (event.type === 'start' && !event.late)) return;
    const released = event.type === 'addressLost';
    if (this.#conditions.partners) this.#conditions.partners.changed(released, now);
    else if (released) this.#state = putOff(this.#state, micros(this.#effects.now() - now));
  }

  /**
   * Takes over a changed configuration of the same virtual router, which resumes later: state and counters stay. A master
   * removes and adds only the addresses that differ, announces only the new ones, and its adverts leave as before meanwhile.
   */
  reconfigure(instance: VrrpInstance, arrived: ArrivedAddresses, now: Instant): void {
    if (!this.#steady.isSending) this.wake();
    const previous = this.#parameters;
    const priority = effectivePriority(instance, this.#conditions.weight);
    this.#parameters = { ...previous, instance, effectivePriority: priority };
    const configured = effectivePriority(instance, 0);
    if (priority !== configured) {
      this.#say({ event: 'priorityChanged', from: configured, to: priority });
      this.#effects.notify(notifyPriority(instance, false, priority));
    }
    this.#addresses.exchange(previous.instance, instance, arrived, (addresses) =>
      this.#announcements.added(instance, addresses, now),
    );
  }

  /** What is said of its faults before the start and at a reload. */
  get initialFaults(): readonly InitialFault[] {
    return this.#conditions.initialFaults(this.instance);
  }

  /** Once its sync group is known again: what a new fault ends, ends without an advert. IPv4 identifications begin anew. */
  resume(now: Instant): void {
    this.handle({ type: 'reconfigured' }, now);
    this.#wire.reconfigured();
    const { beginsFaulty: faulty, mayWork } = this.#conditions;
    const before = this.#state.name;
    if (before === 'initialize') this.start(laterOf(this.#startFrom ?? now, now), now, true);
    else if (before !== 'master') this.#addresses.sayLeft(this.instance);
    this.handle({ type: 'faultsChanged', faulty, heldBack: !mayWork, reloading: true }, now);
    this.#announceReturn(before, now);
    this.handle({ type: 'advertise' }, now);
    this.#announcements.reload(this.instance, this.#state.name === 'master', now);
  }

  /**
   * Ends: a master says so and takes its addresses off, unless they are to stay (`release` false). Returns what is to be
   * told once every virtual router has done this.
   */
  shutdown(as: 'STOP' | 'DELETED', release: boolean, now: Instant): Notification {
    this.wake();
    const step = transition(this.#parameters, this.#state, { type: 'shutdown' }, now);
    this.#state = step.state;
    this.#startFrom = undefined;
    this.#conditions.partners = undefined;
    if (release) for (const action of step.actions) this.#apply(action, now);
    return notifyState(this.instance, as, this.effectivePriority);
  }

  /** Somebody else took `address` off `interface`. */
  addressRemoved(address: IpAddress, interfaceName: string, now: Instant): void {
    if (this.#addresses.lacks(this.instance, address, interfaceName)) this.handle({ type: 'addressLost' }, now);
  }

  #apply(action: Action, now: Instant): void {
    switch (action.type) {
      case 'sendAdvert':
        for (const failure of this.#wire.send(this.#parameters, action.priority)) this.#say(failure);
        if (!action.extra) this.restartAdvertInterval(this.#effects.now());
        return;
      case 'skipSequence':
        this.#wire.skipSequence();
        return;
      case 'limitLinkDelays':
        this.#effects.limitLinkDelays(this.instance, action.longest);
        return;
      case 'log':
        this.#say(action.event);
        return;
      case 'addAddresses':
        this.#addresses.add(this.instance);
        return;
      case 'removeAddresses':
        this.#addresses.remove(this.instance);
        return;
      case 'announceAddresses':
        this.#announcements.start(this.instance, now);
        return;
      case 'announceAfterLowerPriority':
        this.announceAgain(now);
        this.#conditions.partners?.announceAlong();
        return;
      case 'stopAnnouncing':
        this.#announcements.stop(this.instance);
        return;
      case 'notify':
      case 'notifyLowerPriority':
      case 'notifyPriority':
        this.#effects.notify(notificationOf(action, this.instance, this.effectivePriority));
        return;
      default:
        assertNever(action);
    }
  }

  /** Draws the traffic back from a lower priority master. */
  announceAgain(now: Instant): void {
    this.#announcements.again(this.instance, now);
  }

  announceOnce(now: Instant): void {
    if (this.#state.name === 'master') this.#announcements.once(this.instance, now);
  }

  #say(event: VrrpLogEvent): void {
    this.#effects.log(printVrrpEvent(this.instance.name, event));
  }
}
