import type { ForwardingMethod, VirtualServer } from '../config/types.ts';
import type { IpAddress } from '../lib/ip.ts';
import { serviceFlags } from '../lib/service-flags.ts';
import { type Destination, destinationId, type IpvsTable, ipvsTable, type Service } from './types.ts';

const MAXIMUM_WEIGHT = 0x7fffffff;

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
): IpvsTable {
  return ipvsTable(
    virtualServers.map((server, i) => {
      const state = runtime[i];
      return [desiredService(server), state ? desiredDestinations(server, state) : []] as const;
    }),
  );
}

/** The service of a virtual server. Only a persistent one carries a timeout. */
export function desiredService(server: VirtualServer): Service {
  const persistent = server.persistenceTimeout > 0;
  const service: Service = {
    key: server.key,
    scheduler: server.scheduler,
    flags: persistent ? server.flags | serviceFlags.persistent : server.flags,
    timeout: persistent ? server.persistenceTimeout : 0,
    netmask: server.persistenceGranularity,
  };
  const { persistenceEngine } = server;
  return persistenceEngine === undefined ? service : { ...service, persistenceEngine };
}

/**
 * Real servers that serve, those kept at weight 0 by inhibit_on_failure, and the sorry server when it is active or
 * inhibited rather than absent. Of two entries with one address and port the serving one is kept.
 */
export function desiredDestinations(server: VirtualServer, state: VirtualServerRuntime): Destination[] {
  const chosen = new Map<string, Destination>();
  const offer = (target: Target, weight: number, upperThreshold: number, lowerThreshold: number): void => {
    const { address, forwardingMethod } = target;
    const port = destinationPort(server, target);
    const id = destinationId({ address, port });
    const held = chosen.get(id);
    if (held && (held.weight > 0 || weight === 0)) return;
    chosen.set(id, { address, port, forwardingMethod, weight, upperThreshold, lowerThreshold });
  };
  server.realServers.forEach((realServer, i) => {
    const { alive, weight } = state.realServers[i] ?? { alive: false, weight: 0 };
    const serving = alive && !state.sorryActive;
    if (!serving && !realServer.inhibitOnFailure) return;
    const clamped = serving ? Math.min(Math.max(weight, 0), MAXIMUM_WEIGHT) : 0;
    offer(realServer, clamped, realServer.upperThreshold, realServer.lowerThreshold);
  });
  const sorry = server.sorryServer;
  if (sorry && (state.sorryActive || sorry.inhibitOnFailure)) offer(sorry, state.sorryActive ? 1 : 0, 0, 0);
  return [...chosen.values()];
}

interface Target {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwardingMethod: ForwardingMethod;
}

/**
 * The port that the kernel sends to. Only NAT can change it: the others forward the packet as it is, so it is the
 * service's, which for a firewall mark is 0.
 */
export function destinationPort({ key }: VirtualServer, { port, forwardingMethod }: Target): number {
  if (forwardingMethod === 'NAT') return port;
  return key.kind === 'fwmark' ? 0 : key.port;
}
