import type { Forwarding } from '../../grammar/forwarding.ts';
import type { VirtualServerName } from '../../grammar/server-values.ts';
import { serviceFlags } from '../lib/service-flags.ts';
import type { Values } from './print-block.ts';
import { hostGranularity } from './resolve-servers.ts';
import type {
  CheckerDefaults,
  ForwardingMethod,
  RealServer,
  TransportProtocol,
  Tunnel,
  VirtualServer,
  VirtualServerKey,
} from './types.ts';
import { writtenCheckers } from './written-checker.ts';
import { writtenCommand } from './written-command.ts';
import { on } from './written-flag.ts';

/** A virtual server as the words that would make it again. */
export function writtenServer(server: VirtualServer, sequence: number): Values {
  const { key, flags, checkerDefaults, sorryServer: sorry } = server;
  const granularity = server.persistenceGranularity;
  return {
    name: writtenName(key),
    sequence,
    ...(key.kind === 'fwmark' && { ip_family: key.family === 4 ? 'inet' : 'inet6' }),
    ...writtenTiming(checkerDefaults, undefined),
    inhibit_on_failure: on(checkerDefaults?.inhibitOnFailure ?? false),
    lb_algo: server.scheduler,
    weight: server.defaultWeight,
    ops: on((flags & serviceFlags.onePacket) !== 0),
    'flag-1': on((flags & serviceFlags.scheduler1) !== 0),
    'flag-2': on((flags & serviceFlags.scheduler2) !== 0),
    'flag-3': on((flags & serviceFlags.scheduler3) !== 0),
    lb_kind: forwarding(server),
    persistence_engine: server.persistenceEngine,
    persistence_timeout: server.persistenceTimeout || undefined,
    persistence_granularity: granularity === hostGranularity(server.family) ? undefined : granularity,
    protocol: writtenProtocol(server),
    ha_suspend: on(server.haSuspend),
    smtp_alert: server.smtpAlert,
    virtualhost: server.virtualHost,
    snmp_name: server.snmpName,
    alpha: on(server.alpha),
    omega: on(server.omega),
    quorum_up: writtenCommand(server.quorumUp),
    quorum_down: writtenCommand(server.quorumDown),
    quorum: server.quorum,
    hysteresis: server.hysteresis,
    sorry_server: sorry && { address: sorry.address, port: sorry.port },
    sorry_server_inhibit: on(sorry?.inhibitOnFailure ?? false),
    sorry_server_lvs_method: sorry && forwarding(sorry),
    local_address: server.localAddresses,
    real_server: writtenRealServers(server),
  };
}

interface Forwarded {
  readonly forwardingMethod: ForwardingMethod;
  readonly tunnel?: Tunnel;
}

function forwarding({ forwardingMethod: method, tunnel }: Forwarded): Forwarding {
  return { method, ...(tunnel && { tunnel }) };
}

function sameForwarding(a: Forwarded, b: Forwarded): boolean {
  const { tunnel: x } = a;
  const { tunnel: y } = b;
  if (a.forwardingMethod !== b.forwardingMethod) return false;
  return x?.type === y?.type && x?.port === y?.port && x?.checksum === y?.checksum;
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

/** Of servers that have become equal only one had the port that all have now: the others' are put right again. */
function writtenRealServers(server: VirtualServer): Values[] {
  const seen = new Set<string>();
  return server.realServers.map((real, i) => {
    const idOf = (port: number) => `${real.address} ${port}`;
    let { port } = real;
    for (let other = 0; seen.has(idOf(port)); other++) port = other;
    seen.add(idOf(port));
    return { ...writtenRealServer(real, server, i), endpoint: { address: real.address, port } };
  });
}

function writtenRealServer(real: RealServer, server: VirtualServer, sequence: number): Values {
  const above = server.checkerDefaults;
  return {
    sequence,
    weight: real.weight,
    lvs_method: sameForwarding(real, server) ? undefined : forwarding(real),
    uthreshold: real.upperThreshold,
    lthreshold: real.lowerThreshold,
    inhibit_on_failure: real.inhibitOnFailure === above?.inhibitOnFailure ? undefined : real.inhibitOnFailure,
    notify_up: writtenCommand(real.notifyUp),
    notify_down: writtenCommand(real.notifyDown),
    alpha: real.alpha === server.alpha ? undefined : real.alpha,
    ...writtenTiming(real.checkerDefaults, above),
    smtp_alert: real.smtpAlert,
    virtualhost: real.virtualHost === server.virtualHost ? undefined : real.virtualHost,
    snmp_name: real.snmpName,
    ...writtenCheckers(real),
  };
}
