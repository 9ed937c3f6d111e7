import type { Forwarding, Method } from '../../grammar/forwarding.ts';
import { type Endpoint, serverText, serviceText, type VirtualServerName } from '../../grammar/server-values.ts';
import type { ConfigClass } from '../lib/diagnostic.ts';
import type { AddressFamily } from '../lib/ip.ts';
import type { RawRealServer, RawVirtualServer } from './raw.ts';
import type { TransportProtocol, Tunnel, VirtualServerGroup } from './types.ts';

/** A virtual server on its way from what was written to what is in force. */
export interface ServerDraft {
  readonly raw: RawVirtualServer;
  readonly name: VirtualServerName;
  /** Of a server named by a group, its place among those that were linked to the group; else 0. */
  ordinal: number;
  readonly group?: VirtualServerGroup;
  /** Undefined where nothing has said it: a group may have both. */
  family: AddressFamily | undefined;
  protocol: TransportProtocol | undefined;
  scheduler: string;
  onePacket: boolean;
  haSuspend: boolean;
  /** Seconds; 0 is none. */
  persistenceTimeout: number;
  readonly method: Method;
  readonly tunnel?: Tunnel;
  realServers: RealServerDraft[];
  sorryServer: SorryServerDraft | undefined;
  quorum: number;
  hysteresis: number;
}

export interface SorryServerDraft {
  readonly address: Endpoint['address'];
  port: number;
  readonly method: Method;
  readonly tunnel?: Tunnel;
  inhibit: boolean;
}

export interface RealServerDraft {
  readonly raw: RawRealServer;
  readonly address: Endpoint['address'];
  /** As in force; 0 until the service's port is taken over. */
  port: number;
  readonly weight: number;
  readonly method: Method;
  readonly tunnel?: Tunnel;
  readonly inhibit: boolean;
}

export interface ServerContext {
  report(problem: ConfigClass, message: string): void;
  /** For the log alone: a configuration test neither shows nor counts it. */
  log(message: string): void;
}

export type ServerRule = (draft: ServerDraft, context: ServerContext) => void;

const standard: Forwarding = { method: 'NAT' };

export function draftServer(raw: RawVirtualServer, group: VirtualServerGroup | undefined): ServerDraft {
  const { name, sorry_server: sorry } = raw;
  const forwarding = raw.lb_kind ?? standard;
  return {
    raw,
    name,
    ordinal: 0,
    ...(group && { group }),
    family: (raw as { readonly family?: AddressFamily }).family,
    protocol: raw.protocol,
    scheduler: raw.lb_algo ?? '',
    onePacket: raw.ops ?? false,
    haSuspend: raw.ha_suspend ?? false,
    persistenceTimeout: raw.persistence_timeout ?? 0,
    ...forwarding,
    realServers: (raw.real_server ?? []).map((server) => ({
      raw: server,
      address: server.endpoint.address,
      port: server.endpoint.port,
      weight: server.weight ?? raw.weight ?? 1,
      ...(server.lvs_method ?? forwarding),
      inhibit: server.inhibit_on_failure ?? raw.inhibit_on_failure ?? false,
    })),
    sorryServer: sorry && {
      ...sorry,
      ...(raw.sorry_server_lvs_method ?? forwarding),
      inhibit: raw.sorry_server_inhibit ?? false,
    },
    quorum: raw.quorum ?? 1,
    hysteresis: raw.hysteresis ?? 0,
  };
}

/** Whether the way to a server changes the port of packets. */
export function translates({ method }: { readonly method: Method }): boolean {
  return method === 'NAT' || method === 'FNAT';
}

/** As keepalived's messages name a service. */
export function describeService({ name, protocol, ordinal }: ServerDraft): string {
  return serviceText(name, protocol, ordinal);
}

export function describeServer(server: RealServerDraft, { protocol }: ServerDraft): string {
  return serverText(server, protocol);
}
