import type { FileValues } from '../../checkers/first-verdict.ts';
import { virtualServerIdentity } from '../../checkers/identity.ts';
import { freshService, type ReloadNotices, type RunningService, reload } from '../../checkers/reload.ts';
import {
  type CheckerEvent,
  effectiveWeight,
  refused,
  type ServiceEvent,
  type ServiceState,
  started,
  transition,
} from '../../checkers/service.ts';
import type { ServiceAction } from '../../checkers/service-action.ts';
import type { ServiceKey, VirtualServer } from '../../config/types.ts';
import { desiredTable, namedTable } from '../../ipvs/desired.ts';
import type { CommandFailure } from '../../ipvs/failure.ts';
import { type GroupChanges, groupChanges } from '../../ipvs/group-changes.ts';
import { alreadyAs, plan } from '../../ipvs/plan.ts';
import { type Group, type Groups, groupsByName, memberKeys, serviceKeys } from '../../ipvs/service-keys.ts';
import { type Command, type IpvsTable, type ServiceEntry, serviceId } from '../../ipvs/types.ts';
import type { Log } from '../../lib/log.ts';
import { type HealthCheck, healthCheck, type VerdictChange } from './health-checks.ts';
import { LeftInhibited } from './left-inhibited.ts';
import { bringsBack, programmed, returns, withoutDestination } from './returns.ts';
import { sharing } from './sharing.ts';

export interface ServicesWorld {
  readonly log: Log;
  /** Carries out the commands as one batch; those that the kernel refused, which is logged there. */
  apply(commands: readonly Command[]): readonly CommandFailure[];
  /** The part of the kernel's table that `desired` speaks about. */
  adopt(desired: IpvsTable): IpvsTable;
  /** Runs a script or writes to the FIFOs; never waits. */
  notify(action: ServiceAction): void;
  atEndOfTurn(callback: () => void): void;
  /**
   * Whether what the kernel holds at the start is to become what the configuration says: with lvs_restore_services, or where
   * a dead predecessor has left it.
   */
  restores(): boolean;
  /** Whether mails tell of each checker, not only of its real server. */
  mailsAll(): boolean;
}

/** What a dump may see of a virtual server at work. */
export interface ServiceView {
  readonly server: VirtualServer;
  /** What the configuration names for it. */
  readonly keys: readonly ServiceKey[];
  /** Its services in the kernel's table: the same, unless the packet filter marks packets to them. */
  readonly kernelKeys: readonly ServiceKey[];
  /** Of its services in the kernel's table. */
  readonly ids: readonly string[];
  readonly state: RunningService['state'];
  /** By real server and checker. */
  readonly checks: readonly (readonly HealthCheck[])[];
}

/** A virtual server at work. */
interface Service extends ServiceView {
  /** Replaced when a weight is set from outside. */
  server: VirtualServer;
  state: RunningService['state'];
}

/** A real server that came up in this turn and that the kernel is still to take. */
interface Return {
  readonly service: Service;
  readonly check: HealthCheck;
  readonly event: CheckerEvent;
  readonly before: ServiceState;
  /** What it calls for once the kernel has it; nobody has been told yet. */
  readonly actions: readonly ServiceAction[];
  /** Nor is it said: the kernel has refused before. */
  readonly unsaid: boolean;
}

/**
 * Keeps the virtual servers and what the kernel holds of them. Changes of one turn become one batch; scripts and FIFO
 * lines follow once the kernel has it, in the order in which they were called for.
 */
export class Services {
  readonly #world: ServicesWorld;
  #services: readonly Service[] = [];
  #groups: Groups = new Map();
  /** Whether a service of the kernel belongs to several virtual servers. */
  #shared = false;
  /** The kernel has refused something: a reload asks for it once more. */
  #refused = false;
  #owners: ReadonlyMap<HealthCheck, Service> = new Map();
  readonly #left = new LeftInhibited();
  /** What the kernel holds of ours. */
  readonly #kernel = new Map<string, ServiceEntry>();
  /** Services that the kernel turned out to lack. As in keepalived no verdict brings them back; a reload does. */
  readonly #missing = new Set<string>();
  readonly #changed = new Set<Service>();
  #notifications: ServiceAction[] = [];
  #returns: Return[] = [];
  #flushPlanned = false;

