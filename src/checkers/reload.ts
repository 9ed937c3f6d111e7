import type { VirtualServer } from '../config/types.ts';
import { carryVerdicts, type JudgedChecker, keepsVerdict } from './carry-verdict.ts';
import { distinctIdentities, realServerIdentity, sorryServerIdentity } from './identity.ts';
import { realServerName, virtualServerName } from './names.ts';
import { type FileValues, firstVerdict } from './first-verdict.ts';
import { aliveWeight, quorumChange } from './quorum.ts';
import {
  effectiveWeight,
  failedOf,
  initialService,
  type RealServerState,
  type ServiceState,
  type ServiceStep,
  settleQuorum,
  weightChange,
} from './service.ts';
import {
  logAction,
  quorumNotifications,
  quorumObserved,
  realServerChange,
  realServerMail,
  realServerNotifications,
  type ServiceAction,
  serversUp,
  sorryServerChange,
} from './service-action.ts';
import type { Judged } from './verdict.ts';

/** A virtual server with all that is known of it. */
export interface RunningService {
  readonly server: VirtualServer;
  readonly state: ServiceState;
  /** By real server and checker, in the order of the configuration. */
  readonly checks: readonly (readonly Judged[])[];
}

export interface Reload {
  /** Those that stay as they were are the very same. */
  readonly services: readonly RunningService[];
  /** Without `program`: a reload plans the whole table once. */
  readonly actions: readonly ServiceAction[];
}

/** A virtual server nobody has checked yet, at start or when it joins a running daemon. */
export function freshService(server: VirtualServer, files: FileValues = new Map(), joins = false): RunningService {
  const checks = server.realServers.map(({ checkers }) =>
    checkers.map((checker) => ({ verdict: firstVerdict(checker, files, joins) })),
  );
  return { server, state: initialService(server, checks), checks };
}

/** What a reload tells of those who come and go. */
export interface ReloadNotices {
  /** Real servers that join alive are announced (rs_init_notifies). */
  readonly joining?: boolean;
  /** Of a virtual server that is gone only its name is said (lvs_flush_on_stop), as at the end. */
  readonly flushing?: boolean;
}

/**
 * Pairs the running virtual servers with a new configuration by keepalived's identities. What is in both keeps its
 * standing; what is gone takes its leave with notifications, whether omega is set or not; then weights change, servers
 * whose failing checkers are gone revive, and every quorum is settled as at start.
 */
export function reload(
  before: readonly RunningService[],
  virtualServers: readonly VirtualServer[],
  files: FileValues = new Map(),
  { joining = false, flushing = false }: ReloadNotices = {},
): Reload {
  const pairs = pair(before, virtualServers);
  const actions: ServiceAction[] = [];
  const next = new Map(pairs.map(({ old, server }) => [old, server]));
  for (const service of before) {
    const server = next.get(service);
    if (server !== service.server)
      actions.push(...(server ? serverRemovals(service, server) : virtualServerRemoval(service, flushing)));
  }
  const carried = pairs.map(({ old, server }): CarriedService => {
    if (old?.server === server && keepsStanding(old, files)) return { service: old, availability: [], weights: [] };
    if (!old) return { service: freshService(server, files, true), availability: [], weights: [] };
    return carryService(old, server, files);
  });
  for (const { availability } of carried) actions.push(...availability);
  for (const { weights } of carried) actions.push(...weights);
  const services = carried.map(({ service }, i) => {
    if (joining) actions.push(...joiningNotifications(service, pairs[i]?.old));
    const settled = settleQuorum(service.server, service.state, true);
    actions.push(...settled.actions);
    return settled.state === service.state ? service : { ...service, state: settled.state };
  });
  return { services, actions: actions.filter((action) => action.type !== 'program') };
}

interface Pair {
  readonly server: VirtualServer;
  readonly old: RunningService | undefined;
}

