import { realServerName, virtualServerName } from '../../checkers/names.ts';
import type { Config, RealServer, SyncGroup, VirtualServer, VrrpInstance } from '../../config/types.ts';
import type {
  CheckerSurvey,
  InstanceSurvey,
  RealServerSurvey,
  ServiceSurvey,
  VrrpSurvey,
} from '../../ipc/observation.ts';
import { micros } from '../../lib/duration.ts';
import { addressText } from '../dump-address.ts';
import { wholeSeconds } from '../dump-text.ts';
import type { WallTime } from '../runtime.ts';

/** What the parent knows of the daemon. */
export interface DaemonFacts {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: WallTime;
  readonly configurationFile: string;
  /** When the configuration in force was read. */
  readonly configuredAt: WallTime;
  /** Why the last reload left the configuration as it was. */
  readonly refusal?: string;
  readonly processes: readonly ProcessFacts[];
}

export interface ProcessFacts {
  readonly role: 'vrrp' | 'checker' | 'bfd';
  /** Absent while it waits to be started again. */
  readonly pid?: number;
  /** How often it has been started again after its end. */
  readonly restarts: number;
}

/** What the processes told of themselves; undefined of one that does not run or did not answer in time. */
export interface StatusSurveys {
  readonly vrrp: VrrpSurvey | undefined;
  readonly checker: CheckerSurvey | undefined;
}

/** The live state of a daemon, as `evenkeel status --format json` prints it. Times are seconds since 1970, spans seconds. */
export interface Status {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly now: number;
  readonly configuration: { readonly file: string; readonly readAt: number; readonly refusal?: string };
  readonly processes: readonly (ProcessFacts & { readonly answers?: boolean })[];
  readonly instances: readonly InstanceStatus[];
  readonly groups: readonly { readonly name: string; readonly state: string; readonly members: readonly string[] }[];
  readonly tracked: readonly TrackedStatus[];
  readonly virtualServers: readonly VirtualServerStatus[];
}

export interface InstanceStatus {
  readonly name: string;
  readonly state: string;
  /** Of the last change of state. */
  readonly since?: number;
  readonly interface: string;
  readonly virtualRouterId: number;
  readonly priority: number;
  readonly basePriority: number;
  /** Whom a backup has heard. */
  readonly master?: { readonly address: string; readonly priority: number };
  readonly holdsAddresses: boolean;
  readonly addresses: readonly string[];
  /** What keeps it from working, for people. */
  readonly faults: readonly string[];
  readonly advertsSent: number;
  readonly advertsReceived: number;
  readonly becameMaster: number;
}

export interface TrackedStatus {
  readonly kind: 'script' | 'file' | 'process' | 'bfd';
  readonly name: string;
  readonly state: string;
}

export interface VirtualServerStatus {
  readonly name: string;
  readonly scheduler: string;
  readonly forwardingMethod: string;
  readonly quorum: number;
  readonly quorumUp: boolean;
  readonly sorryServer?: { readonly name: string; readonly active: boolean };
  readonly realServers: readonly RealServerStatus[];
}

export interface RealServerStatus {
  readonly name: string;
  readonly up: boolean;
  readonly weight: number;
  readonly activeConnections?: number;
  readonly inactiveConnections?: number;
  readonly checks: readonly CheckStatus[];
}

export interface CheckStatus {
  readonly kind: string;
  readonly state: 'up' | 'down' | 'not run yet';
  /** What was wrong at the last attempt. */
  readonly trouble?: string;
}

/** Puts together what is configured and what was told. */
export function statusOf(config: Config, facts: DaemonFacts, surveys: StatusSurveys, now: WallTime): Status {
  const { vrrp, checker } = surveys;
  const instances = new Map(config.instances.map((instance) => [instance.name, instance]));
  return {
    version: facts.version,
    pid: facts.pid,
    startedAt: sinceEpoch(facts.startedAt),
    now: sinceEpoch(now),
    configuration: {
      file: facts.configurationFile,
      readAt: sinceEpoch(facts.configuredAt),
      ...(facts.refusal !== undefined && { refusal: facts.refusal }),
    },
    processes: facts.processes.map((process) => ({
      ...process,
      ...(process.role !== 'bfd' && { answers: surveys[process.role] !== undefined }),
    })),
    instances: (vrrp?.instances ?? []).flatMap((survey) => {
      const instance = instances.get(survey.name);
      return instance ? [instanceStatus(instance, survey)] : [];
    }),
    groups: (vrrp?.groups ?? []).map(({ name, state }) => {
      return { name, state, members: membersOf(config.syncGroups, name) };
    }),
    tracked: vrrp ? trackedStatus(vrrp) : [],
    virtualServers: (checker?.services ?? []).flatMap((survey, at) => {
      const server = config.virtualServers[at];
      return server ? [virtualServerStatus(server, survey)] : [];
    }),
  };
}

