import { type Duration, seconds } from '../lib/duration.ts';
import type { AddressFamily, IpAddress } from '../lib/ip.ts';
import { serviceFlags } from '../lib/service-flags.ts';
import { shared } from '../lib/shared.ts';
import { fitsGroup } from './checks/server-groups.ts';
import { serverRules } from './checks/virtual-servers.ts';
import type { KeptServer, KnownServers } from './known-servers.ts';
import type { RawRealServer, RawVirtualServer } from './raw.ts';
import { resolveCheckers } from './resolve-checkers.ts';
import type { Scripts } from './scripts.ts';
import {
  draftServer,
  type RealServerDraft,
  type ServerContext,
  type ServerDraft,
  type SorryServerDraft,
} from './server-draft.ts';
import type {
  CheckerDefaults,
  CheckerSchedule,
  GlobalConfig,
  GlobalDefaults,
  RealServer,
  SorryServer,
  TrackFile,
  VirtualServer,
  VirtualServerGroup,
  VirtualServerKey,
} from './types.ts';

export interface ServerSurroundings {
  readonly inherited: Inherited;
  readonly scripts: Scripts;
  readonly context: ServerContext;
  readonly groups: readonly VirtualServerGroup[];
  readonly trackFiles: readonly TrackFile[];
  readonly known?: KnownServers | undefined;
}

/** What many servers have in common is one object. */
interface Shared {
  readonly schedule: (made: CheckerSchedule) => CheckerSchedule;
  readonly defaults: (made: CheckerDefaults) => CheckerDefaults;
}

type Resolving = ServerSurroundings & { readonly shared: Shared };

/** What servers take from the global settings. */
export interface Inherited {
  readonly logAllFailures: boolean;
  readonly virtualServerMails: boolean;
  readonly realServerMails: boolean;
}

export function inheritedByServers(
  { checkerLogAllFailures }: GlobalConfig,
  { smtpAlertChecker, smtpAlert }: GlobalDefaults,
): Inherited {
  const mails = smtpAlertChecker ?? smtpAlert;
  return { logAllFailures: checkerLogAllFailures, virtualServerMails: mails ?? false, realServerMails: mails ?? true };
}

const defaultDelayLoop = seconds(60);
const defaultConnectTimeout = seconds(5);

/** Completes every virtual server, in the order of the file: first each finds its group, then each is put right. */
export function resolveServers(
  raws: readonly (RawVirtualServer | KeptServer)[],
  around: ServerSurroundings,
): VirtualServer[] {
  const { known } = around;
  const surroundings = {
    ...around,
    shared: { schedule: shared<CheckerSchedule>(), defaults: shared<CheckerDefaults>() },
  };
  return linkGroups(raws, surroundings).map((one) => {
    if ('kept' in one) return one.kept;
    if ('ordinal' in one) return complete(one, surroundings);
    const make = (): VirtualServer => complete(draftServer(one, undefined), surroundings);
    return known ? known.remember(one, make) : make();
  });
}

function complete(draft: ServerDraft, surroundings: Resolving): VirtualServer {
  for (const rule of serverRules) rule(draft, surroundings.context);
  return finish(draft, surroundings);
}

/** The servers without a group, and drafts of those that fit theirs: a draft of each at once would need much memory. */
function linkGroups(
  raws: readonly (RawVirtualServer | KeptServer)[],
  { groups, context }: Pick<ServerSurroundings, 'groups' | 'context'>,
): (RawVirtualServer | ServerDraft | KeptServer)[] {
  const linked = new Map<string, number>();
  return raws.flatMap((raw): (RawVirtualServer | ServerDraft | KeptServer)[] => {
    if ('kept' in raw) return [raw];
    const { name } = raw;
    if (name.kind !== 'group') return [raw];
    const draft = draftServer(
      raw,
      groups.find((group) => group.name === name.group),
    );
    if (!fitsGroup(draft, context)) return [];
    draft.ordinal = linked.get(name.group) ?? 0;
    linked.set(name.group, draft.ordinal + 1);
    return [draft];
  });
}

function serviceKey({ name, protocol, family = 4, ordinal }: ServerDraft): VirtualServerKey {
  if (name.kind === 'group') {
    return { kind: 'group', group: name.group, ordinal, ...(protocol !== undefined && { protocol }) };
  }
  if (name.kind === 'fwmark') return { kind: 'fwmark', fwmark: name.fwmark, family };
  return { kind: 'address', address: name.endpoint.address, port: name.endpoint.port, protocol: protocol ?? 'UDP' };
}

