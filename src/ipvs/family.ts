import type { Attributes } from '../netlink/attribute.ts';
import { decodeGeneric, type Family, genericRequest } from '../netlink/generic.ts';
import type { Message, Request } from '../netlink/message.ts';
import { commandAttributes, infoAttributes } from './attributes.ts';
import { decodeDestination, decodeService } from './decode.ts';
import { encodeDestination, encodeDestinationKey, encodeService, encodeServiceKey, serviceFamily } from './encode.ts';
import type { Command, Destination, Service } from './types.ts';

/** IPVS_GENL_NAME, IPVS_GENL_VERSION */
export const FAMILY_NAME = 'IPVS';
export const FAMILY_VERSION = 1;

/** IPVS_CMD_* */
export const commandNumber = {
  newService: 1,
  setService: 2,
  deleteService: 3,
  getService: 4,
  newDestination: 5,
  setDestination: 6,
  deleteDestination: 7,
  getDestination: 8,
  newDaemon: 9,
  deleteDaemon: 10,
  getDaemon: 11,
  setConfig: 12,
  getConfig: 13,
  setInfo: 14,
  getInfo: 15,
  zero: 16,
  flush: 17,
} as const;

/** Version and connection hash table size of the running IPVS. */
export interface IpvsInfo {
  /** Like 1.2.1. */
  readonly version: string;
  readonly connectionTableSize: number;
}

/** Connection timeouts in seconds; 0 leaves the kernel's as it is. */
export interface IpvsTimeouts {
  readonly tcp: number;
  readonly tcpFin: number;
  readonly udp: number;
}

function commandRequest(family: Family, command: Command): Request {
  return genericRequest(family, commandNumber[command.kind], commandAttributes, commandBody(command));
}

/** The requests of many commands, each made when it is taken. */
export function* commandRequests(family: Family, commands: Iterable<Command>): Generator<Request> {
  for (const command of commands) yield commandRequest(family, command);
}

function commandBody(command: Command): Attributes<typeof commandAttributes> {
  switch (command.kind) {
    case 'newService':
    case 'setService':
      return { service: encodeService(command.service) };
    case 'deleteService':
      return { service: encodeServiceKey(command.service) };
    case 'newDestination':
    case 'setDestination':
      return { service: encodeServiceKey(command.service), destination: encodeDestination(command.destination) };
    case 'deleteDestination':
      return { service: encodeServiceKey(command.service), destination: encodeDestinationKey(command.destination) };
    case 'flush':
      return {};
  }
}

/** To be dumped: every service, each read by {@link serviceFrom}. */
export function servicesRequest(family: Family): Request {
  return genericRequest(family, commandNumber.getService, commandAttributes, {});
}

/** To be dumped: the destinations of one service, each read by {@link destinationFrom}. */
export function destinationsRequest(family: Family, service: Service): Request {
  return genericRequest(family, commandNumber.getDestination, commandAttributes, {
    service: encodeServiceKey(service),
  });
}

export function serviceFrom(message: Message): Service | undefined {
  const attributes = decodeGeneric(commandAttributes, message)?.service;
  return attributes && decodeService(attributes);
}

export function destinationFrom(service: Service): (message: Message) => Destination | undefined {
  return (message) => {
    const attributes = decodeGeneric(commandAttributes, message)?.destination;
    return attributes && decodeDestination(attributes, serviceFamily(service));
  };
}

export function infoRequest(family: Family): Request {
  return genericRequest(family, commandNumber.getInfo, commandAttributes, {});
}

export function infoFrom(message: Message): IpvsInfo | undefined {
  const { version, connectionTableSize } = decodeGeneric(infoAttributes, message) ?? {};
  if (version === undefined) return undefined;
  const parts = [version >>> 16, (version >>> 8) & 0xff, version & 0xff];
  return { version: parts.join('.'), connectionTableSize: connectionTableSize ?? 0 };
}

export function timeoutsRequest(family: Family): Request {
  return genericRequest(family, commandNumber.getConfig, commandAttributes, {});
}

export function timeoutsFrom(message: Message): IpvsTimeouts | undefined {
  const attributes = decodeGeneric(commandAttributes, message);
  if (!attributes) return undefined;
  return {
    tcp: attributes.timeoutTcp ?? 0,
    tcpFin: attributes.timeoutTcpFin ?? 0,
    udp: attributes.timeoutUdp ?? 0,
  };
}

export function setTimeoutsRequest(family: Family, timeouts: IpvsTimeouts): Request {
  return genericRequest(family, commandNumber.setConfig, commandAttributes, {
    timeoutTcp: timeouts.tcp,
    timeoutTcpFin: timeouts.tcpFin,
    timeoutUdp: timeouts.udp,
  });
}