function instanceStatus(instance: VrrpInstance, survey: InstanceSurvey): InstanceStatus {
  const { state, masterAddress, masterPriority } = survey;
  const { advertSent = 0, advertReceived = 0, becomeMaster = 0 } = survey.statistics;
  const hears = state === 'BACKUP' && masterAddress !== undefined;
  return {
    name: instance.name,
    state,
    ...(survey.changedAt !== undefined && { since: sinceEpoch(survey.changedAt) }),
    interface: instance.interface,
    virtualRouterId: instance.virtualRouterId,
    priority: survey.effectivePriority,
    basePriority: survey.basePriority,
    ...(hears && { master: { address: masterAddress, priority: masterPriority } }),
    holdsAddresses: survey.holdsAddresses,
    addresses: [...instance.virtualAddresses, ...instance.excludedAddresses].map(addressText),
    faults: [...survey.faults.map((fault) => faultText(fault, instance)), ...awaitedText(survey.scriptsAwaited)],
    advertsSent: advertSent,
    advertsReceived: advertReceived,
    becameMaster: becomeMaster,
  };
}

function faultText(fault: string, { interface: base, vmac, family }: VrrpInstance): string {
  const own: Readonly<Record<string, string>> = {
    interfaceDown: `interface ${base} is down or missing`,
    virtualInterfaceDown: `interface ${vmac?.name ?? base} is down or missing`,
    noSourceAddress: `${base} has no IPv${family} address to send from`,
    sourceAddressAbsent: 'the source address is not there',
    configuration: 'it cannot work as it is configured',
  };
  const [kind = '', name] = fault.split(/ (.*)/, 2);
  return own[fault] ?? (kind === 'interface' ? `tracked interface ${name} is down` : `${kind} ${name} has failed`);
}

function awaitedText(count: number): string[] {
  if (count === 0) return [];
  return [
    count === 1 ? 'the first result of a script is awaited' : `the first results of ${count} scripts are awaited`,
  ];
}

function membersOf(groups: readonly SyncGroup[], name: string): readonly string[] {
  return groups.find((group) => group.name === name)?.members ?? [];
}

function trackedStatus({ scripts, files, processes, bfds }: VrrpSurvey): TrackedStatus[] {
  const standings = {
    init: 'not run yet',
    initFailed: 'not run yet, taken for bad',
    good: 'good',
    bad: 'bad',
  } as const;
  return [
    ...shown('script', scripts, (standing) => standings[standing]),
    ...shown('file', files, String),
    ...shown('process', processes, ({ current, haveQuorum }) => `${current} running, ${haveQuorum ? 'good' : 'bad'}`),
    ...shown('bfd', bfds, (up) => (up ? 'up' : 'down')),
  ];
}

function shown<Value>(
  kind: TrackedStatus['kind'],
  values: Readonly<Record<string, Value>>,
  text: (value: Value) => string,
): TrackedStatus[] {
  return Object.entries(values).map(([name, value]) => ({ kind, name, state: text(value) }));
}

function virtualServerStatus(server: VirtualServer, survey: ServiceSurvey): VirtualServerStatus {
  const { scheduler, forwardingMethod, quorum, sorryServer } = server;
  return {
    name: virtualServerName(server.key),
    scheduler,
    forwardingMethod,
    quorum,
    quorumUp: survey.quorumUp,
    ...(sorryServer && { sorryServer: { name: realServerName(server, sorryServer), active: survey.sorryActive } }),
    realServers: server.realServers.flatMap((real, at) => {
      const told = survey.realServers[at];
      return told ? [realServerStatus(server, real, told)] : [];
    }),
  };
}

function realServerStatus(server: VirtualServer, real: RealServer, survey: RealServerSurvey): RealServerStatus {
  const { alive, weight, checks, traffic } = survey;
  return {
    name: realServerName(server, real),
    up: alive,
    weight,
    ...(traffic && {
      activeConnections: traffic.activeConnections,
      inactiveConnections: traffic.inactiveConnections,
    }),
    checks: checks.map(({ up, hasRun, trouble }, at) => ({
      kind: real.checkers[at]?.kind ?? '',
      state: hasRun ? (up ? 'up' : 'down') : 'not run yet',
      ...(trouble !== undefined && { trouble }),
    })),
  };
}

function sinceEpoch(time: WallTime): number {
  return wholeSeconds(micros(time));
}