  constructor(world: ServicesWorld) {
    this.#world = world;
  }

  get views(): readonly ServiceView[] {
    return this.#services;
  }

  get checks(): readonly HealthCheck[] {
    return [...this.#owners.keys()];
  }

  /**
   * Programs the virtual servers of the first configuration, taking over what the kernel already holds of them; as in keepalived
   * it stays as it is unless it is to be restored.
   */
  start(
    virtualServers: readonly VirtualServer[],
    notifyRealServers: boolean,
    groups: readonly Group[] = [],
    files: FileValues = new Map(),
  ): void {
    this.#groups = groupsByName(groups);
    this.#own(virtualServers.map((server) => this.#service(freshService(server, files))));
    const fresh = this.#services.map(({ state }) => state);
    for (const service of this.#services) service.state = started(service.server, service.state);
    const desired = this.#desired(this.#services);
    if (this.#world.restores()) {
      // A predecessor's sorry server may still be there.
      const sorry = this.#services.map((service) => ({ ...service, state: { ...service.state, sorryActive: true } }));
      const found = this.#world.adopt(this.#desired([...this.#services, ...sorry]));
      this.#left.find(this.#services, found, desired);
      this.#program(found, this.#left.hold(desired));
    } else this.#program(alreadyAs(desired, this.#world.adopt(desired)), desired);
    // Put together only now, service by service: the text of thousands would hold up the kernel's.
    const start = { type: 'start', notifyRealServers } as const;
    this.#services.forEach(({ server }, at) => {
      this.#act(transition(server, fresh[at] as ServiceState, start).actions);
    });
    this.#notify();
  }

