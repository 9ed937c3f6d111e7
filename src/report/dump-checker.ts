import { realServerName, virtualServerName } from '../checkers/names.ts';
import type {
  Checker,
  CheckerConnection,
  CheckerSchedule,
  HttpChecker,
  HttpUrl,
  RealServer,
  VirtualServer,
} from '../config/types.ts';
import { seconds } from '../lib/duration.ts';
import { type DumpLines, optional, present, secondsFixed, title, yesNo } from './dump-text.ts';

/** What only a running checker process knows of a health check. */
export interface CheckerRuntime {
  readonly enabled: boolean;
  readonly up: boolean;
  readonly hasRun: boolean;
  readonly currentWeight: number;
}

/** Runtime values of a check; undefined where they are not known. */
export type CheckerRuntimeOf = (checker: Checker) => CheckerRuntime | undefined;

/** Section "Health checkers". */
export function checkerLines(virtualServers: readonly VirtualServer[], runtime: CheckerRuntimeOf): string[] {
  const lines = virtualServers.flatMap((virtualServer) =>
    virtualServer.realServers.flatMap((realServer) =>
      realServer.checkers.flatMap((checker) => oneChecker(virtualServer, realServer, checker, runtime(checker))),
    ),
  );
  return lines.length === 0 ? [] : [title('Health checkers'), ...lines];
}

function oneChecker(
  virtualServer: VirtualServer,
  realServer: RealServer,
  checker: Checker,
  state: CheckerRuntime | undefined,
): string[] {
  const inherited = realServer.virtualHost ?? virtualServer.virtualHost;
  return present([
    ` ${virtualServerName(virtualServer.key)} -> ${realServerName(virtualServer, realServer)}`,
    ...(state ? stateLines(state) : []),
    ...schedule(checker),
    '   Connection',
    ...connection(checker.connection),
    ...(checker.kind === 'HTTP_GET' ? httpLines(checker, inherited) : ['   Keepalive method = TCP_CHECK']),
  ]);
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
const standardRetryDelay = { TCP_CHECK: seconds(1), HTTP_GET: seconds(3) } as const;

function schedule({ kind, schedule: plan }: { kind: Checker['kind']; schedule: CheckerSchedule }): DumpLines {
  return [
    `   Alpha = ${yesNo(plan.alpha)}`,
    `   Delay loop = ${plan.delayLoop} us`,
    `   Warmup = ${plan.warmup} us`,
    `   Retries = ${plan.retry}`,
    plan.retry > 0 && `   Delay before retry = ${plan.delayBeforeRetry} us`,
    plan.retry > 0 && `   Retries iterations = ${plan.retry}`,
    `   Default delay before retry = ${standardRetryDelay[kind]} us`,
    `   Log all failures = ${yesNo(plan.logAllFailures)}`,
  ];
}

function connection(target: CheckerConnection): DumpLines {
  const { bindAddress, bindPort } = target;
  const anyAddress = target.address.includes(':') ? '::' : '0.0.0.0';
  const binds = bindAddress !== undefined || bindPort !== undefined;
  return [
    `     Dest = [${target.address}]:${target.port}`,
    binds && `     Bind to = [${bindAddress ?? anyAddress}]:${bindPort ?? 0}`,
    optional('     Bind i/f', target.bindInterface),
    optional('     Mark', target.fwmark),
    `     Timeout = ${secondsFixed(target.connectTimeout)}`,
  ];
}

function httpLines(checker: HttpChecker, inherited: string | undefined): DumpLines {
  const { virtualHost } = checker;
  return [
    `   Keepalive method = HTTP_GET, http protocol ${checker.httpProtocol}`,
    virtualHost !== undefined && virtualHost !== inherited && `   Virtualhost = ${virtualHost}`,
    '   Enable SNI unset',
    `   Fast recovery ${checker.fastRecovery ? '' : 'un'}set`,
    ...checker.urls.flatMap((url) => urlLines(url, virtualHost ?? inherited)),
  ];
}

function urlLines({ path, digest, statusCodes, virtualHost }: HttpUrl, inherited: string | undefined): DumpLines {
  return [
    `   Checked url = ${path}`,
    optional('     digest', digest),
    '     tls_compliant unset',
    '     HTTP Status Code(s)',
    ...statusCodes.map(([first, last]) => `       ${first === last ? first : `${first}-${last}`}`),
    virtualHost !== undefined && virtualHost !== inherited && `     Virtual host = ${virtualHost}`,
  ];
}
