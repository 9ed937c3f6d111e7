import type { Checker, Config } from '../../config/types.ts';
import { atEndOfTurn } from '../../os/turn.ts';
import { processId } from '../../os/processes/this-process.ts';
import { dumpCheckers, dumpGlobal } from '../../report/dump.ts';
import type { ChildContext, ChildSignal } from '../child.ts';
import { ChildDumps } from '../child-dumps.ts';
import { formerStates, groupEntryState, realServerState, virtualServerState } from './dumped-states.ts';
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
  /** What was there before the last reload. */
  #before: {
    readonly services: readonly Pick<ServiceView, 'server' | 'state'>[];
    readonly groups: Config['virtualServerGroups'];
  } = { services: [], groups: [] };

  constructor(context: ChildContext, view: () => CheckersView) {
    this.#context = context;
    this.#view = view;
    this.#dumps = new ChildDumps('checker', context);
  }

  /** Statistics and JSON are the VRRP process's. */
  asked(signal: ChildSignal): void {
    if (signal !== 'data') return;
    const message = `Printing checker data for process(${processId()}) on signal`;
    this.#context.log({ level: 'info', message });
    atEndOfTurn(() => {
      const { config } = this.#view();
      this.#dumps.writeData(config, [this.#global(), this.#topology()]);
    });
  }

  /** Reloads in between two dumps of everything, where config_save_dir asks for them. */
  aroundReload(config: Config, reload: () => void): void {
    const wanted = config.global.dumps.saveDirectory !== undefined;
    this.#reloads += 1;
    const everything = () => [...this.#global(), ...this.#topology()];
    if (wanted) this.#dumps.save(config, everything(), this.#reloads, 'pre');
    const { services, config: former } = this.#view();
    const states = services.map(({ server, state }) => ({ server, state }));
    this.#before = { services: states, groups: former.virtualServerGroups };
    reload();
    if (wanted) this.#dumps.save(config, everything(), this.#reloads, 'post');
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
      services.flatMap(({ checks: ofService }) => ofService.flat().map((one) => [one.checker, one] as const)),
    );
    const before = formerStates(this.#before.services, this.#before.groups);
    const initialWeights = new Map(
      services.flatMap(({ server }) =>
        server.realServers.flatMap((real) => real.checkers.map((checker) => [checker, real.weight] as const)),
      ),
    );
    return dumpCheckers(config, {
      groupEntry: (group, entry) => groupEntryState(group, entry, services, before),
      file: ({ name }) => fileValue(name),
      virtualServer: (server) => virtualServerState(byServer.get(server), before),
      realServer: (server, real) => realServerState(server, real, byServer.get(server), before),
      checker: (checker) => {
        const check = checks.get(checker);
        return check && verdictState(check, initialWeights.get(checker) ?? 0);
      },
    });
  }
}

/** Once a check is down, keepalived begins to count anew; HTTP_GET has counted the failure that made it so. */
function verdictState({ checker, enabled, verdict }: HealthCheck, initial: number) {
  const { up, hasRun, retries, weight, failedStep } = verdict;
  const http = checker.kind === 'HTTP_GET' || checker.kind === 'SSL_GET';
  const used = http ? checker.schedule.retry + 1 : 0;
  const failedUrl = http && failedStep !== undefined ? checker.urls[failedStep]?.path : undefined;
  return {
    enabled,
    up,
    hasRun,
    retries: up || !hasRun ? retries : used,
    currentWeight: weight === undefined ? 0 : 'by' in weight ? weight.by : weight.to - initial,
    ...(failedUrl !== undefined && { failedUrl }),
  };
}
