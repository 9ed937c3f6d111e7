import type { Checker, Config, RealServer, VirtualServer } from '../../config/types.ts';
import { atEndOfTurn } from '../../os/turn.ts';
import { processId } from '../../os/system-facts.ts';
import { dumpCheckers, dumpGlobal } from '../../report/dump.ts';
import type { ChildContext, ChildSignal } from '../child.ts';
import { ChildDumps } from '../child-dumps.ts';
import type { HealthCheck } from './health-checks.ts';
import type { ServiceView } from './services.ts';

/** What the checker process lets a dump look at. */
export interface CheckersView {
  readonly config: Config;
  readonly services: readonly ServiceView[];
  /** The number in a track_file. */
  fileValue(name: string): number;
}

/** Answers an operator's signals to the checker process with files. */
export class CheckerReports {
  readonly #context: ChildContext;
  readonly #view: () => CheckersView;
  readonly #dumps: ChildDumps;
  #reloads = 0;

  constructor(context: ChildContext, view: () => CheckersView) {
    this.#context = context;
    this.#view = view;
    this.#dumps = new ChildDumps('checker', context);
  }

  /** Statistics and JSON are the VRRP process's. */
  asked(signal: ChildSignal): boolean {
    if (signal !== 'data') return true;
    const message = `Printing checker data for process(${processId()}) on signal`;
    this.#context.log({ level: 'info', message });
    atEndOfTurn(() => {
      const { config } = this.#view();
      this.#dumps.writeData(config, [this.#global(), this.#topology()]);
    });
    return true;
  }

  /** Reloads in between two dumps of everything, where config_save_dir asks for them. */
  aroundReload(config: Config, reload: () => void): void {
    const wanted = config.global.dumps.saveDirectory !== undefined;
    const everything = () => [...this.#global(), ...this.#topology()];
    if (wanted) this.#dumps.save(config, everything(), this.#reloads, 'pre');
    reload();
    if (wanted) this.#dumps.save(config, everything(), this.#reloads, 'post');
    this.#reloads += 1;
  }

  /** For the parent, should this process become stuck. */
  doing(): string {
    const { services } = this.#view();
    const checks = services.flatMap((service) => service.checks.flat());
    const running = checks.filter(({ attempt }) => attempt !== undefined).length;
    return `${services.length} virtual servers, ${running} of ${checks.length} checks under way`;
  }

  /** -d: the configuration without what has happened since. */
  describe(): readonly string[] {
    const { config } = this.#view();
    return [...dumpGlobal(config, 'checker'), ...dumpCheckers(config)];
  }

  #global(): readonly string[] {
    const { realtime } = this.#context.scheduling;
    return dumpGlobal(this.#view().config, 'checker', { ...(realtime && { realtime }) });
  }

  #topology(): readonly string[] {
    const { config, services, fileValue } = this.#view();
    const byServer = new Map(services.map((service) => [service.server, service]));
    const checks = new Map<Checker, HealthCheck>(
      services.flatMap(({ checks: ofService }) => ofService.flat().map((one) => [one.target.checker, one] as const)),
    );
    return dumpCheckers(config, {
      groupEntry: ({ name }) => groupEntryState(name, services),
      file: ({ name }) => fileValue(name),
      virtualServer: (server) => virtualServerState(byServer.get(server)),
      realServer: (server, real) => realServerState(server, real, byServer.get(server)),
      checker: (checker) => {
        const check = checks.get(checker);
        if (!check) return undefined;
        const { up, hasRun, retries } = check.verdict;
        return { enabled: check.enabled, up, hasRun, retries, currentWeight: 0 };
      },
    });
  }
}

/** A group's lines are reached by every real server that its virtual servers have at work. */
function groupEntryState(group: string, services: readonly ServiceView[]) {
  const counts = { TCP: 0, UDP: 0, SCTP: 0, 4: 0, 6: 0 };
  for (const { server, state } of services) {
    const { key, family } = server;
    if (key.kind !== 'group' || key.group !== group) continue;
    const alive = state.realServers.filter((real) => real.alive).length;
    if (key.protocol !== undefined) counts[key.protocol] += alive;
    counts[family] += alive;
  }
  const { TCP: tcp, UDP: udp, SCTP: sctp, 4: ipv4, 6: ipv6 } = counts;
  return { tcp, udp, sctp, ipv4, ipv6, reloaded: false };
}

function virtualServerState(service: ServiceView | undefined) {
  if (!service) return undefined;
  const { quorumUp, sorryActive } = service.state;
  return { alive: true, quorumUp, reloaded: false, sorryServerSet: sorryActive, sorryServerAlive: sorryActive };
}

function realServerState(server: VirtualServer, real: RealServer, service: ServiceView | undefined) {
  const state = service?.state.realServers[server.realServers.indexOf(real)];
  if (!service || !state) return undefined;
  const { alive, weight, failedCheckers } = state;
  const set = (alive || real.inhibitOnFailure) && !service.state.sorryActive;
  return { effectiveWeight: weight, previousEffectiveWeight: 0, alive, failedCheckers, set, reloaded: false };
}
