import type { ServiceKey } from '../config/types.ts';
import type { IpAddress } from '../lib/ip.ts';

/** A virtual service as the kernel holds it (struct ip_vs_service_user in linux/ip_vs.h). */
export interface Service {
  readonly key: ServiceKey;
  /** Name of the scheduler module without its ip_vs_ prefix: rr, wlc, mh … */
  readonly scheduler: string;
  /** IP_VS_SVC_F_* bits. HASHED is the kernel's own mark and never a difference. */
  readonly flags: number;
  /** Persistence in seconds; 0 unless the PERSISTENT flag is set. */
  readonly timeout: number;
  /** Client granularity of persistence: an IPv4 mask, or an IPv6 prefix length. */
  readonly netmask: IpAddress | number;
  /** Persistence engine, for example sip. */
  readonly persistenceEngine?: string;
}

/** IP_VS_CONN_F_MASQ, LOCALNODE, TUNNEL, DROUTE and BYPASS by the names keepalived.conf uses. */
export type DestinationForwarding = 'NAT' | 'LOCAL' | 'TUN' | 'DR' | 'BYPASS';

/** Encapsulation of a TUN destination; absent is IP in IP. */
export interface Tunnel {
  readonly type: 'ipip' | 'gue' | 'gre';
  /** UDP port of GUE; 0 otherwise. */
  readonly port: number;
  /** IP_VS_TUNNEL_ENCAP_FLAG_* bits. */
  readonly flags: number;
}

/** A real server as the kernel holds it (struct ip_vs_dest_user in linux/ip_vs.h). */
export interface Destination {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwardingMethod: DestinationForwarding;
  /** 0 to 2147483647; 0 takes no new connections. */
  readonly weight: number;
  /** Connections at which the kernel stops choosing it; 0 is no limit. */
  readonly upperThreshold: number;
  /** Connections at which it is chosen again. */
  readonly lowerThreshold: number;
  readonly tunnel?: Tunnel;
}

export interface ServiceEntry {
  readonly service: Service;
  /** By {@link destinationId}. */
  readonly destinations: ReadonlyMap<string, Destination>;
}

/** Services with their destinations, by {@link serviceId}. */
export type IpvsTable = ReadonlyMap<string, ServiceEntry>;

/** One kernel command each. Destination commands name the service by its key. */
export type Command =
  | { readonly kind: 'newService'; readonly service: Service }
  | { readonly kind: 'setService'; readonly service: Service }
  | { readonly kind: 'deleteService'; readonly service: Service }
  | { readonly kind: 'newDestination'; readonly service: Service; readonly destination: Destination }
  | { readonly kind: 'setDestination'; readonly service: Service; readonly destination: Destination }
  | { readonly kind: 'deleteDestination'; readonly service: Service; readonly destination: Destination }
  | { readonly kind: 'flush' };

/** Names a service within a table: `tcp|10.0.0.1|80` or `fwmark|4|7`. */
export function serviceId(key: ServiceKey): string {
  return key.kind === 'fwmark'
    ? `fwmark|${key.family}|${key.fwmark}`
    : `${key.protocol.toLowerCase()}|${key.address}|${key.port}`;
}

/** Names a destination within its service: `10.0.0.2|80`. */
export function destinationId(destination: { readonly address: IpAddress; readonly port: number }): string {
  return `${destination.address}|${destination.port}`;
}

/**
 * A table from plain lists, the way configuration and dumps give them. Of two services with one key the first counts,
 * as it does in the kernel, and so does the first of two equal destinations.
 */
export function ipvsTable(entries: Iterable<readonly [Service, Iterable<Destination>]>): IpvsTable {
  const table = new Map<string, ServiceEntry>();
  for (const [service, destinations] of entries) {
    const byId = new Map<string, Destination>();
    for (const destination of destinations) {
      const id = destinationId(destination);
      if (!byId.has(id)) byId.set(id, destination);
    }
    addToTable(table, serviceId(service.key), { service, destinations: byId });
  }
  return table;
}

/** What was there before counts: the service, and those destinations that `entry` has too. */
export function addToTable(table: Map<string, ServiceEntry>, id: string, entry: ServiceEntry): void {
  const first = table.get(id);
  if (!first) table.set(id, entry);
  else table.set(id, { ...first, destinations: new Map([...first.destinations, ...without(entry, first)]) });
}

function without({ destinations }: ServiceEntry, others: ServiceEntry): (readonly [string, Destination])[] {
  return [...destinations].filter(([id]) => !others.destinations.has(id));
}
