import type { Checker, CheckerConnection, RealServer, VirtualServer } from '../config/types.ts';
import { addressFamily } from '../lib/ip.ts';
import type { AttemptResult, CheckerPorts, CheckerTarget } from './attempt.ts';
import { bfdCheck } from './bfd.ts';
import { dnsCheck } from './dns.ts';
import { fileCheck } from './file.ts';
import { httpCheck } from './http.ts';
import type { CheckerKind } from './kind.ts';
import { miscCheck } from './misc.ts';
import { realServerName, virtualServerName } from './names.ts';
import { pingCheck } from './ping.ts';
import { smtpCheck } from './smtp.ts';
import { tcpCheck } from './tcp.ts';
import { udpCheck } from './udp.ts';
import type { VerdictRules } from './verdict.ts';

type CheckerOf<K extends Checker['kind'], C = Checker> = C extends { readonly kind: infer Kinds }
  ? K extends Kinds
    ? C
    : never
  : never;

const kinds: { readonly [K in Checker['kind']]: CheckerKind<CheckerOf<K>> } = {
  TCP_CHECK: tcpCheck,
  HTTP_GET: httpCheck,
  SSL_GET: httpCheck,
  SMTP_CHECK: smtpCheck,
  DNS_CHECK: dnsCheck,
  UDP_CHECK: udpCheck,
  PING_CHECK: pingCheck,
  MISC_CHECK: miscCheck,
  FILE_CHECK: fileCheck,
  BFD_CHECK: bfdCheck,
};

/** The table's row holds for any checker of that kind. */
function kindOf(checker: Checker): CheckerKind<Checker> {
  return kinds[checker.kind] as CheckerKind<Checker>;
}

/** Whether the checker asks its server itself, on a schedule, rather than being told by others. */
export function asksItself(checker: Checker): boolean {
  return kindOf(checker).attempt !== undefined;
}

/** Whether the checker's attempts have one datagram socket in common. */
export function holdsSocket(checker: Checker): boolean {
  return kindOf(checker).holdsSocket === true;
}

/** One attempt of any checker that asks itself; `step` counts the urls of HTTP_GET. Rejects only for faults of our own. */
export function check(
  target: CheckerTarget,
  step: number,
  ports: CheckerPorts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { attempt } = kindOf(target.checker);
  if (!attempt) return Promise.reject(new Error(`${target.checker.kind} asks nobody`));
  return attempt(target, step, ports, signal);
}

/** How attempts of the checker become verdicts. */
export function verdictRules(target: CheckerTarget): VerdictRules {
  return kindOf(target.checker).rules(target);
}

/** The checker with the names and the default hosts of its servers. */
export function checkerTarget(virtualServer: VirtualServer, realServer: RealServer, checker: Checker): CheckerTarget {
  const target = {
    checker,
    realServer: realServerName(virtualServer, realServer),
    virtualServer: virtualServerName(virtualServer.key),
    defaultHost: realServer.virtualHost ?? virtualServer.virtualHost ?? authority(checker),
  };
  // The real server's host is not for handshakes.
  const own = 'virtualHost' in checker ? checker.virtualHost : undefined;
  const handshakeHost = own ?? virtualServer.virtualHost;
  return handshakeHost === undefined ? target : { ...target, handshakeHost };
}

/** Where the request goes, as its Host line names it. */
function authority(checker: Checker): string {
  if (!('connection' in checker)) return '';
  const { address, port }: CheckerConnection = checker.connection;
  return `${addressFamily(address) === 6 ? `[${address}]` : address}:${port}`;
}
