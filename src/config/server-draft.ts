import type { Endpoint, Method, VirtualServerName } from '../../grammar/server-values.ts';
import type { ConfigClass } from '../lib/diagnostic.ts';
import type { AddressFamily } from '../lib/ip.ts';
import type { RawRealServer, RawVirtualServer } from './raw.ts';
import type { TransportProtocol } from './types.ts';

/** A virtual server on its way from what was written to what is in force. */
export interface ServerDraft {
  readonly raw: RawVirtualServer;
  readonly name: VirtualServerName;
  readonly family: AddressFamily;
  protocol: TransportProtocol | undefined;
  scheduler: string;
  onePacket: boolean;
  /** Seconds; 0 is none. */
  persistenceTimeout: number;
  method: Method;
  realServers: RealServerDraft[];
  sorryServer: { readonly address: Endpoint['address']; port: number; method: Method; inhibit: boolean } | undefined;
  quorum: number;
  hysteresis: number;
}

export interface RealServerDraft {
  readonly raw: RawRealServer;
  readonly address: Endpoint['address'];
  /** As in force; 0 until the service's port is taken over. */
  port: number;
  readonly weight: number;
  readonly method: Method;
  readonly inhibit: boolean;
}

export interface ServerContext {
  report(problem: ConfigClass, message: string): void;
}

export type ServerRule = (draft: ServerDraft, context: ServerContext) => void;

export function draftServer(raw: RawVirtualServer): ServerDraft {
  const { name, sorry_server: sorry } = raw;
  const method = raw.lb_kind ?? 'NAT';
  return {
    raw,
    name,
    family: (raw as { readonly family?: AddressFamily }).family ?? 4,
    protocol: raw.protocol,
    scheduler: raw.lb_algo ?? '',
    onePacket: raw.ops ?? false,
    persistenceTimeout: raw.persistence_timeout ?? 0,
    method,
    realServers: (raw.real_server ?? []).map((server) => ({
      raw: server,
      address: server.endpoint.address,
      port: server.endpoint.port,
      weight: server.weight ?? raw.weight ?? 1,
      method: server.lvs_method ?? method,
      inhibit: server.inhibit_on_failure ?? raw.inhibit_on_failure ?? false,
    })),
    sorryServer: sorry && {
      ...sorry,
      method: raw.sorry_server_lvs_method ?? method,
      inhibit: raw.sorry_server_inhibit ?? false,
    },
    quorum: raw.quorum ?? 1,
    hysteresis: raw.hysteresis ?? 0,
  };
}

/** As keepalived's messages name a service. */
export function describeService({ name, protocol }: Pick<ServerDraft, 'name' | 'protocol'>): string {
  if (name.kind === 'fwmark') return `FWM ${name.fwmark}`;
  if (name.kind === 'group') return `[${name.group}]:0`;
  return `[${name.endpoint.address}]:${(protocol ?? 'none').toLowerCase()}:${name.endpoint.port}`;
}

export function describeServer(server: Pick<RealServerDraft, 'address' | 'port'>, { protocol }: ServerDraft): string {
  return `[${server.address}]:${(protocol ?? 'none').toLowerCase()}:${server.port}`;
}
