import type { ServiceChange } from '../../checkers/service-action.ts';
import type { RealServer, SnmpSettings, SorryServer } from '../../config/types.ts';
import type {
  CheckSurvey,
  DestinationSurvey,
  Observation,
  ServiceSurvey,
  TrafficSurvey,
} from '../../ipc/observation.ts';
import { destinationPort } from '../../ipvs/desired.ts';
import type { ServiceTraffic } from '../../ipvs/statistics.ts';
import { destinationId, serviceId } from '../../ipvs/types.ts';
import type { Instant } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import { SystemError } from '../../os/system-error.ts';
import type { Clock } from '../../ports/timer.ts';
import type { IpvsKernel } from '../ipvs-kernel.ts';
import type { ServiceView } from './services.ts';

export interface CheckerObserverHost {
  readonly log: Log;
  readonly clock: Clock;
  readonly kernel: Pick<IpvsKernel, 'traffic'>;
  tell(observation: Observation): void;
}

type TrafficTable = ReadonlyMap<string, ServiceTraffic>;

/** Tells those who watch from outside of virtual and real servers. */
export class CheckerObserver {
  readonly #host: CheckerObserverHost;
  #settings: SnmpSettings | undefined;
  #traffic: TrafficTable = new Map();
  #trafficAt: Instant | undefined;

  constructor(host: CheckerObserverHost) {
    this.#host = host;
  }

  /** At the start and at reloads. */
  configure(settings: SnmpSettings): void {
    if (settings.checker && this.#settings?.checker !== true) {
      this.#host.log({ level: 'info', message: 'Starting SNMP subagent' });
      this.#host.tell({ type: 'shown' });
    }
    this.#settings = settings;
    this.#trafficAt = undefined;
  }

  changed({ server, serversUp, change }: ServiceChange): void {
    if (this.#settings?.checker !== true || !this.#settings.traps) return;
    const { key, family, quorum, realServers } = server;
    this.#host.tell({
      type: 'serviceChanged',
      key,
      family,
      quorum,
      serversUp,
      change,
      servers: realServers.length,
    });
  }

  /** `withTraffic`: the kernel is asked for what has gone through, unless it was not long ago. */
  survey(services: readonly ServiceView[], withTraffic: boolean): void {
    if (withTraffic) this.#refreshTraffic(services);
    this.#host.tell({ type: 'checkerSurvey', services: services.map((service) => this.#serviceSurvey(service)) });
  }

  #refreshTraffic(services: readonly ServiceView[]): void {
    const now = this.#host.clock.now();
    const interval = Math.min(this.#settings?.virtualServerInterval ?? 0, this.#settings?.realServerInterval ?? 0);
    if (this.#trafficAt !== undefined && now - this.#trafficAt < interval) return;
    this.#trafficAt = now;
    try {
      this.#traffic = this.#host.kernel.traffic(new Set(services.flatMap(({ ids }) => ids)));
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      this.#host.log({ level: 'info', message: `Cannot read the traffic of IPVS: ${error.message}` });
    }
  }

  #serviceSurvey({ server, state, checks, kernelKeys }: ServiceView): ServiceSurvey {
    const known = kernelKeys.flatMap((key) => {
      const found = this.#traffic.get(serviceId(key));
      return found ? { key, ...found } : [];
    });
    const of = (target: RealServer | SorryServer) => {
      const destinations = known.flatMap(({ key, destinations: table }) => {
        return table.get(destinationId({ address: target.address, port: destinationPort(key, target) })) ?? [];
      });
      return destinations.length > 0 && { traffic: destinations.reduce(both) };
    };
    return {
      quorumUp: state.quorumUp,
      sorryActive: state.sorryActive,
      ...(known.length > 0 && { traffic: known.map(({ traffic }): TrafficSurvey => traffic).reduce(sum) }),
      ...(server.sorryServer && { sorryServer: { ...of(server.sorryServer) } }),
      realServers: server.realServers.map((real, at) => {
        const { alive = false, weight = real.weight, failedCheckers = 0 } = state.realServers[at] ?? {};
        const verdicts = (checks[at] ?? []).map(({ verdict: { up, hasRun, trouble } }): CheckSurvey => {
          return { up, hasRun, ...(trouble !== undefined && { trouble }) };
        });
        const uncheckedCheckers = verdicts.filter(({ hasRun }) => !hasRun).length;
        return { alive, weight, failedCheckers, uncheckedCheckers, checks: verdicts, ...of(real) };
      }),
    };
  }
}

/** A group's services count as one. */
function sum(a: TrafficSurvey, b: TrafficSurvey): TrafficSurvey {
  return {
    connections: a.connections + b.connections,
    incomingPackets: a.incomingPackets + b.incomingPackets,
    outgoingPackets: a.outgoingPackets + b.outgoingPackets,
    incomingBytes: a.incomingBytes + b.incomingBytes,
    outgoingBytes: a.outgoingBytes + b.outgoingBytes,
    connectionRate: a.connectionRate + b.connectionRate,
    incomingPacketRate: a.incomingPacketRate + b.incomingPacketRate,
    outgoingPacketRate: a.outgoingPacketRate + b.outgoingPacketRate,
    incomingByteRate: a.incomingByteRate + b.incomingByteRate,
    outgoingByteRate: a.outgoingByteRate + b.outgoingByteRate,
  };
}

function both(a: DestinationSurvey, b: DestinationSurvey): DestinationSurvey {
  return {
    ...sum(a, b),
    activeConnections: a.activeConnections + b.activeConnections,
    inactiveConnections: a.inactiveConnections + b.inactiveConnections,
    persistentConnections: a.persistentConnections + b.persistentConnections,
  };
}