  /** Only what differs between the configurations, and what follows from it, reaches the kernel. */
  reload(
    virtualServers: readonly VirtualServer[],
    groups: readonly Group[] = [],
    files: FileValues = new Map(),
    notices: ReloadNotices = {},
  ): void {
    this.#flush();
    for (const id of this.#missing) this.#kernel.delete(id);
    this.#missing.clear();
    const changes = this.#regroup(virtualServers, groupsByName(groups));
    for (const message of changes.flatMap(({ gone }) => gone)) this.#world.log({ level: 'info', message });
    const before = this.#services;
    const shared = this.#shared;
    const { services, actions } = reload(this.#services, virtualServers, files, notices);
    const kept = this.#adopt(services);
    this.#left.prune(this.#services);
    this.#act(actions);
    for (const message of changes.flatMap(({ added }) => added)) this.#world.log({ level: 'info', message });
    const differs = (service: Service): boolean => this.#refused || shared || this.#shared || !kept.has(service);
    const changed = this.#services.filter(differs);
    const gone = before.filter(differs);
    this.#refused = false;
    this.#program(this.#held([...gone, ...changed]), this.#desired(changed));
    this.#notify();
  }

  /** Makes the kernel's table ours again after somebody else changed it; the number of commands that took. */
  restore(): number {
    this.#flush();
    this.#missing.clear();
    return this.#program(this.#world.adopt(this.#named()), this.#desired(this.#services)).commands;
  }

  verdictChanged(check: HealthCheck, change: VerdictChange): void {
    const service = this.#owners.get(check);
    if (!service) return;
    const { realServer } = check;
    const event = this.#eventOf(service, realServer, change);
    const before = service.state;
    const unsaid = event.type === 'checkerUp' && service.ids.some((id) => this.#missing.has(id));
    const actions = this.#happened(service, event, unsaid);
    if (event.type !== 'checkerUp' || !returns(before, service.state, realServer)) this.#act(unsaid ? actions : []);
    else this.#returns.push({ service, check, event, before, actions, unsaid });
  }

  /** A check has ended, whatever it found. */
  checked(check: HealthCheck): void {
    const service = this.#left.empty ? undefined : this.#owners.get(check);
    if (!service || !this.#left.settle(service, check.realServer)) return;
    this.#changed.add(service);
    this.#planFlush();
  }

  /** Another weight of a real server until the next reload; both servers by their place. */
  weigh(virtualServer: number, realServer: number, weight: number): void {
    const service = this.#services[virtualServer];
    const before = service?.server.realServers[realServer];
    if (!service || !before) return;
    const real = { ...before, weight };
    service.server = { ...service.server, realServers: service.server.realServers.with(realServer, real) };
    const weighed = effectiveWeight(real, service.checks[realServer] ?? []);
    this.#happened(service, { type: 'weightChanged', realServer, weight: weighed });
  }

  #eventOf({ server, checks }: Service, realServer: number, change: VerdictChange): ServiceEvent {
    if (change.type === 'confirmed') return { type: 'checkerConfirmed', realServer, up: change.up };
    if (change.type !== 'weight') {
      const type = change.type === 'up' ? 'checkerUp' : 'checkerDown';
      return { type, realServer, mail: change.mail, mailsAll: this.#world.mailsAll() };
    }
    const real = server.realServers[realServer];
    if (!real) throw new Error(`no real server ${realServer}`);
    const weight = effectiveWeight(real, checks[realServer] ?? []);
    return { type: 'weightChanged', realServer, weight, quiet: change.quiet };
  }

  /** Takes every service out of the kernel: by name, or with `flush` whatever else the table holds too. */
  stop(method: 'eachServer' | 'services' | 'flush'): void {
    this.#flush();
    // What the kernel has just refused is not offered to it again.
    this.#changed.clear();
    for (const service of this.#services) {
      this.#happened(service, { type: 'stop', eachServer: method === 'eachServer' });
    }
    if (method === 'flush') {
      this.#world.apply([{ kind: 'flush' }]);
      this.#kernel.clear();
    } else this.#program(new Map(this.#kernel), new Map());
    this.#notify();
    // Nothing that happens from now on can bring them back.
    this.#services = [];
    this.#owners = new Map();
  }

  /** Takes an event in. The actions that come after the kernel's part are returned; with `unsaid` they are left to the caller. */
  #happened(service: Service, event: ServiceEvent, unsaid = false): readonly ServiceAction[] {
    const { state, actions } = transition(service.server, service.state, event);
    this.#take(service, state, unsaid ? actions.slice(0, programmed(actions)) : actions);
    return actions.slice(programmed(actions));
  }

  #take(service: Service, state: ServiceState, actions: readonly ServiceAction[]): void {
    service.state = state;
    if (actions.some((action) => action.type === 'program')) this.#changed.add(service);
    this.#act(actions);
    this.#planFlush();
  }

  #planFlush(): void {
    if (!this.#flushPlanned) this.#world.atEndOfTurn(() => this.#flush());
    this.#flushPlanned = true;
  }

  #act(actions: readonly ServiceAction[]): void {
    for (const action of actions) {
      if (action.type === 'log') this.#world.log(action.line);
      else if (action.type !== 'program') this.#notifications.push(action);
    }
  }

  #flush(): void {
    this.#flushPlanned = false;
    const changed = this.#shared ? sharing(this.#services, this.#changed) : [...this.#changed];
    this.#changed.clear();
    const { failures } = this.#program(this.#held(changed), this.#desired(changed));
    const returned = this.#returns;
    this.#returns = [];
    for (const one of returned) {
      const real = one.service.server.realServers[one.check.realServer];
      if (failures.some((failure) => bringsBack(failure, one.service.ids, real))) this.#takeBack(one);
      else if (one.unsaid) this.#act(one.actions);
    }
    this.#notify();
  }

  /** The kernel refused a real server: it stays down, and its checker is to try again. */
  #takeBack({ service, check, event, before, actions }: Return): void {
    check.verdict = { ...check.verdict, up: false };
    this.#notifications = this.#notifications.filter((action) => !actions.includes(action));
    const step = refused(service.server, before, service.state, event);
    const real = service.server.realServers[check.realServer];
    for (const id of service.ids.filter((one) => this.#missing.has(one))) {
      const entry = this.#kernel.get(id);
      if (entry && real) this.#kernel.set(id, withoutDestination(entry, real));
    }
    this.#take(service, step.state, step.actions);
  }

