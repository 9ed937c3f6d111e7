import type { httpGet } from '../../grammar/blocks/checkers/http_get.ts';
import type { tcpCheck } from '../../grammar/blocks/checkers/tcp_check.ts';
import type { Infer } from '../../grammar/keyword.ts';
import { type Duration, seconds } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { RawRealServer } from './raw.ts';
import type { Checker, CheckerConnection, CheckerDefaults, CheckerSchedule, HttpUrl } from './types.ts';

type RawTcpCheck = Infer<typeof tcpCheck>;
type RawHttpGet = Infer<typeof httpGet>;

/** What a checker takes from its real server where it sets nothing itself. */
export interface CheckerSurroundings {
  readonly address: IpAddress;
  readonly port: number;
  readonly alpha: boolean;
  readonly logAllFailures: boolean;
  readonly virtualHost: string | undefined;
  readonly defaults: CheckerDefaults;
}

const successCodes: HttpUrl['statusCodes'] = [[200, 299]];

/** The checkers of a real server, of all kinds, in the order of the file. */
export function resolveCheckers(raw: RawRealServer, surroundings: CheckerSurroundings): Checker[] {
  const tcp = (raw.TCP_CHECK ?? []).map((check) => ({ at: check.sequence, checker: tcpChecker(check, surroundings) }));
  const http = (raw.HTTP_GET ?? []).map((check) => ({ at: check.sequence, checker: httpChecker(check, surroundings) }));
  if (http.length === 0) return tcp.map(({ checker }) => checker);
  return [...tcp, ...http].sort((a, b) => a.at - b.at).map(({ checker }) => checker);
}

function tcpChecker(raw: RawTcpCheck, surroundings: CheckerSurroundings): Checker {
  return {
    kind: 'TCP_CHECK',
    schedule: schedule(raw, surroundings, seconds(1)),
    connection: connection(raw, surroundings),
  };
}

function httpChecker(raw: RawHttpGet, surroundings: CheckerSurroundings): Checker {
  const virtualHost = raw.virtualhost ?? surroundings.virtualHost;
  return {
    kind: 'HTTP_GET',
    schedule: schedule(raw, surroundings, seconds(3)),
    connection: connection(raw, surroundings),
    httpProtocol: raw.http_protocol ?? '1.0',
    ...(virtualHost !== undefined && { virtualHost }),
    fastRecovery: raw.fast_recovery ?? false,
    enableSni: false,
    tlsCompliant: false,
    urls: (raw.url ?? []).map((url) => ({
      path: url.path ?? '/',
      tlsCompliant: false,
      ...(url.digest !== undefined && { digest: url.digest }),
      statusCodes: url.status_code ?? successCodes,
      ...(url.virtualhost !== undefined && { virtualHost: url.virtualhost }),
    })),
  };
}

function schedule(
  raw: RawTcpCheck | RawHttpGet,
  { alpha, logAllFailures, defaults }: CheckerSurroundings,
  delayBeforeRetry: Duration,
): CheckerSchedule {
  const delayLoop = raw.delay_loop ?? defaults.delayLoop;
  return {
    delayLoop,
    warmup: raw.warmup ?? defaults.warmup ?? delayLoop,
    retry: raw.retry ?? defaults.retry ?? 1,
    delayBeforeRetry: raw.delay_before_retry ?? defaults.delayBeforeRetry ?? delayBeforeRetry,
    alpha: raw.alpha ?? alpha,
    logAllFailures: raw.log_all_failures ?? logAllFailures,
  };
}

function connection(
  raw: RawTcpCheck | RawHttpGet,
  { address, port, defaults }: CheckerSurroundings,
): CheckerConnection {
  return {
    address: raw.connect_ip ?? address,
    port: raw.connect_port ?? port,
    connectTimeout: raw.connect_timeout ?? defaults.connectTimeout,
    ...(raw.bindto !== undefined && { bindAddress: raw.bindto }),
    ...(raw.bind_port !== undefined && { bindPort: raw.bind_port }),
    ...(raw.bind_if !== undefined && { bindInterface: raw.bind_if }),
    ...(raw.fwmark !== undefined && raw.fwmark !== 0 && { fwmark: raw.fwmark }),
  };
}