/** Of thousands nearly all are the very same object as before, which need no name to be found by. */
function pair(before: readonly RunningService[], virtualServers: readonly VirtualServer[]): Pair[] {
  const same = new Map(before.map((service) => [service.server, service]));
  const wanted = new Set(virtualServers);
  const others = before.filter(({ server }) => !wanted.has(server));
  const names = distinctIdentities(others.map(({ server }) => server.key));
  const byName = new Map(others.map((service, i) => [names[i], service]));
  const changed = virtualServers.filter((server) => !same.has(server));
  const changedNames = distinctIdentities(changed.map(({ key }) => key));
  const former = new Map(changed.map((server, i) => [server, byName.get(changedNames[i])]));
  return virtualServers.map((server) => ({ server, old: same.get(server) ?? former.get(server) }));
}

/** Tells of the real servers that the virtual server did not have before. */
function joiningNotifications({ server, state }: RunningService, before: RunningService | undefined): ServiceAction[] {
  const known = new Set(before?.server.realServers.map(realServerIdentity));
  return server.realServers.flatMap((real, i) => {
    if (known.has(realServerIdentity(real)) || !state.realServers[i]?.alive) return [];
    return realServerNotifications(server, real, true, serversUp(state.realServers));
  });
}

/** A virtual server that is no longer configured. */
function virtualServerRemoval({ server, state }: RunningService, flushing: boolean): ServiceAction[] {
  const { key } = server;
  const name = key.kind === 'group' ? `Group [${key.group}]` : virtualServerName(key);
  const actions = [logAction(`Removing Virtual Server ${name}`)];
  if (flushing) return actions;
  let left = serversUp(state.realServers);
  for (const index of server.realServers.keys()) {
    if (state.realServers[index]?.alive) left -= 1;
    actions.push(...realServerRemoval(server, state, index, left));
  }
  const lost = quorumChange(server, state, 0, false);
  const observed = quorumObserved(server, 'shutdown', left);
  if (lost?.type === 'lost') actions.push(...quorumNotifications(server, false, lost.mail, observed));
  return actions;
}

/**
 * Real servers, and the sorry server, that a kept virtual server no longer has. Where those that stay are too few for the
 * former quorum, keepalived tells of its loss, even if it is made good at once by others that join.
 */
function serverRemovals({ server, state }: RunningService, next: VirtualServer): ServiceAction[] {
  const actions: ServiceAction[] = [];
  const sorry = server.sorryServer;
  const changed = sorryServerIdentity(sorry) !== sorryServerIdentity(next.sorryServer);
  if (sorry && changed && (state.sorryActive || sorry.inhibitOnFailure)) {
    actions.push(sorryServerChange(server, { ...sorry, inhibitOnFailure: false }, false));
  }
  const wanted = new Set(next.realServers.map(realServerIdentity));
  const stays = server.realServers.map((real) => wanted.has(realServerIdentity(real)));
  let up = serversUp(state.realServers);
  for (const [index, real] of server.realServers.entries()) {
    if (stays[index]) continue;
    actions.push(logAction(`service ${realServerName(server, real)} no longer exist`));
    if (state.realServers[index]?.alive) up -= 1;
    actions.push(...realServerRemoval(server, state, index, up));
  }
  const left = aliveWeight(state.realServers.filter((_, index) => stays[index]));
  const change = quorumChange(server, state, left, false);
  if (stays.includes(false) && change?.type === 'lost') {
    const observed = quorumObserved(server, 'notMet', up);
    actions.push(...quorumNotifications(server, false, change.mail, observed));
  }
  return actions;
}

/** What is said of a real server that leaves, so that `left` are up; of one that the kernel does not hold there is nothing to say. */
function realServerRemoval(server: VirtualServer, state: ServiceState, index: number, left: number): ServiceAction[] {
  const real = server.realServers[index];
  if (!real) return [];
  const alive = state.realServers[index]?.alive === true;
  // Beside the sorry server the kernel holds those that are inhibited, at weight 0, and only those.
  const held = real.inhibitOnFailure || (alive && !state.sorryActive);
  if (!held) return [];
  const said = realServerChange(server, { ...real, inhibitOnFailure: false }, false);
  if (!alive) return [said];
  return [
    said,
    ...realServerNotifications(server, real, false, left),
    ...realServerMail(server, real, false, '=> Removing <='),
  ];
}

