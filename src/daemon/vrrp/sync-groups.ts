import type { SyncGroup, VrrpInstance } from '../../config/types.ts';
import type { Instant } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import { toldStates } from '../../lib/vrrp-words.ts';
import { type Notification, notifyGroup, notifyState } from '../../notify/vrrp.ts';
import { isMasterAtOnce } from '../../vrrp/machine.ts';
import {
  adoptedGroupState,
  followMember,
  type GroupState,
  type GroupStep,
  initialGroupState,
  type Member,
  mayBeginAsMaster,
  mayBecomeMaster,
  mayWork,
} from '../../vrrp/sync-group.ts';
import { printVrrpEvent } from '../../report/vrrp-log.ts';
import type { Partners } from './router-conditions.ts';
import type { VirtualRouter } from './virtual-router.ts';

/** What sync groups do to the world. */
export interface GroupEffects {
  readonly log: Log;
  /** Takes a step of one router, whose next deadline then counts. */
  act(router: VirtualRouter, step: (now: Instant) => void): void;
  notify(notification: Notification): void;
}

type Move = GroupStep['moves'][number]['to'];

/** The vrrp_sync_groups of a process. */
export class SyncGroups {
  readonly #effects: GroupEffects;
  #groups = new Map<string, RunningGroup>();

  constructor(effects: GroupEffects) {
    this.#effects = effects;
  }

