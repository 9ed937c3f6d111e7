import type { LvsSyncDaemon } from '../config/types.ts';
import { type CommandFailure, failureText, isAlreadySo, isMissingDestination } from '../ipvs/failure.ts';
import {
  commandRequests,
  destinationFrom,
  destinationsRequest,
  FAMILY_NAME,
  FAMILY_VERSION,
  type IpvsInfo,
  type IpvsTimeouts,
  infoFrom,
  infoRequest,
  serviceFrom,
  servicesRequest,
  setTimeoutsRequest,
  timeoutsFrom,
  timeoutsRequest,
} from '../ipvs/family.ts';
import { destinationTrafficFrom, type ServiceTraffic, serviceTrafficFrom, trafficTable } from '../ipvs/statistics.ts';
import { startSyncRequest, type SyncState, stopSyncRequest } from '../ipvs/sync-daemon.ts';
import { type Command, type IpvsTable, ipvsTable, serviceId } from '../ipvs/types.ts';
import { errno, errnoText } from '../lib/errno.ts';
import type { Log } from '../lib/log.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { NetlinkConnection } from '../netlink/connection.ts';
import { type Family, findFamily } from '../netlink/generic.ts';
import type { KernelError, Request } from '../netlink/message.ts';
import { native } from '../os/native.ts';
import { loadModule } from '../os/modules.ts';
import { openNetlinkSocket } from '../os/sockets/netlink-socket.ts';
import { inNetworkNamespace } from '../os/network-namespace.ts';
import type { NetlinkSocket } from '../ports/netlink.ts';
import { answered } from './kernel-answer.ts';
import { namespacePath } from './namespace.ts';

const { NETLINK_GENERIC } = native.constants;
const MODULE = 'ip_vs';

/** What IPVS needs of the world. */
export interface IpvsPorts {
  openSocket(): NetlinkSocket;
  loadModule(name: string): boolean;
}

/** Where the network namespace of IPVS is, unless it is this process's own (net_namespace_ipvs). */
export function ipvsNamespace(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return name === '' ? '/proc/1/ns/net' : namespacePath(name);
}

/** IPVS of this network namespace, or of another: an empty name is that of process 1 (net_namespace_ipvs). */
export function ipvsPorts(namespace: string | undefined): IpvsPorts {
  const open = (): NetlinkSocket => openNetlinkSocket({ protocol: NETLINK_GENERIC });
  const path = ipvsNamespace(namespace);
  if (path === undefined) return { openSocket: open, loadModule };
  return { openSocket: () => inNetworkNamespace(path, open), loadModule };
}

/**
 * IPVS where the ports lead, its module loaded if need be. The refusal is the line to log before leaving
 * with status FATAL. Throws a SystemError when no netlink socket can be had at all.
 */
export function openIpvs(log: Log, ports: IpvsPorts): Result<IpvsKernel, string> {
  const connection = new NetlinkConnection(ports.openSocket());
  let family = findFamily(connection, FAMILY_NAME, FAMILY_VERSION);
  if (!family.ok && family.error.errno === errno.ENOENT && ports.loadModule(MODULE)) {
    family = findFamily(connection, FAMILY_NAME, FAMILY_VERSION);
  }
  const kernel = family.ok ? new IpvsKernel(connection, family.value, log) : undefined;
  const info = kernel?.info();
  if (kernel && info?.ok) return ok(kernel);
  connection.close();
  return err(unavailable(info && !info.ok ? info.error : family.ok ? { errno: 0 } : family.error));
}

function unavailable({ errno: number }: KernelError): string {
  return `IPVS: Can't initialize ipvs: ${errnoText(number)}`;
}

/** The services and destinations of the kernel: read, and changed in batches. Calls are synchronous. */
export class IpvsKernel {
  readonly #connection: NetlinkConnection;
  readonly #family: Family;
  readonly #log: Log;

  constructor(connection: NetlinkConnection, family: Family, log: Log) {
    this.#connection = connection;
    this.#family = family;
    this.#log = log;
  }

  info(): Result<IpvsInfo, KernelError> {
    return this.#connection.query(infoRequest(this.#family), infoFrom);
  }

  /**
   * Everything IPVS holds, other programs' services included; or only the services that are also in `only`, since each
   * service's destinations are a request of their own. Throws a SystemError.
   */
  read(only?: IpvsTable): IpvsTable {
    const services = answered('IPVS services', this.#connection.dump(servicesRequest(this.#family), serviceFrom));
    const asked = only ? services.filter(({ key }) => only.has(serviceId(key))) : services;
    return ipvsTable(
      asked.map((service) => {
        const dump = this.#connection.dump(destinationsRequest(this.#family, service), destinationFrom(service));
        return [service, answered('IPVS destinations', dump)] as const;
      }),
    );
  }

  /** Traffic of the services in `only`, by {@link serviceId}. Throws a SystemError. */
  traffic(only: ReadonlySet<string>): ReadonlyMap<string, ServiceTraffic> {
    const dump = this.#connection.dump(servicesRequest(this.#family), serviceTrafficFrom);
    const services = answered('IPVS services', dump).filter(({ service }) => only.has(serviceId(service.key)));
    return trafficTable(services, (service) => {
      const request = destinationsRequest(this.#family, service);
      return answered('IPVS destinations', this.#connection.dump(request, destinationTrafficFrom(service)));
    });
  }

  /**
   * Carries out `commands` in few system calls. A changed destination that is not there is made. What the kernel
   * refuses is logged, and returned unless it already was as wanted; the other commands are carried out all the same.
   */
  apply(commands: readonly Command[]): CommandFailure[] {
    const refused = this.#transact(commands);
    const missing = refused.filter(isMissingDestination).flatMap(({ command }) => asNewDestination(command));
    const failures = [...refused.filter((failure) => !isMissingDestination(failure)), ...this.#transact(missing)];
    for (const failure of failures) this.#log({ level: 'info', message: failureText(failure) });
    return failures.filter((failure) => !isAlreadySo(failure));
  }

  /** Empties the table, other programs' services included. */
  flush(): CommandFailure[] {
    return this.apply([{ kind: 'flush' }]);
  }

  /** Throws a SystemError. */
  timeouts(): IpvsTimeouts {
    return answered('IPVS timeouts', this.#connection.query(timeoutsRequest(this.#family), timeoutsFrom));
  }

  setTimeouts(timeouts: IpvsTimeouts): KernelError {
    return this.#one(setTimeoutsRequest(this.#family, timeouts));
  }

  /** Starts one half of the connection synchronisation daemon. */
  startSync(half: SyncState, daemon: LvsSyncDaemon, id: number): KernelError {
    return this.#one(startSyncRequest(this.#family, half, daemon, id));
  }

  stopSync(half: SyncState, id: number): KernelError {
    return this.#one(stopSyncRequest(this.#family, half, id));
  }

  close(): void {
    this.#connection.close();
  }

  #one(request: Request): KernelError {
    return this.#connection.transact([request])[0] as KernelError;
  }

  #transact(commands: readonly Command[]): CommandFailure[] {
    const answers = this.#connection.transact(commandRequests(this.#family, commands));
    return answers.flatMap(({ errno: number, text }, i) => {
      if (number === 0) return [];
      return [{ command: commands[i] as Command, errno: number, ...(text !== undefined && { text }) }];
    });
  }
}

function asNewDestination(command: Command): Command[] {
  if (command.kind !== 'setDestination') return [];
  return [{ kind: 'newDestination', service: command.service, destination: command.destination }];
}
