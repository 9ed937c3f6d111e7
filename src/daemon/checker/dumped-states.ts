import { realServerIdentity, virtualServerIdentity } from '../../checkers/identity.ts';
import type { RealServer, VirtualServer, VirtualServerGroup, VirtualServerGroupEntry } from '../../config/types.ts';
import { groupEntryIdentity } from '../../ipvs/group-changes.ts';
import type { GroupEntryRuntime, RealServerRuntime, VirtualServerRuntime } from '../../report/dump-lvs.ts';
import type { ServiceView } from './services.ts';

type State = Pick<ServiceView, 'server' | 'state'>;

/** What was there before the last reload. */
export interface FormerStates {
  /** Of virtual servers, 0, and of real ones their weight. */
  readonly weights: ReadonlyMap<string, number>;
  readonly groupEntries: ReadonlySet<string>;
}

export function formerStates(services: readonly State[], groups: readonly VirtualServerGroup[]): FormerStates {
  const weights = services.flatMap(({ server, state }) => [
    [virtualServerIdentity(server.key), 0] as const,
    ...server.realServers.map((real, index) => [placeOf(server, real), state.realServers[index]?.weight ?? 0] as const),
  ]);
  const entries = groups.flatMap((group) => group.entries.map((entry) => entryPlace(group, entry)));
  return { weights: new Map(weights), groupEntries: new Set(entries) };
}

/** What stays the same from one configuration to the next, while names may change. */
function placeOf({ key }: VirtualServer, real: RealServer): string {
  return `${virtualServerIdentity(key)} ${realServerIdentity(real)}`;
}

function entryPlace({ name }: VirtualServerGroup, entry: VirtualServerGroupEntry): string {
  return `${name} ${groupEntryIdentity(entry)}`;
}

/** A group's lines are reached by every server, the sorry one included, that its virtual servers have in the kernel. */
export function groupEntryState(
  group: VirtualServerGroup,
  entry: VirtualServerGroupEntry,
  services: readonly State[],
  before: FormerStates,
): GroupEntryRuntime {
  const counts = { TCP: 0, UDP: 0, SCTP: 0, 4: 0, 6: 0 };
  for (const { server, state } of services) {
    const { key, family, sorryServer: sorry } = server;
    if (key.kind !== 'group' || key.group !== group.name) continue;
    const own = server.realServers.filter((real) => isSet(real, { server, state })).length;
    const all = own + (sorry && (state.sorryActive || sorry.inhibitOnFailure) ? 1 : 0);
    if (key.protocol !== undefined) counts[key.protocol] += all;
    counts[family] += all;
  }
  const { TCP: tcp, UDP: udp, SCTP: sctp, 4: ipv4, 6: ipv6 } = counts;
  return { tcp, udp, sctp, ipv4, ipv6, reloaded: before.groupEntries.has(entryPlace(group, entry)) };
}

export function virtualServerState(service: State | undefined, before: FormerStates): VirtualServerRuntime | undefined {
  if (!service) return undefined;
  const { server, state } = service;
  const reloaded = before.weights.has(virtualServerIdentity(server.key));
  const { quorumUp, sorryActive } = state;
  const sorryServerSet = sorryActive || server.sorryServer?.inhibitOnFailure === true;
  return { alive: true, quorumUp, reloaded, sorryServerSet, sorryServerAlive: sorryActive };
}

export function realServerState(
  server: VirtualServer,
  real: RealServer,
  service: State | undefined,
  before: FormerStates,
): RealServerRuntime | undefined {
  const state = service?.state.realServers[server.realServers.indexOf(real)];
  if (!service || !state) return undefined;
  const { alive, weight, failedCheckers } = state;
  const previous = before.weights.get(placeOf(server, real));
  return {
    effectiveWeight: weight,
    previousEffectiveWeight: previous ?? 0,
    alive,
    failedCheckers,
    set: isSet(real, service),
    reloaded: previous !== undefined,
  };
}

/** Whether it is in the kernel, be it at weight 0. */
function isSet(real: RealServer, { server, state }: State): boolean {
  const alive = state.realServers[server.realServers.indexOf(real)]?.alive === true;
  return real.inhibitOnFailure || (alive && !state.sorryActive);
}
