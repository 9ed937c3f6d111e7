import type { Config, SyncGroup, VrrpInstance, VrrpScript } from '../../config/types.ts';
import { type Instant, micros } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import type { Clock } from '../../ports/timer.ts';
import { printBfdEvent } from '../../report/bfd-log.ts';
import { effectOfFile, effectOfStatus, noEffect, type TrackEffect } from '../../track/effect.ts';
import { type ImpliedBy, impliedInterfaces } from '../../track/implied.ts';
import { type Tracked, trackedBy, type TrackKey, type TrackKind } from '../../track/items.ts';
import { TrackedFiles } from '../tracked-files.ts';
import { TrackedProcesses } from './tracked-processes.ts';
import { TrackedScripts } from './tracked-scripts.ts';
import type { VirtualRouter } from './virtual-router.ts';

/** What tracking needs from the process it is part of. */
export interface TrackingHost {
  readonly clock: Clock;
  readonly log: Log;
  /** Whether an interface is up, as the others are told. */
  isUp(interfaceName: string): boolean;
  /** Takes a step of one router, whose next deadline then counts. */
  act(router: VirtualRouter, step: (now: Instant) => void): void;
  routers(): readonly VirtualRouter[];
}

/** Follows interfaces, scripts, files, processes and BFD sessions, and tells the virtual routers that track them. */
export class Tracking {
  readonly scripts: TrackedScripts;
  readonly files: TrackedFiles;
  readonly processes: TrackedProcesses;
  readonly #host: TrackingHost;
  readonly #sessions = new Map<string, boolean>();
  /** Those that only checkers are to hear of. */
  #othersSessions: ReadonlySet<string> = new Set();
  #groups: readonly SyncGroup[] = [];
  /** Scripts that nobody tracks. */
  #unused: readonly VrrpScript[] = [];
  #implying: ImpliedBy = { trackGroups: [], staticAddresses: [], staticRoutes: [], staticRules: [] };
  #trackedBy = new WeakMap<VrrpInstance, readonly Tracked[]>();