function finish(draft: ServerDraft, surroundings: Resolving): VirtualServer {
  const { raw, family = 4 } = draft;
  const { inherited, scripts, shared } = surroundings;
  const checkerDefaults = shared.defaults(checkerDefaultsOf(raw, undefined, raw.inhibit_on_failure ?? false));
  const quorumUp = scripts.resolve(raw.quorum_up);
  const quorumDown = scripts.resolve(raw.quorum_down);
  return {
    key: serviceKey(draft),
    family,
    scheduler: draft.scheduler,
    flags: flagsOf(draft),
    forwardingMethod: draft.method,
    ...(draft.tunnel && { tunnel: draft.tunnel }),
    persistenceTimeout: draft.persistenceTimeout,
    persistenceGranularity: raw.persistence_granularity ?? hostGranularity(family),
    ...(raw.persistence_engine !== undefined && { persistenceEngine: raw.persistence_engine }),
    quorum: draft.quorum,
    hysteresis: draft.hysteresis,
    ...(quorumUp && { quorumUp }),
    ...(quorumDown && { quorumDown }),
    haSuspend: draft.haSuspend,
    alpha: raw.alpha ?? false,
    omega: raw.omega ?? false,
    smtpAlert: raw.smtp_alert ?? inherited.virtualServerMails,
    ...(raw.virtualhost !== undefined && { virtualHost: raw.virtualhost }),
    ...(raw.snmp_name !== undefined && { snmpName: raw.snmp_name }),
    ...(raw.local_address && { localAddresses: raw.local_address }),
    ...(draft.sorryServer && { sorryServer: sorryServer(draft.sorryServer) }),
    realServers: draft.realServers.map((server) => realServer(server, draft, checkerDefaults, surroundings)),
    checkerDefaults,
    ...(raw.weight !== undefined && { defaultWeight: raw.weight }),
  };
}

export function hostGranularity(family: AddressFamily): IpAddress | number {
  return family === 4 ? ('255.255.255.255' as IpAddress) : 128;
}

function flagsOf({ raw, onePacket }: ServerDraft): number {
  return (
    (onePacket ? serviceFlags.onePacket : 0) |
    (raw['flag-1'] || raw['sh-fallback'] || raw['mh-fallback'] ? serviceFlags.scheduler1 : 0) |
    (raw['flag-2'] || raw['sh-port'] || raw['mh-port'] ? serviceFlags.scheduler2 : 0) |
    (raw['flag-3'] ? serviceFlags.scheduler3 : 0)
  );
}

function sorryServer({ address, port, method, tunnel, inhibit }: SorryServerDraft): SorryServer {
  return { address, port, forwardingMethod: method, ...(tunnel && { tunnel }), inhibitOnFailure: inhibit };
}

interface TimingRows {
  readonly connect_timeout?: Duration;
  readonly delay_loop?: Duration;
  readonly retry?: number;
  readonly delay_before_retry?: Duration;
  readonly warmup?: Duration;
}

/** What the rows say, else what stands above them. */
function checkerDefaultsOf(
  rows: TimingRows,
  above: CheckerDefaults | undefined,
  inhibitOnFailure: boolean,
): CheckerDefaults {
  const retry = rows.retry ?? above?.retry;
  const delayBeforeRetry = rows.delay_before_retry ?? above?.delayBeforeRetry;
  const warmup = rows.warmup ?? above?.warmup;
  return {
    connectTimeout: rows.connect_timeout ?? above?.connectTimeout ?? defaultConnectTimeout,
    delayLoop: rows.delay_loop ?? above?.delayLoop ?? defaultDelayLoop,
    ...(retry !== undefined && { retry }),
    ...(delayBeforeRetry !== undefined && { delayBeforeRetry }),
    ...(warmup !== undefined && { warmup }),
    inhibitOnFailure,
  };
}

function setsTiming(raw: RawRealServer): boolean {
  const { connect_timeout, delay_loop, retry, delay_before_retry, warmup } = raw;
  return [connect_timeout, delay_loop, retry, delay_before_retry, warmup].some((value) => value !== undefined);
}

function realServer(
  server: RealServerDraft,
  draft: ServerDraft,
  above: CheckerDefaults,
  { inherited, scripts, context, trackFiles, shared }: Resolving,
): RealServer {
  const { raw } = server;
  const own = setsTiming(raw) || server.inhibit !== above.inhibitOnFailure;
  const checkerDefaults = own ? checkerDefaultsOf(raw, above, server.inhibit) : above;
  const alpha = raw.alpha ?? draft.raw.alpha ?? false;
  const virtualHost = raw.virtualhost ?? draft.raw.virtualhost;
  const notifyUp = scripts.resolve(raw.notify_up);
  const notifyDown = scripts.resolve(raw.notify_down);
  const checkers = resolveCheckers(raw, {
    address: server.address,
    port: raw.endpoint.port === 0 ? server.port : raw.endpoint.port,
    alpha,
    logAllFailures: inherited.logAllFailures,
    defaults: checkerDefaults,
    serviceDelayLoop: above.delayLoop,
    scripts,
    sharedSchedule: shared.schedule,
    report: context.report,
    trackFileWeight: (name) => trackFiles.find((file) => file.name === name) ?? { weight: 1, reverse: false },
  });
  return {
    address: server.address,
    port: server.port,
    weight: server.weight,
    forwardingMethod: server.method,
    ...(server.tunnel && { tunnel: server.tunnel }),
    inhibitOnFailure: server.inhibit,
    upperThreshold: raw.uthreshold ?? 0,
    lowerThreshold: raw.lthreshold ?? 0,
    alpha,
    smtpAlert: raw.smtp_alert ?? inherited.realServerMails,
    ...(notifyUp && { notifyUp }),
    ...(notifyDown && { notifyDown }),
    ...(virtualHost !== undefined && { virtualHost }),
    ...(raw.snmp_name !== undefined && { snmpName: raw.snmp_name }),
    checkers,
    checkerDefaults,
  };
}