  /** Takes over a configuration with its routers; `running` when they are at work already. */
  configure(groups: readonly SyncGroup[], routers: readonly VirtualRouter[], running: boolean): void {
    const before = this.#groups;
    const byName = new Map(routers.map((router) => [router.instance.name, router]));
    for (const router of routers) router.join(undefined);
    this.#groups = new Map();
    for (const group of groups) {
      const members = group.members.flatMap((name) => byName.get(name) ?? []);
      const now = before.get(group.name) ?? new RunningGroup(group, this.#effects);
      now.adopt(group, members, running);
      this.#groups.set(group.name, now);
    }
  }

  /** After a reload: brings a router that joined a group to its state. */
  align(router: VirtualRouter): void {
    this.#of(router.instance)?.align(router);
  }

  /** At the start and at a reload: says which groups are in the fault state, because of whom, and which new routers begin in it. */
  sayFaults(fresh: readonly VirtualRouter[]): void {
    for (const group of this.#groups.values()) group.sayFault();
    for (const { instance, beginsFaulty } of fresh)
      if (beginsFaulty) this.#effects.log(printVrrpEvent(instance.name, { event: 'enteringFault', initial: true }));
  }

  /** After a reload: groups that it has put into the fault state say so. */
  tellFaults(): void {
    for (const group of this.#groups.values()) group.tellFault();
  }

  stateOf(group: SyncGroup): GroupState | undefined {
    return this.#groups.get(group.name)?.state;
  }

  /** Members that are in fault by themselves, and those that await a first result. */
  counts(group: SyncGroup): { readonly faulty: number; readonly waiting: number } | undefined {
    return this.#groups.get(group.name)?.counts();
  }

  /** Starts all routers at `from`: those with a fault first; then the groups say how they begin, before the others do. */
  start(routers: readonly VirtualRouter[], from: Instant): void {
    const begin = (router: VirtualRouter): void => this.#effects.act(router, (now) => router.start(from, now));
    const faulty = new Set(routers.filter(({ beginsFaulty }) => beginsFaulty));
    for (const router of faulty) begin(router);
    for (const group of this.#groups.values()) if (group.state !== 'master') group.tellOnce();
    for (const router of routers) if (!faulty.has(router)) begin(router);
  }

  /** The FIFO lines of all states, the groups' first; what awaits first results counts as a fault. */
  states(routers: readonly VirtualRouter[]): string[] {
    const notified = (state: GroupState) => (state === 'initialize' ? 'FAULT' : toldStates[state]);
    const groups = [...this.#groups.values()].map(({ group, state }) => notifyGroup(group, notified(state)));
    const members = routers.map(({ instance, state, effectivePriority }) =>
      notifyState(instance, notified(state.name), effectivePriority),
    );
    return [...groups, ...members].map(({ fifoLine }) => fifoLine);
  }

  stop(): readonly Notification[] {
    return [...this.#groups.values()].map(({ group }) => notifyGroup(group, 'STOP'));
  }

  #of({ name }: VrrpInstance): RunningGroup | undefined {
    for (const group of this.#groups.values()) if (group.group.members.includes(name)) return group;
    return undefined;
  }
}

class RunningGroup {
  #group: SyncGroup;
  #state: GroupState = 'initialize';
  #members: readonly VirtualRouter[] = [];
  #told = false;
  #owesFault = false;
  readonly #effects: GroupEffects;

  constructor(group: SyncGroup, effects: GroupEffects) {
    this.#group = group;
    this.#effects = effects;
  }

  get group(): SyncGroup {
    return this.#group;
  }

  get state(): GroupState {
    return this.#state;
  }

  adopt(group: SyncGroup, members: readonly VirtualRouter[], running: boolean): void {
    this.#group = group;
    this.#members = members;
    const before = this.#state;
    this.#state = running ? adoptedGroupState(this.#views()) : initialGroupState(this.#views());
    if (running && before === 'initialize' && this.#state === 'backup') this.tellOnce();
    const wasAtWork = before === 'fault' || (running && before === 'master');
    if (wasAtWork && this.#state === 'backup') this.#effects.notify(notifyGroup(group, 'BACKUP'));
    this.#owesFault = running && before !== 'fault' && this.#state === 'fault';
    for (const member of members) member.join(this.#partnersOf(member));
  }

  sayFault(): void {
    if (this.#state !== 'fault') return;
    const first = this.#members.find(({ faults }) => faults.size > 0)?.instance.name;
    const message = `VRRP_Group(${this.#group.name}): Syncing ${first} to FAULT state`;
    this.#effects.log({ level: 'info', message });
  }

  /** After a reload: the group tells its fault when all members have told theirs. */
  tellFault(): void {
    if (!this.#owesFault) return;
    this.#owesFault = false;
    this.#told = true;
    this.#effects.notify(notifyGroup(this.#group, 'FAULT'));
  }

  align({ state, instance }: VirtualRouter): void {
    const to = this.#state;
    if (to !== 'backup' && to !== 'fault') return;
    if (state.name === 'master' || (state.name === 'backup' && to === 'fault')) this.#move(instance.name, to);
  }

  counts(): { readonly faulty: number; readonly waiting: number } {
    const views = this.#views();
    return {
      faulty: views.filter(({ faulty }) => faulty).length,
      waiting: views.filter(({ waiting }) => waiting).length,
    };
  }

  tellOnce(): void {
    if (this.#told || this.#state === 'initialize') return;
    this.#told = true;
    this.#effects.notify(notifyGroup(this.#group, toldStates[this.#state]));
  }

  #partnersOf(member: VirtualRouter): Partners {
    return {
      isFaulty: () => this.#state === 'fault',
      mayBeginAsMaster: () => mayBeginAsMaster(this.#state, this.#views()),
      mayBecomeMaster: () => mayBecomeMaster(this.#state, this.#views(), member.instance.name),
      mayWork: () => mayWork(this.#views()),
      changed: (released, now) => this.#changed(member, released, now),
      announceAlong: () => {
        for (const other of this.#members) {
          if (other === member || other.state.name !== 'master') continue;
          this.#effects.act(other, (now) => other.announceAgain(now));
        }
      },
    };
  }

  #changed(member: VirtualRouter, released: boolean, now: Instant): void {
    const step = followMember(this.#state, this.#views(), member.instance.name, { released });
    this.#state = step.state;
    const { state } = step;
    if (step.notify && state !== 'initialize') {
      const message = `VRRP_Group(${this.#group.name}) Syncing instances to ${toldStates[state]} state`;
      this.#effects.log({ level: 'info', message });
    }
    if (released) this.#releaseAll(step.moves, now);
    else for (const { name, to } of step.moves) this.#move(name, to);
    // Its next advert comes after theirs.
    if (state === 'master') this.#effects.act(member, (then) => member.restartAdvertInterval(then));
    if (step.notify && state !== 'initialize') this.#effects.notify(notifyGroup(this.#group, toldStates[state]));
  }

  /** All at the same instant: of deadlines that are equal then, that of the one who lost something comes last. */
  #releaseAll(moves: GroupStep['moves'], now: Instant): void {
    for (const { name } of moves) {
      const router = this.#members.find(({ instance }) => instance.name === name);
      if (router) this.#effects.act(router, () => router.handle({ type: 'synced', to: 'release' }, now));
    }
  }

  #move(name: string, to: Move): void {
    const router = this.#members.find(({ instance }) => instance.name === name);
    if (!router) return;
    this.#effects.act(router, (now) => router.handle({ type: 'synced', to }, now));
  }

  #views(): readonly Member[] {
    return this.#members.map((router) => ({
      name: router.instance.name,
      state: router.state,
      faulty: router.faults.size > 0,
      waiting: router.waitingFor > 0,
      masterAtOnce: isMasterAtOnce(router.instance),
    }));
  }
}