  constructor(host: TrackingHost) {
    this.#host = host;
    const { clock, log } = host;
    this.scripts = new TrackedScripts(clock, log, (name) => this.#changed('script', name));
    this.files = new TrackedFiles(log, (name) => this.#changed('file', name));
    this.processes = new TrackedProcesses(clock, log, (name) => this.#changed('process', name));
  }

  /** Takes over what is defined; the routers are told by their own `replaceTracked`. */
  configure(config: Config): void {
    this.#groups = config.syncGroups;
    this.#implying = config;
    this.#trackedBy = new WeakMap();
    this.scripts.configure(this.#usedScripts(config));
    this.files.configure(config.trackFiles);
    this.processes.configure(config.trackProcesses, config.global.receiveBuffers.processMonitor);
    const sessions = new Set(config.bfdInstances.map(({ name }) => name));
    this.#othersSessions = new Set(config.bfdInstances.flatMap(({ name, forVrrp }) => (forVrrp ? [] : [name])));
    for (const name of this.#sessions.keys()) if (!sessions.has(name)) this.#sessions.delete(name);
  }

  /** All that an instance tracks, and what it does now. */
  effectsOn(instance: VrrpInstance): Map<TrackKey, TrackEffect> {
    return new Map(this.#tracked(instance).map((tracked) => [keyOf(tracked), this.#effect(tracked)]));
  }

  /** The first runs of scripts. */
  begin(): void {
    this.scripts.begin();
  }

  /** Links may have changed. */
  followLinks(router: VirtualRouter): void {
    for (const tracked of this.#tracked(router.instance)) if (tracked.kind === 'interface') this.#tell(router, tracked);
  }

  /** Interfaces that an instance tracks besides its own. */
  interfacesOf(instance: VrrpInstance): string[] {
    return this.#tracked(instance).flatMap(({ kind, item }) => (kind === 'interface' ? [item.name] : []));
  }

  /** `at` is when the BFD process told. */
  sessionChanged(name: string, up: boolean, at: Instant): void {
    const { clock, log } = this.#host;
    if (this.#othersSessions.has(name)) return;
    log(printBfdEvent(name, up, micros(Math.max(0, clock.now() - at))));
    const before = this.#sessions.get(name) ?? false;
    this.#sessions.set(name, up);
    if (before !== up) this.#changed('bfd', name);
  }

  /** Undefined before the BFD process has said anything. */
  sessionIsUp(name: string): boolean | undefined {
    return this.#sessions.get(name);
  }

  close(): void {
    this.scripts.close();
    this.files.close();
    this.processes.close();
  }

  /** Once the routers have told their faults. */
  sayUnused(): void {
    for (const { name } of this.#unused)
      this.#host.log({ level: 'info', message: `Warning - script ${name} is not used` });
  }

  #usedScripts({ scripts, instances, syncGroups }: Config): VrrpScript[] {
    const used = new Set(
      [...instances, ...syncGroups].flatMap(({ trackScripts }) => trackScripts.map(({ name }) => name)),
    );
    this.#unused = scripts.filter(({ name }) => !used.has(name));
    return scripts.filter(({ name }) => used.has(name));
  }

  #tracked(instance: VrrpInstance): readonly Tracked[] {
    const known = this.#trackedBy.get(instance);
    if (known) return known;
    const group = this.#groups.find(({ members }) => members.includes(instance.name));
    const named = trackedBy(instance, group);
    const tracked = [...named, ...this.#implied(instance, named)];
    this.#trackedBy.set(instance, tracked);
    return tracked;
  }

  #implied(instance: VrrpInstance, named: readonly Tracked[]): Tracked[] {
    const known = new Set(named.flatMap(({ kind, item }) => (kind === 'interface' ? [item.name] : [])));
    return impliedInterfaces(instance, this.#implying).flatMap((name) =>
      known.has(name) ? [] : [{ kind: 'interface', item: { name, weight: 0, reverse: false } }],
    );
  }

  #changed(kind: TrackKind, name: string): void {
    for (const router of this.#host.routers()) {
      const tracked = this.#tracked(router.instance).find((one) => one.kind === kind && one.item.name === name);
      if (tracked) this.#tell(router, tracked);
    }
  }

  #tell(router: VirtualRouter, tracked: Tracked): void {
    const key = keyOf(tracked);
    const before = router.effectOf(key);
    const effect = this.#effect(tracked);
    if (before !== undefined && sameEffect(before, effect)) return;
    if (tracked.kind === 'bfd') this.#saySession(router, tracked.item.name);
    if (tracked.kind === 'file') this.#sayFileFault(router, tracked.item.name, before, effect);
    this.#host.act(router, (now) => router.track(key, effect, now));
  }

  #saySession(router: VirtualRouter, session: string): void {
    const state = this.#sessions.get(session) ? 'UP' : 'DOWN';
    const message = `VRRP_Instance(${router.instance.name}) Tracked BFD instance ${session} is ${state}`;
    this.#host.log({ level: 'info', message });
  }

  #sayFileFault(router: VirtualRouter, file: string, before: TrackEffect | undefined, effect: TrackEffect): void {
    if ((before?.kind === 'fault') === (effect.kind === 'fault')) return;
    const what = effect.kind === 'fault' ? 'now FAULT state' : 'leaving FAULT state';
    const message = `(${router.instance.name}): tracked file ${file} ${what}`;
    this.#host.log({ level: 'info', message, detail: true });
  }

  /** A first result is waited for at the start only: a script that a reload brings holds nobody up. */
  #effectOfScript(item: Tracked['item']): TrackEffect {
    const effect = effectOfStatus(item, this.scripts.status(item.name));
    return effect.kind === 'waiting' && !this.scripts.isAwaited(item.name) ? noEffect : effect;
  }

  #effect({ kind, item }: Tracked): TrackEffect {
    switch (kind) {
      case 'interface':
        return effectOfStatus(item, this.#host.isUp(item.name) ? 'up' : 'down');
      case 'script':
        return this.#effectOfScript(item);
      case 'file':
        return effectOfFile(item, this.files.value(item.name));
      case 'process':
        return effectOfStatus(item, this.processes.isUp(item.name) ? 'up' : 'down');
      default:
        return effectOfStatus(item, this.#sessions.get(item.name) === true ? 'up' : 'down');
    }
  }
}

function keyOf({ kind, item }: Tracked): TrackKey {
  return `${kind} ${item.name}`;
}

function sameEffect(one: TrackEffect, other: TrackEffect): boolean {
  if (one.kind === 'weight') return other.kind === 'weight' && one.weight === other.weight;
  return one.kind === other.kind;
}
