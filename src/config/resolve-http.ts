import type { httpGet, sslGet } from '../../grammar/blocks/checkers/http_get.ts';
import type { Infer } from '../../grammar/keyword.ts';
import { seconds } from '../lib/duration.ts';
import { type CheckerSurroundings, checkerConnection, checkerSchedule } from './resolve-schedule.ts';
import type { HttpChecker, HttpRegex, HttpUrl } from './types.ts';

type RawCheck = Infer<typeof httpGet> & Pick<Infer<typeof sslGet>, 'tls_compliant' | 'url'>;
type RawUrl = NonNullable<Infer<typeof sslGet>['url']>[number];

const successCodes: HttpUrl['statusCodes'] = [[200, 299]];

export function httpChecker(kind: HttpChecker['kind'], raw: RawCheck, surroundings: CheckerSurroundings): HttpChecker {
  const tlsCompliant = raw.tls_compliant ?? false;
  const { sni_name: sniName } = raw;
  return {
    kind,
    schedule: checkerSchedule(raw, surroundings, { retry: 1, delayBeforeRetry: seconds(3) }),
    connection: checkerConnection(raw, surroundings),
    httpProtocol: raw.http_protocol ?? '1.0',
    ...(raw.virtualhost !== undefined && { virtualHost: raw.virtualhost }),
    fastRecovery: raw.fast_recovery ?? false,
    enableSni: raw.enable_sni ?? sniName !== undefined,
    ...(sniName && { sniName }),
    tlsCompliant,
    urls: (raw.url ?? []).map((url) => httpUrl(url, tlsCompliant)),
  };
}

function httpUrl(raw: RawUrl, tlsCompliant: boolean): HttpUrl {
  return {
    path: raw.path ?? '/',
    ...(raw.digest !== undefined && { digest: raw.digest }),
    statusCodes: raw.status_code ?? successCodes,
    ...(raw.virtualhost !== undefined && { virtualHost: raw.virtualhost }),
    tlsCompliant: raw.tls_compliant ?? tlsCompliant,
    ...(raw.regex !== undefined && { regex: httpRegex(raw, raw.regex) }),
  };
}

function httpRegex(raw: RawUrl, pattern: string): HttpRegex {
  const { regex_max_offset: maximumOffset, regex_stack: stack } = raw;
  return {
    pattern,
    options: raw.regex_options ?? [],
    noMatch: raw.regex_no_match ?? false,
    minimumOffset: raw.regex_min_offset ?? 0,
    ...(maximumOffset !== undefined && { maximumOffset }),
    ...(stack && { stack }),
  };
}
