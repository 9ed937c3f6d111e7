import type { Message } from '../netlink/message.ts';
import { decodeGeneric } from '../netlink/generic.ts';
import { commandAttributes, type Stats64, type stats64Attributes } from './attributes.ts';
import { decodeDestination, decodeService } from './decode.ts';
import { serviceFamily } from './encode.ts';
import { destinationId, type Service, serviceId } from './types.ts';

/** What has gone through a service since it was made; rates are per second, over the last seconds. */
export type Traffic = Readonly<Record<keyof typeof stats64Attributes, bigint>>;

export interface DestinationTraffic extends Traffic {
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  readonly persistentConnections: number;
}

export interface ServiceTraffic {
  readonly traffic: Traffic;
  /** By {@link destinationId}. */
  readonly destinations: ReadonlyMap<string, DestinationTraffic>;
}

/** Of a dump of services: the service and its traffic. */
export function serviceTrafficFrom(message: Message): { service: Service; traffic: Traffic } | undefined {
  const attributes = decodeGeneric(commandAttributes, message)?.service;
  const service = attributes && decodeService(attributes);
  return service && { service, traffic: complete(attributes.stats64) };
}

/** Of a dump of a service's destinations: the name of one and its traffic. */
export function destinationTrafficFrom(service: Service) {
  return (message: Message): readonly [string, DestinationTraffic] | undefined => {
    const attributes = decodeGeneric(commandAttributes, message)?.destination;
    const destination = attributes && decodeDestination(attributes, serviceFamily(service));
    if (!destination) return undefined;
    const { activeConnections = 0, inactiveConnections = 0, persistentConnections = 0 } = attributes;
    const connections = { activeConnections, inactiveConnections, persistentConnections };
    return [destinationId(destination), { ...complete(attributes.stats64), ...connections }];
  };
}

export function trafficTable(
  services: readonly { readonly service: Service; readonly traffic: Traffic }[],
  destinationsOf: (service: Service) => readonly (readonly [string, DestinationTraffic])[],
): ReadonlyMap<string, ServiceTraffic> {
  return new Map(
    services.map(({ service, traffic }) => [
      serviceId(service.key),
      { traffic, destinations: new Map(destinationsOf(service)) },
    ]),
  );
}

function complete(stats: Stats64 = {}): Traffic {
  return {
    connections: stats.connections ?? 0n,
    incomingPackets: stats.incomingPackets ?? 0n,
    outgoingPackets: stats.outgoingPackets ?? 0n,
    incomingBytes: stats.incomingBytes ?? 0n,
    outgoingBytes: stats.outgoingBytes ?? 0n,
    connectionRate: stats.connectionRate ?? 0n,
    incomingPacketRate: stats.incomingPacketRate ?? 0n,
    outgoingPacketRate: stats.outgoingPacketRate ?? 0n,
    incomingByteRate: stats.incomingByteRate ?? 0n,
    outgoingByteRate: stats.outgoingByteRate ?? 0n,
  };
}
