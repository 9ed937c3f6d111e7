import { realServerName, virtualServerName } from '../checkers/names.ts';
import type {
  Checker,
  CheckerConnection,
  CheckerSchedule,
  HttpRegex,
  RealServer,
  VirtualServer,
} from '../config/types.ts';
import { seconds } from '../lib/duration.ts';
import { checkerKindLines } from './dump-checker-kind.ts';
import { type DumpLines, optional, present, secondsFixed, title, yesNo } from './dump-text.ts';

/** What only a running checker process knows of a health check. */
export interface CheckerRuntime {
  readonly enabled: boolean;
  readonly up: boolean;
  readonly hasRun: boolean;
  readonly currentWeight: number;
  /** Failures in a row that did not yet count. */
  readonly retries: number;
  /** The request of HTTP_GET that has failed. */
  readonly failedUrl?: string;
}

/** Runtime values of a check; undefined where they are not known. */
export type CheckerRuntimeOf = (checker: Checker) => CheckerRuntime | undefined;

/** Section "Health checkers". As with keepalived those of files come last. */
export function checkerLines(virtualServers: readonly VirtualServer[], runtime: CheckerRuntimeOf): string[] {
  const sharing = patternCounts(virtualServers);
  const all = virtualServers.flatMap((virtualServer) =>
    virtualServer.realServers.flatMap((realServer) =>
      realServer.checkers.map((checker) => ({ virtualServer, realServer, checker })),
    ),
  );
  const isOfFile = ({ checker }: { readonly checker: Checker }): boolean => checker.kind === 'FILE_CHECK';
  const ordered = [...all.filter((one) => !isOfFile(one)), ...all.filter(isOfFile)];
  const lines = ordered.flatMap(({ virtualServer, realServer, checker }) =>
    oneChecker(virtualServer, realServer, checker, runtime(checker), sharing),
  );
  return lines.length === 0 ? [] : [title('Health checkers'), ...lines];
}

function oneChecker(
  virtualServer: VirtualServer,
  realServer: RealServer,
  checker: Checker,
  state: CheckerRuntime | undefined,
  sharing: (regex: HttpRegex) => number,
): string[] {
  const virtualHost = realServer.virtualHost ?? virtualServer.virtualHost;
  return present([
    ` ${virtualServerName(virtualServer.key)} -> ${realServerName(virtualServer, realServer)}`,
    ...(state ? stateLines(state) : []),
    ...(checker.kind === 'FILE_CHECK' ? [logsAll(checker)] : schedule(checker, state)),
    ...('connection' in checker ? ['   Connection', ...connection(checker.connection)] : []),
    ...checkerKindLines(checker, {
      virtualHost,
      delayLoop: virtualServer.checkerDefaults?.delayLoop,
      sharing,
      failedUrl: state?.failedUrl,
      running: state !== undefined,
    }),
  ]);
}

/** Requests with one pattern and the same options share it. */
function patternCounts(virtualServers: readonly VirtualServer[]): (regex: HttpRegex) => number {
  const nameOf = ({ pattern, options }: HttpRegex): string => `${[...options].sort().join(' ')}/${pattern}`;
  const counts = new Map<string, number>();
  for (const checker of virtualServers.flatMap(({ realServers }) => realServers.flatMap(({ checkers }) => checkers))) {
    if (checker.kind !== 'HTTP_GET' && checker.kind !== 'SSL_GET') continue;
    for (const { regex } of checker.urls) if (regex) counts.set(nameOf(regex), (counts.get(nameOf(regex)) ?? 0) + 1);
  }
  return (regex) => counts.get(nameOf(regex)) ?? 0;
}

function stateLines({ enabled, up, hasRun, currentWeight }: CheckerRuntime): DumpLines {
  return [
    `   Enabled = ${yesNo(enabled)}`,
    `   Up = ${yesNo(up)}`,
    `   Has run = ${yesNo(hasRun)}`,
    `   Current weight = ${currentWeight}`,
  ];
}

/** What delay_before_retry is where nobody says anything. */
const standardRetryDelay: Readonly<Partial<Record<Checker['kind'], number>>> = {
  HTTP_GET: seconds(3),
  SSL_GET: seconds(3),
  DNS_CHECK: 0,
};

/** What has no times of its own shows them as keepalived does, as the largest numbers. */
const noSchedule = [
  `   Delay loop = ${2n ** 64n - 1n} us`,
  `   Warmup = ${2n ** 64n - 1n} us`,
  `   Retries = ${2 ** 32 - 1}`,
  `   Delay before retry = ${2n ** 64n - 1n} us`,
  `   Retries iterations = ${2 ** 32 - 1}`,
  `   Default delay before retry = ${seconds(1)} us`,
];

function schedule(
  { kind, schedule: plan }: { kind: Checker['kind']; schedule: CheckerSchedule },
  state: CheckerRuntime | undefined,
): DumpLines {
  const alpha = `   Alpha = ${yesNo(plan.alpha)}`;
  if (kind === 'BFD_CHECK') return [alpha, ...noSchedule, logsAll({ schedule: plan })];
  return [
    alpha,
    `   Delay loop = ${plan.delayLoop} us`,
    `   Warmup = ${plan.warmup} us`,
    `   Retries = ${plan.retry}`,
    plan.retry > 0 && `   Delay before retry = ${plan.delayBeforeRetry} us`,
    plan.retry > 0 && `   Retries iterations = ${state?.hasRun ? state.retries : plan.retry}`,
    `   Default delay before retry = ${standardRetryDelay[kind] ?? seconds(1)} us`,
    logsAll({ schedule: plan }),
  ];
}

function logsAll({ schedule: { logAllFailures } }: Pick<Checker, 'schedule'>): string {
  return `   Log all failures = ${yesNo(logAllFailures)}`;
}

function connection(target: CheckerConnection): DumpLines {
  const { bindAddress, bindPort } = target;
  return [
    `     Dest = [${target.address}]:${target.port}`,
    bindAddress !== undefined && `     Bind to = [${bindAddress}]:${bindPort ?? 0}`,
    optional('     Bind i/f', target.bindInterface),
    optional('     Mark', target.fwmark),
    `     Timeout = ${secondsFixed(target.connectTimeout)}`,
  ];
}