  /** What the kernel holds of these. */
  #held(services: readonly Service[]): IpvsTable {
    const held = new Map<string, ServiceEntry>();
    for (const id of services.flatMap(({ ids }) => ids)) {
      const entry = this.#kernel.get(id);
      if (entry) held.set(id, entry);
    }
    return held;
  }

  /** Brings the kernel from `held` to `desired`: how many commands that took, and which of them it refused. */
  #program(
    held: IpvsTable,
    desired: IpvsTable,
  ): { readonly commands: number; readonly failures: readonly CommandFailure[] } {
    const commands = plan(held, desired);
    const failures = commands.length === 0 ? [] : this.#world.apply(commands);
    for (const id of held.keys()) this.#kernel.delete(id);
    for (const [id, entry] of desired) this.#kernel.set(id, entry);
    if (failures.length > 0) {
      this.#refused = true;
      this.#reread(desired);
    }
    return { commands: commands.length, failures };
  }

  /** The kernel was not as we thought: what it holds of these services counts from now on. */
  #reread(services: IpvsTable): void {
    const named = new Map([...this.#named()].filter(([id]) => services.has(id)));
    const found = this.#world.adopt(named);
    for (const id of services.keys()) {
      const entry = found.get(id);
      if (entry) this.#kernel.set(id, entry);
      else this.#missing.add(id);
    }
  }

  /** Takes over new groups: what changes in those of the virtual servers that stay. */
  #regroup(virtualServers: readonly VirtualServer[], groups: Groups): GroupChanges[] {
    const before = this.#groups;
    this.#groups = groups;
    const grouped = this.#services.filter(({ server }) => server.key.kind === 'group');
    const known = new Map(grouped.map(({ server }) => [virtualServerIdentity(server.key), server]));
    return virtualServers.flatMap((server) => {
      const former = known.get(virtualServerIdentity(server.key));
      if (server.key.kind !== 'group' || former === undefined) return [];
      return groupChanges(former, server, before.get(server.key.group), groups.get(server.key.group));
    });
  }

  #desired(services: readonly Service[]): IpvsTable {
    const servers = services.map(({ server }) => server);
    const states = services.map(({ state }) => state);
    return this.#left.hold(desiredTable(servers, states, this.#groups));
  }

  #named(): IpvsTable {
    const servers = this.#services.map(({ server }) => server);
    return namedTable(servers, this.#groups);
  }

  #notify(): void {
    const notifications = this.#notifications;
    this.#notifications = [];
    for (const action of notifications) this.#world.notify(action);
  }

  /** Goes on with `running`; those of its services that are as they were, which a group may not be. */
  #adopt(running: readonly RunningService[]): ReadonlySet<Service> {
    const before = new Map<RunningService, Service>(this.#services.map((service) => [service, service]));
    const kept = new Set<Service>();
    this.#changed.clear();
    const services = running.map((one) => {
      const old = one.server.key.kind === 'group' ? undefined : before.get(one);
      if (old) kept.add(old);
      return old ?? this.#service(one);
    });
    this.#own(services);
    return kept;
  }

  #own(services: readonly Service[]): void {
    this.#services = services;
    const owners = new Map<HealthCheck, Service>();
    const ids = new Set<string>();
    let named = 0;
    for (const service of services) {
      for (const ofServer of service.checks) for (const check of ofServer) owners.set(check, service);
      for (const id of service.ids) ids.add(id);
      named += service.ids.length;
    }
    this.#owners = owners;
    this.#shared = ids.size < named;
  }

  #service({ server, state, checks: judged }: RunningService): Service {
    const checks = server.realServers.map((real, i) =>
      real.checkers.map((checker, j) => {
        const verdict = judged[i]?.[j]?.verdict;
        if (!verdict) throw new Error('a checker without a verdict');
        return healthCheck(server, i, checker, verdict);
      }),
    );
    const keys = memberKeys(server, this.#groups);
    const kernelKeys = server.key.kind === 'group' ? serviceKeys(server, this.#groups) : keys;
    return { server, keys, kernelKeys, ids: kernelKeys.map(serviceId), state, checks };
  }
}
