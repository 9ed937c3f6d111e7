import { commandAttributes, infoAttributes } from '../../src/ipvs/attributes.ts';
import { decodeDestination, decodeService } from '../../src/ipvs/decode.ts';
import { encodeDestination, encodeService, serviceFamily } from '../../src/ipvs/encode.ts';
import { commandNumber, FAMILY_NAME } from '../../src/ipvs/family.ts';
import { serviceFlags } from '../../src/lib/service-flags.ts';
import {
  type Command,
  type Destination,
  destinationId,
  type IpvsTable,
  type Service,
  serviceId,
} from '../../src/ipvs/types.ts';
import { errno } from '../../src/lib/errno.ts';
import { type Attributes, encodeAttributes, type Table } from '../../src/netlink/attribute.ts';
import { decodeGeneric } from '../../src/netlink/generic.ts';
import { cstring, u16 } from '../../src/netlink/kinds.ts';
import type { Message } from '../../src/netlink/message.ts';
import { type Answer, FakeNetlinkSocket, type Reply } from './netlink-kernel.ts';

const CONTROLLER = 0x10;
const FAMILY = 0x1d;
const controller = { id: [1, u16], name: [2, cstring(16)] } as const satisfies Table;

interface Held {
  service: Service;
  readonly destinations: Map<string, Destination>;
}

/** IPVS as a model: what each command does to the table, and the error numbers that the kernel refuses with. */
export class FakeIpvs {
  /** Whether the ip_vs module is loaded. */
  loaded = true;
  readonly #services = new Map<string, Held>();

  get table(): IpvsTable {
    return this.#services;
  }

  /** A generic netlink socket into this model. */
  socket(): FakeNetlinkSocket {
    return new FakeNetlinkSocket((request) => this.#answer(request));
  }

  /** Carries a command out; its error number. */
  run(command: Command): number {
    if (command.kind === 'flush') {
      this.#services.clear();
      return 0;
    }
    const id = serviceId(command.service.key);
    const held = this.#services.get(id);
    switch (command.kind) {
      case 'newService':
        if (held) return errno.EEXIST;
        this.#services.set(id, { service: hashed(command.service), destinations: new Map() });
        return 0;
      case 'setService':
        if (!held) return errno.ESRCH;
        held.service = hashed(command.service);
        return 0;
      case 'deleteService':
        return this.#services.delete(id) ? 0 : errno.ESRCH;
      default:
        return held ? runDestination(held, command.kind, command.destination) : errno.ESRCH;
    }
  }

  #answer(request: Message): Answer {
    const command = request.view.getUint8(request.start);
    if (request.type === CONTROLLER) return this.loaded ? familyAnswer(request) : { errno: errno.ENOENT };
    if (!this.loaded || request.type !== FAMILY) return { errno: errno.EOPNOTSUPP };
    const attributes = decodeGeneric(commandAttributes, request);
    if (!attributes) return { errno: errno.EINVAL };
    switch (command) {
      case commandNumber.getInfo:
        return { replies: [reply(FAMILY, infoAttributes, { version: 0x010201, connectionTableSize: 4096 })] };
      case commandNumber.getService:
        return { replies: [...this.#services.values()].map(serviceReply) };
      case commandNumber.getDestination:
        return this.#destinations(attributes);
      default: {
        const decoded = decodeCommand(command, attributes);
        return { errno: decoded ? this.run(decoded) : errno.EINVAL };
      }
    }
  }

  #destinations({ service }: Attributes<typeof commandAttributes>): Answer {
    const key = service && keyOnly(service);
    const held = key && this.#services.get(serviceId(key.key));
    const destinations = held ? [...held.destinations.values()] : [];
    return {
      replies: destinations.map((item) =>
        reply(FAMILY, commandAttributes, {
          destination: { ...encodeDestination(item), activeConnections: 3, stats64: carried },
        }),
      ),
    };
  }
}

function runDestination(held: Held, kind: string, destination: Destination): number {
  const id = destinationId(destination);
  const known = held.destinations.has(id);
  if (kind === 'newDestination' && known) return errno.EEXIST;
  if (kind !== 'newDestination' && !known) return errno.ENOENT;
  if (kind === 'deleteDestination') held.destinations.delete(id);
  else held.destinations.set(id, destination);
  return 0;
}

function hashed(service: Service): Service {
  return { ...service, flags: service.flags | serviceFlags.hashed };
}

function familyAnswer(request: Message): Answer {
  const name = decodeGeneric(controller, request)?.name;
  if (name !== FAMILY_NAME) return { errno: errno.ENOENT };
  return { replies: [reply(CONTROLLER, controller, { id: FAMILY, name })] };
}

/** Every service and destination has carried the same. */
export const carried = { connections: 7n, incomingPackets: 2n ** 40n, incomingByteRate: 9n };

function serviceReply({ service }: Held): Reply {
  return reply(FAMILY, commandAttributes, { service: { ...encodeService(service), stats64: carried } });
}

function reply<T extends Table>(type: number, table: T, values: Attributes<T>): Reply {
  return {
    type,
    body: (writer) => {
      writer.zeros(4);
      encodeAttributes(writer, table, values);
    },
  };
}

const commandKinds = Object.fromEntries(Object.entries(commandNumber).map(([name, number]) => [number, name]));

function decodeCommand(number: number, attributes: Attributes<typeof commandAttributes>): Command | undefined {
  const kind = commandKinds[number];
  if (kind === 'flush') return { kind };
  const service = attributes.service && (decodeService(attributes.service) ?? keyOnly(attributes.service));
  if (!service) return undefined;
  if (kind === 'newService' || kind === 'setService' || kind === 'deleteService') return { kind, service };
  if (kind !== 'newDestination' && kind !== 'setDestination' && kind !== 'deleteDestination') return undefined;
  if (!attributes.destination) return undefined;
  const destination = decodeDestination({ weight: 0, ...attributes.destination }, serviceFamily(service));
  return destination && { kind, service, destination };
}

/** A service of which the request gives only what names it. */
function keyOnly(service: Exclude<Attributes<typeof commandAttributes>['service'], undefined>): Service | undefined {
  const filler = { scheduler: '', flags: { flags: 0, mask: 0 }, netmask: new Uint8Array(4) };
  return decodeService({ ...filler, ...service });
}
