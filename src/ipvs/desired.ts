import type { ForwardingMethod, ServiceKey, Tunnel as ConfiguredTunnel, VirtualServer } from '../config/types.ts';
import { addressFamily, type IpAddress } from '../lib/ip.ts';
import { kernelWeight } from '../lib/kernel-weight.ts';
import { serviceFlags } from '../lib/service-flags.ts';
import { type Groups, serviceKeys } from './service-keys.ts';
import {
  addToTable,
  type Destination,
  destinationId,
  type IpvsTable,
  type Service,
  type ServiceEntry,
  serviceId,
  type Tunnel,
} from './types.ts';

/** Every bit of a client's address counts for persistence. */
const WHOLE_IPV4 = '255.255.255.255' as IpAddress;
const WHOLE_IPV6 = 128;

/** What the health checks and the quorum say of one virtual server. */
export interface VirtualServerRuntime {
  /** The sorry server serves instead of the real servers. */
  readonly sorryActive: boolean;
  /** In the order of the configuration. */
  readonly realServers: readonly RealServerRuntime[];
}

export interface RealServerRuntime {
  readonly alive: boolean;
  /** Effective weight; clamped to what the kernel takes. */
  readonly weight: number;
}

/**
 * What the kernel should hold for `virtualServers`, `runtime` given in the same order. This is the one place where
 * virtual servers become services and real servers destinations.
 */
export function desiredTable(
  virtualServers: readonly VirtualServer[],
  runtime: readonly VirtualServerRuntime[],
  groups: Groups = new Map(),
): IpvsTable {
  const table = new Map<string, ServiceEntry>();
  virtualServers.forEach((server, i) => {
    const state = runtime[i];
    for (const key of serviceKeys(server, groups)) {
      const destinations = state ? desiredDestinations(server, key, state) : new Map<string, Destination>();
      addToTable(table, serviceId(key), { service: desiredService(server, key), destinations });
    }
  });
  return table;
}

/**
 * Every destination that the configuration names, whether it serves now or not: what is ours in the kernel's table.
 * Weights mean nothing here.
 */
export function namedTable(virtualServers: readonly VirtualServer[], groups: Groups): IpvsTable {
  const everyone = virtualServers.map(({ realServers }) => realServers.map(() => ({ alive: true, weight: 1 })));
  const states = [false, true].flatMap((sorryActive) => everyone.map((realServers) => ({ sorryActive, realServers })));
  return desiredTable([...virtualServers, ...virtualServers], states, groups);
}

/** A service of a virtual server. Only a persistent one carries a timeout and the name of an engine. */
export function desiredService(server: VirtualServer, key: ServiceKey): Service {
  const persistent = server.persistenceTimeout > 0;
  const service: Service = {
    key,
    scheduler: server.scheduler,
    flags: persistent ? server.flags | serviceFlags.persistent : server.flags,
    timeout: persistent ? server.persistenceTimeout : 0,
    netmask: netmaskFor(server, key),
  };
  const { persistenceEngine } = server;
  return persistent && persistenceEngine !== undefined ? { ...service, persistenceEngine } : service;
}

/** keepalived applies a granularity to a virtual server's own address or mark, never to the members of a group. */
function netmaskFor(server: VirtualServer, key: ServiceKey): IpAddress | number {
  const family = key.kind === 'fwmark' ? key.family : addressFamily(key.address);
  const granularity = server.persistenceGranularity;
  const fits = (typeof granularity === 'number') === (family === 6);
  if (fits && server.key.kind !== 'group') return granularity;
  return family === 4 ? WHOLE_IPV4 : WHOLE_IPV6;
}

/**
 * Real servers that serve, those kept at weight 0 by inhibit_on_failure, and the sorry server when it is active or
 * inhibited rather than absent; by {@link destinationId}. Of two entries with one address and port the serving one is kept.
 */
export function desiredDestinations(
  server: VirtualServer,
  key: ServiceKey,
  state: VirtualServerRuntime,
): ReadonlyMap<string, Destination> {
  const chosen = new Map<string, Destination>();
  const offer = (target: Target, weight: number, upperThreshold: number, lowerThreshold: number): void => {
    const { address, tunnel } = target;
    const forwardingMethod = target.forwardingMethod === 'FNAT' ? 'NAT' : target.forwardingMethod;
    const port = destinationPort(key, target);
    const id = destinationId({ address, port });
    const held = chosen.get(id);
    if (held && (held.weight > 0 || weight === 0)) return;
    const destination = { address, port, forwardingMethod, weight, upperThreshold, lowerThreshold };
    chosen.set(id, tunnel ? { ...destination, tunnel: encapsulation(tunnel) } : destination);
  };
  server.realServers.forEach((realServer, i) => {
    const { alive, weight } = state.realServers[i] ?? { alive: false, weight: 0 };
    const serving = alive && !state.sorryActive;
    if (!serving && !realServer.inhibitOnFailure) return;
    const clamped = serving ? kernelWeight(weight) : 0;
    offer(realServer, clamped, realServer.upperThreshold, realServer.lowerThreshold);
  });
  const sorry = server.sorryServer;
  if (sorry && (state.sorryActive || sorry.inhibitOnFailure)) offer(sorry, state.sorryActive ? 1 : 0, 0, 0);
  return chosen;
}

interface Target {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwardingMethod: ForwardingMethod;
  readonly tunnel?: ConfiguredTunnel;
}

/** IP_VS_TUNNEL_ENCAP_FLAG_* */
const checksumFlags = { none: 0, present: 1, remote: 2 } as const;

function encapsulation({ type, port = 0, checksum }: ConfiguredTunnel): Tunnel {
  return { type, port, flags: checksumFlags[checksum] };
}

/**
 * The port that the kernel sends to. Only NAT can change it: the others forward the packet as it is, so it is the
 * service's, which for a firewall mark is 0.
 */
export function destinationPort(key: ServiceKey, { port, forwardingMethod }: Target): number {
  if (forwardingMethod === 'NAT' || forwardingMethod === 'FNAT') return port;
  return key.kind === 'fwmark' ? 0 : key.port;
}
