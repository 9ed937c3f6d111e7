import type { VirtualServerName } from '../../grammar/server-values.ts';
import { serviceFlags } from '../lib/service-flags.ts';
import type { Values } from './print-block.ts';
import { hostGranularity } from './resolve-servers.ts';
import type {
  Checker,
  CheckerDefaults,
  RealServer,
  TransportProtocol,
  VirtualServer,
  VirtualServerKey,
} from './types.ts';
import { writtenCommand } from './written-instance.ts';

/** A virtual server as the words that would make it again. */
export function writtenServer(server: VirtualServer, logAllFailures: boolean, sequence: number): Values {
  const { key, flags, checkerDefaults, sorryServer: sorry } = server;
  const granularity = server.persistenceGranularity;
  return {
    name: writtenName(key),
    sequence,
    ...(key.kind === 'fwmark' && { ip_family: key.family === 4 ? 'inet' : 'inet6' }),
    ...writtenTiming(checkerDefaults, undefined),
    inhibit_on_failure: on(checkerDefaults?.inhibitOnFailure ?? false),
    lb_algo: server.scheduler,
    ops: on((flags & serviceFlags.onePacket) !== 0),
    'flag-1': on((flags & serviceFlags.scheduler1) !== 0),
    'flag-2': on((flags & serviceFlags.scheduler2) !== 0),
    'flag-3': on((flags & serviceFlags.scheduler3) !== 0),
    lb_kind: server.forwardingMethod,
    persistence_engine: server.persistenceEngine,
    persistence_timeout: server.persistenceTimeout || undefined,
    persistence_granularity: granularity === hostGranularity(server.family) ? undefined : granularity,
    protocol: writtenProtocol(server),
    smtp_alert: server.smtpAlert,
    virtualhost: server.virtualHost,
    alpha: on(server.alpha),
    omega: on(server.omega),
    quorum_up: writtenCommand(server.quorumUp),
    quorum_down: writtenCommand(server.quorumDown),
    quorum: server.quorum,
    hysteresis: server.hysteresis,
    sorry_server: sorry && { address: sorry.address, port: sorry.port },
    sorry_server_inhibit: on(sorry?.inhibitOnFailure ?? false),
    sorry_server_lvs_method: sorry?.forwardingMethod,
    real_server: server.realServers.map((real, i) => writtenRealServer(real, server, logAllFailures, i)),
  };
}

function on(set: boolean): true | undefined {
  return set ? true : undefined;
}

/** A firewall mark has none, but without UDP beside it one-packet scheduling would be taken back. */
function writtenProtocol({ key, flags }: VirtualServer): TransportProtocol | undefined {
  if (key.kind !== 'fwmark') return key.protocol;
  return (flags & serviceFlags.onePacket) !== 0 ? 'UDP' : undefined;
}

function writtenName(key: VirtualServerKey): VirtualServerName {
  if (key.kind === 'group') return { kind: 'group', group: key.group };
  if (key.kind === 'fwmark') return { kind: 'fwmark', fwmark: key.fwmark };
  return { kind: 'address', endpoint: { address: key.address, port: key.port } };
}

/** Only what differs from the block above: the rest is taken over from there. */
function writtenTiming(own: CheckerDefaults | undefined, above: CheckerDefaults | undefined): Values {
  if (!own) return {};
  const differing = <K extends keyof CheckerDefaults>(key: K): CheckerDefaults[K] | undefined =>
    own[key] === above?.[key] ? undefined : own[key];
  return {
    delay_loop: differing('delayLoop'),
    retry: differing('retry'),
    delay_before_retry: differing('delayBeforeRetry'),
    warmup: differing('warmup'),
    connect_timeout: differing('connectTimeout'),
  };
}

function writtenRealServer(real: RealServer, server: VirtualServer, logAllFailures: boolean, sequence: number): Values {
  const above = server.checkerDefaults;
  const checkers = real.checkers.map((checker, i) => ({
    kind: checker.kind,
    values: writtenChecker(checker, real, logAllFailures, i),
  }));
  const ofKind = (kind: Checker['kind']): readonly Values[] | undefined => {
    const found = checkers.filter((checker) => checker.kind === kind).map(({ values }) => values);
    return found.length === 0 ? undefined : found;
  };
  return {
    endpoint: { address: real.address, port: real.port },
    sequence,
    weight: real.weight,
    lvs_method: real.forwardingMethod === server.forwardingMethod ? undefined : real.forwardingMethod,
    uthreshold: real.upperThreshold,
    lthreshold: real.lowerThreshold,
    inhibit_on_failure: real.inhibitOnFailure === above?.inhibitOnFailure ? undefined : real.inhibitOnFailure,
    notify_up: writtenCommand(real.notifyUp),
    notify_down: writtenCommand(real.notifyDown),
    alpha: real.alpha === server.alpha ? undefined : real.alpha,
    ...writtenTiming(real.checkerDefaults, above),
    smtp_alert: real.smtpAlert,
    virtualhost: real.virtualHost === server.virtualHost ? undefined : real.virtualHost,
    TCP_CHECK: ofKind('TCP_CHECK'),
    HTTP_GET: ofKind('HTTP_GET'),
  };
}

function writtenChecker(checker: Checker, real: RealServer, logAllFailures: boolean, sequence: number): Values {
  const { schedule } = checker;
  const connection = 'connection' in checker ? checker.connection : undefined;
  return {
    sequence,
    connect_ip: connection?.address === real.address ? undefined : connection?.address,
    connect_port: connection?.port === real.port ? undefined : connection?.port,
    bindto: connection?.bindAddress,
    bind_port: connection?.bindPort,
    bind_if: connection?.bindInterface,
    connect_timeout: connection?.connectTimeout,
    fwmark: connection?.fwmark,
    retry: schedule.retry,
    delay_before_retry: schedule.delayBeforeRetry,
    warmup: schedule.warmup,
    delay_loop: schedule.delayLoop,
    alpha: schedule.alpha === real.alpha ? undefined : schedule.alpha,
    log_all_failures: schedule.logAllFailures === logAllFailures ? undefined : schedule.logAllFailures,
    ...(checker.kind === 'HTTP_GET' && {
      virtualhost: checker.virtualHost === real.virtualHost ? undefined : checker.virtualHost,
      http_protocol: checker.httpProtocol,
      fast_recovery: on(checker.fastRecovery),
      url: checker.urls.map((url, i) => ({
        sequence: i,
        path: url.path,
        digest: url.digest,
        status_code: url.statusCodes,
        virtualhost: url.virtualHost,
      })),
    }),
  };
}
