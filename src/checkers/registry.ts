import type {
  Checker,
  CheckerConnection,
  HttpChecker,
  RealServer,
  TcpChecker,
  VirtualServer,
} from '../config/types.ts';
import { assertNever } from '../lib/assert-never.ts';
import { micros } from '../lib/duration.ts';
import { addressFamily } from '../lib/ip.ts';
import type { AttemptResult, CheckerPorts, CheckerTarget } from './attempt.ts';
import { checkHttp } from './http.ts';
import { realServerName, virtualServerName } from './names.ts';
import { checkTcp } from './tcp.ts';
import type { VerdictRules } from './verdict.ts';

/** Texts of a state change in alert mails. */
export interface CheckerMail {
  readonly up: string;
  readonly down: string;
}

/** One attempt of any checker; `step` counts the urls of HTTP_GET. Rejects only for faults of our own. */
export function check(
  target: CheckerTarget,
  step: number,
  ports: CheckerPorts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { checker } = target;
  switch (checker.kind) {
    case 'TCP_CHECK':
      return checkTcp({ ...target, checker }, ports, signal);
    case 'HTTP_GET':
      return checkHttp({ ...target, checker }, step, ports, signal);
    default:
      return assertNever(checker);
  }
}

/** How attempts of the checker become verdicts. */
export function verdictRules(target: CheckerTarget): VerdictRules {
  const { checker } = target;
  switch (checker.kind) {
    case 'TCP_CHECK':
      return tcpRules(checker, target.realServer);
    case 'HTTP_GET':
      return httpRules(checker, target.realServer);
    default:
      return assertNever(checker);
  }
}

export function checkerMail(checker: Checker): CheckerMail {
  switch (checker.kind) {
    case 'TCP_CHECK':
      return { up: '=> TCP CHECK succeed on service <=', down: '=> TCP CHECK failed on service <=' };
    case 'HTTP_GET':
      return {
        up: '=> CHECK succeed on service <=',
        down: '=> CHECK failed on service : HTTP request failed <=',
      };
    default:
      return assertNever(checker);
  }
}

/** The checker with the names and the default host of its servers. */
export function checkerTarget(virtualServer: VirtualServer, realServer: RealServer, checker: Checker): CheckerTarget {
  return {
    checker,
    realServer: realServerName(virtualServer, realServer),
    virtualServer: virtualServerName(virtualServer.key),
    defaultHost: realServer.virtualHost ?? virtualServer.virtualHost ?? authority(checker.connection),
  };
}

/** Where the request goes, as its Host line names it. */
function authority({ address, port }: CheckerConnection): string {
  return `${addressFamily(address) === 6 ? `[${address}]` : address}:${port}`;
}

function tcpRules(checker: TcpChecker, name: string): VerdictRules {
  return {
    schedule: checker.schedule,
    steps: 1,
    fastRecovery: false,
    retestsFailedStep: false,
    delayWhenDown: checker.schedule.delayLoop,
    texts: {
      up: `TCP connection to ${name} success.`,
      down: (retries) => `TCP_CHECK on service ${name} failed${afterRetries(retries)}.`,
      claimsFirstRunRetries: false,
    },
  };
}

function httpRules(checker: HttpChecker, name: string): VerdictRules {
  const { schedule } = checker;
  return {
    schedule,
    steps: checker.urls.length,
    fastRecovery: checker.fastRecovery,
    retestsFailedStep: true,
    delayWhenDown: micros(Math.max(schedule.delayLoop, schedule.delayBeforeRetry)),
    texts: {
      up: `Remote Web server ${name} succeed on service.`,
      down: (retries) => `HTTP_CHECK on service ${name} failed${afterRetries(retries)}.`,
      claimsFirstRunRetries: true,
    },
  };
}

function afterRetries(retries: number): string {
  return retries > 0 ? ` after ${retries} retries` : '';
}