/** Whether a reload that changes nothing in its configuration changes nothing at all. */
function keepsStanding({ server, state, checks }: RunningService, files: FileValues): boolean {
  return server.realServers.every((real, i) => {
    const before = state.realServers[i];
    const judged = checks[i] ?? [];
    return (
      before !== undefined &&
      real.checkers.every((checker, j) => judged[j] !== undefined && keepsVerdict(judged[j].verdict, checker, files)) &&
      before.failedCheckers === failedOf(judged) &&
      before.alive === (before.failedCheckers === 0) &&
      before.weight === effectiveWeight(real, judged)
    );
  });
}

interface CarriedService {
  readonly service: RunningService;
  /** What follows from servers that come back or leave. */
  readonly availability: readonly ServiceAction[];
  readonly weights: readonly ServiceAction[];
}

/** Hands the standing of `old` to its new configuration. */
function carryService(old: RunningService, server: VirtualServer, files: FileValues): CarriedService {
  const fresh = freshService(server, files, true);
  const positions = new Map(old.server.realServers.map((real, index) => [realServerIdentity(real), index]));
  const weights: ServiceAction[] = [];
  const checks: (readonly Judged[])[] = [];
  const realServers = server.realServers.map((real, index): RealServerState => {
    const position = positions.get(realServerIdentity(real));
    const before = position === undefined ? undefined : old.state.realServers[position];
    if (position === undefined || !before) {
      checks.push(fresh.checks[index] ?? []);
      return fresh.state.realServers[index] as RealServerState;
    }
    const verdicts = carryVerdicts(judgedCheckers(old, position), real.checkers, before.alive, files);
    const judged = verdicts.map((verdict) => ({ verdict }));
    checks.push(judged);
    const failedCheckers = failedOf(judged);
    const alive = failedCheckers === 0;
    const weight = effectiveWeight(real, judged);
    if (before.weight !== weight) weights.push(...weightChange(server, real, { ...before, alive }, weight));
    return { alive, weight, failedCheckers };
  });
  const sorryKept = sorryServerIdentity(old.server.sorryServer) === sorryServerIdentity(server.sorryServer);
  const standing = { quorumUp: old.state.quorumUp, sorryActive: old.state.sorryActive && sorryKept };
  const { state, actions: availability } = availabilityStep(old, server, { ...standing, realServers });
  return { service: { server, state: { ...state, realServers }, checks }, availability, weights };
}

/**
 * Real servers that a reload brings back or takes out, in their former order. After each that comes back keepalived
 * weighs the quorum by those it has gone through so far, so that it may tell of a loss that is made good at once.
 */
function availabilityStep(old: RunningService, server: VirtualServer, after: ServiceState): ServiceStep {
  const indices = new Map(server.realServers.map((real, index) => [realServerIdentity(real), index]));
  const actions: ServiceAction[] = [];
  let state: ServiceState = { ...after, realServers: after.realServers.map((real) => ({ ...real, alive: false })) };
  for (const [position, real] of old.server.realServers.entries()) {
    const index = indices.get(realServerIdentity(real));
    const before = old.state.realServers[position];
    const now = index === undefined ? undefined : after.realServers[index];
    if (index === undefined || !before || !now) continue;
    state = { ...state, realServers: state.realServers.with(index, { ...now, weight: before.weight }) };
    if (now.alive !== before.alive)
      actions.push(...availabilityChange(server, index, now.alive, serversUp(state.realServers)));
    if (!now.alive || before.alive) continue;
    const settled = settleQuorum(server, state, false);
    state = settled.state;
    actions.push(...settled.actions);
  }
  return { state, actions };
}

/** A real server whose failing checkers are gone revives; one that now follows a file with a bad value leaves. */
function availabilityChange(server: VirtualServer, index: number, up: boolean, upNow: number): ServiceAction[] {
  const real = server.realServers[index];
  if (!real) return [];
  return [realServerChange(server, real, up), ...realServerNotifications(server, real, up, upNow)];
}

function judgedCheckers({ server, checks }: RunningService, index: number): JudgedChecker[] {
  const checkers = server.realServers[index]?.checkers ?? [];
  return checkers.flatMap((checker, i) => {
    const verdict = checks[index]?.[i]?.verdict;
    return verdict ? [{ checker, verdict }] : [];
  });
}
