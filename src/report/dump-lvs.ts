import { realServerName, virtualServerName } from '../checkers/names.ts';
import type {
  CheckerDefaults,
  ForwardingMethod,
  RealServer,
  SorryServer,
  SslSettings,
  Tunnel,
  VirtualServer,
  VirtualServerGroup,
  VirtualServerGroupEntry,
  VirtualServerKey,
} from '../config/types.ts';
import { type Duration, seconds } from '../lib/duration.ts';
import { type AddressFamily, addressFamily, printRange } from '../lib/ip.ts';
import { serviceFlags } from '../lib/service-flags.ts';
import { type DumpLines, onOff, optional, present, scriptLines, secondsFixed, title, yesNo } from './dump-text.ts';

/** What only a running checker process knows of a virtual server. */
export interface VirtualServerRuntime {
  readonly alive: boolean;
  readonly quorumUp: boolean;
  readonly reloaded: boolean;
  readonly sorryServerSet: boolean;
  readonly sorryServerAlive: boolean;
}

export interface RealServerRuntime {
  readonly effectiveWeight: number;
  readonly previousEffectiveWeight: number;
  readonly alive: boolean;
  readonly failedCheckers: number;
  readonly set: boolean;
  readonly reloaded: boolean;
}

/** How many virtual servers have a line of a group in the kernel. */
export interface GroupEntryRuntime {
  readonly tcp: number;
  readonly udp: number;
  readonly sctp: number;
  readonly ipv4: number;
  readonly ipv6: number;
  readonly reloaded: boolean;
}

/** Runtime values by configuration object; none where they are not known. */
export interface LvsRuntime {
  groupEntry?(group: VirtualServerGroup, entry: VirtualServerGroupEntry): GroupEntryRuntime | undefined;
  virtualServer?(virtualServer: VirtualServer): VirtualServerRuntime | undefined;
  realServer?(virtualServer: VirtualServer, realServer: RealServer): RealServerRuntime | undefined;
}

/** What the section "LVS Topology" shows. */
export interface LvsTopology {
  readonly ssl?: SslSettings;
  readonly virtualServerGroups: readonly VirtualServerGroup[];
  readonly virtualServers: readonly VirtualServer[];
}

/** Section "LVS Topology". */
export function lvsLines({ ssl, virtualServerGroups, virtualServers }: LvsTopology, runtime: LvsRuntime): string[] {
  if (virtualServers.length === 0) return [];
  return [
    ...(ssl || usesTls(virtualServers) ? sslLines(ssl) : []),
    title('LVS Topology'),
    ' System is compiled with LVS v1.2.1',
    ...virtualServerGroups.flatMap((group) => groupLines(group, runtime)),
    ...virtualServers.flatMap((virtualServer) => virtualServerLines(virtualServer, runtime)),
  ];
}

function usesTls(virtualServers: readonly VirtualServer[]): boolean {
  return virtualServers.some(({ realServers }) =>
    realServers.some(({ checkers }) => checkers.some(({ kind }) => kind === 'SSL_GET')),
  );
}

function sslLines(ssl: SslSettings | undefined): string[] {
  if (!ssl) return [title('SSL definitions'), ' Using autogen SSL context'];
  const { password, ca, certificate, key } = ssl;
  const line = (label: string, value: string | undefined) => value !== undefined && ` ${label} : ${value}`;
  return present([
    title('SSL definitions'),
    line('Password', password === undefined ? undefined : '****'),
    line('CA-file', ca),
    line('Certificate file', certificate),
    line('Key file', key),
  ]);
}

function groupLines(group: VirtualServerGroup, runtime: LvsRuntime): string[] {
  const ranges = group.entries.filter(({ kind }) => kind === 'range');
  const marks = group.entries.filter(({ kind }) => kind === 'fwmark');
  const has = (family: 4 | 6) => yesNo(group.entries.some((entry) => entryFamily(entry) === family));
  return [
    ` ${title('Virtual server group')}`,
    ` Virtual Server Group = ${group.name}, IPv4 = ${has(4)}, IPv6 = ${has(6)}`,
    ...[...ranges, ...marks].flatMap((entry) => groupEntryLines(entry, runtime.groupEntry?.(group, entry))),
  ];
}

function entryFamily(entry: VirtualServerGroupEntry): AddressFamily | undefined {
  return entry.kind === 'range' ? addressFamily(entry.first) : entry.family;
}

function groupEntryLines(entry: VirtualServerGroupEntry, state: GroupEntryRuntime | undefined): string[] {
  const reloaded = state && `     reloaded = ${state.reloaded ? 'True' : 'False'}`;
  if (entry.kind === 'fwmark') {
    const family = entry.family === undefined ? '' : ` IPv${entry.family}`;
    const alive = state && `     Alive: ${state.ipv4} IPv4, ${state.ipv6} IPv6`;
    return present([`   FWMARK = ${entry.fwmark}${family}`, alive, reloaded]);
  }
  const { first, last, port } = entry;
  const alive = state && `     Alive: ${state.tcp} tcp, ${state.udp} udp, ${state.sctp} sctp`;
  return present([`   VIP${first === last ? '' : ' Range'} = ${printRange(entry)}, VPORT = ${port}`, alive, reloaded]);
}

function serverTitle(key: VirtualServerKey): string {
  if (key.kind === 'group') return ` VS GROUP = ${virtualServerName(key)}`;
  return key.kind === 'fwmark' ? ` VS FWMARK = ${key.fwmark}` : ` VS VIP = ${key.address}, VPORT = ${key.port}`;
}

function virtualServerLines(virtualServer: VirtualServer, runtime: LvsRuntime): string[] {
  const { key, family, checkerDefaults = standardDefaults } = virtualServer;
  const state = runtime.virtualServer?.(virtualServer);
  return present([
    ` ${title('Virtual server')}`,
    serverTitle(key),
    optional('   VirtualHost', virtualServer.virtualHost),
    virtualServer.snmpName !== undefined && `   SNMP name = '${virtualServer.snmpName}'`,
    `   Address family = inet${family === 6 ? '6' : ''}`,
    `   connection timeout = ${secondsFixed(checkerDefaults.connectTimeout)}`,
    `   delay_loop = ${secondsFixed(checkerDefaults.delayLoop)}`,
    `   lvs_sched = ${virtualServer.scheduler}`,
    ...schedulerFlags(virtualServer),
    ...persistence(virtualServer),
    `   protocol = ${protocolOf(key)}`,
    `   alpha is ${onOff(virtualServer.alpha)}`,
    `   omega is ${onOff(virtualServer.omega)}`,
    ...retryLines(checkerDefaults),
    `   Inhibit on failure is ${onOff(checkerDefaults.inhibitOnFailure)}`,
    `   quorum = ${virtualServer.quorum}, hysteresis = ${virtualServer.hysteresis}`,
    ...scriptLines('   Quorum up notify', virtualServer.quorumUp),
    ...scriptLines('   Quorum down notify', virtualServer.quorumDown),
    virtualServer.haSuspend && '   Using HA suspend',
    `   Using smtp notification = ${yesNo(virtualServer.smtpAlert)}`,
    `   default forwarding method = ${forwarding(virtualServer)}`,
    ...(virtualServer.sorryServer ? sorryServerLines(virtualServer, virtualServer.sorryServer, state) : []),
    ...(state ? stateLines(state) : []),
    ...virtualServer.realServers.flatMap((realServer) => realServerLines(virtualServer, realServer, runtime)),
  ]);
}

/** Of keepalived.conf(5). */
const standardDefaults: CheckerDefaults = {
  connectTimeout: seconds(5),
  delayLoop: seconds(60),
  inhibitOnFailure: false,
};

function protocolOf(key: VirtualServerKey): string {
  return (key.kind === 'fwmark' ? undefined : key.protocol) ?? 'none';
}

/** A scheduler's own names for its flag bits. */
const flagNames: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  sh: [
    [serviceFlags.scheduler2, 'sh-port'],
    [serviceFlags.scheduler1, 'sh-fallback'],
  ],
  mh: [
    [serviceFlags.scheduler2, 'mh-port'],
    [serviceFlags.scheduler1, 'mh-fallback'],
  ],
};
const plainFlagNames = [
  [serviceFlags.scheduler1, 'flag-1'],
  [serviceFlags.scheduler2, 'flag-2'],
  [serviceFlags.scheduler3, 'flag-3'],
] as const;

function schedulerFlags({ scheduler, flags }: VirtualServer): DumpLines {
  const able = ([bit, name]: readonly [number, string]) => `   ${name} = ${(flags & bit) !== 0 ? 'en' : 'dis'}abled`;
  return [
    able([serviceFlags.hashed, 'Hashed']),
    ...(flagNames[scheduler] ?? plainFlagNames).map(able),
    able([serviceFlags.onePacket, 'One packet scheduling']),
  ];
}

function persistence({ persistenceTimeout, persistenceGranularity }: VirtualServer): DumpLines {
  if (persistenceTimeout === 0) return [];
  const single = persistenceGranularity === '255.255.255.255' || persistenceGranularity === 128;
  return [
    `   persistence timeout = ${persistenceTimeout}`,
    !single && `   persistence granularity = ${persistenceGranularity}`,
  ];
}

function retryLines({ retry, delayBeforeRetry, warmup }: CheckerDefaults): DumpLines {
  const time = (span: Duration | undefined) => (span === undefined ? undefined : secondsFixed(span));
  return [
    optional('   Retry count', retry),
    optional('   Retry delay', time(delayBeforeRetry)),
    optional('   Warmup', time(warmup)),
  ];
}

interface Forwarded {
  readonly forwardingMethod: ForwardingMethod;
  readonly tunnel?: Tunnel;
}

const checksumNames = { none: '', present: ', csum', remote: ', remcsum' } as const;

function forwarding({ forwardingMethod: method, tunnel }: Forwarded): string {
  if (method !== 'TUN') return method;
  const { type = 'ipip', port, checksum = 'none' } = tunnel ?? {};
  return `TUN, type = ${type.toUpperCase()}${port === undefined ? '' : `, port = ${port}`}${checksumNames[checksum]}`;
}

function sorryServerLines(
  virtualServer: VirtualServer,
  sorryServer: SorryServer,
  state: VirtualServerRuntime | undefined,
): DumpLines {
  const { address, port } = sorryServer;
  const duplicate = virtualServer.realServers.some((server) => server.address === address && server.port === port);
  return [
    `   sorry server ${duplicate ? '(duplicates rs) ' : ''}= ${realServerName(virtualServer, sorryServer)}`,
    `     forwarding method = ${forwarding(sorryServer)}`,
    `     Inhibit on failure is ${onOff(sorryServer.inhibitOnFailure)}`,
    state && `     set = ${Number(state.sorryServerSet)}`,
    state && `     alive = ${Number(state.sorryServerAlive)}`,
  ];
}

function stateLines({ alive, quorumUp, reloaded }: VirtualServerRuntime): DumpLines {
  return [
    `   VS alive = ${Number(alive)}`,
    `   quorum_state_up = ${Number(quorumUp)}`,
    `   reloaded = ${Number(reloaded)}`,
  ];
}

function realServerLines(virtualServer: VirtualServer, realServer: RealServer, runtime: LvsRuntime): DumpLines {
  const { address, port, weight, virtualHost } = realServer;
  const defaults = realServer.checkerDefaults ?? virtualServer.checkerDefaults ?? standardDefaults;
  const state = runtime.realServer?.(virtualServer, realServer);
  const effective = state?.effectiveWeight ?? weight;
  return [
    `   ${title('Real server')}`,
    `   RIP = ${address}, RPORT = ${port}, WEIGHT = ${Math.max(0, effective)} EFF WEIGHT = ${effective}`,
    `   forwarding method = ${forwarding(realServer)}`,
    `   Alpha is ${onOff(realServer.alpha)}`,
    `   connection timeout = ${secondsFixed(defaults.connectTimeout)}`,
    `   connection limit range = ${realServer.lowerThreshold} -> ${realServer.upperThreshold}`,
    `   Delay loop = ${secondsFixed(defaults.delayLoop)}`,
    ...retryLines(defaults),
    `   Inhibit on failure is ${onOff(realServer.inhibitOnFailure)}`,
    ...scriptLines('     RS up notify', realServer.notifyUp),
    ...scriptLines('     RS down notify', realServer.notifyDown),
    virtualHost !== undefined && virtualHost !== virtualServer.virtualHost && `    VirtualHost = '${virtualHost}'`,
    realServer.snmpName !== undefined && `   SNMP name = ${realServer.snmpName}`,
    `   Using smtp notification = ${yesNo(realServer.smtpAlert)}`,
    `   initial weight = ${weight}`,
    `   effective weight = ${effective}`,
    ...(state ? realServerState(state) : []),
    ...trackedLines(realServer),
  ];
}

function trackedLines({ checkers }: RealServer): DumpLines {
  const files = checkers.flatMap((checker) => (checker.kind === 'FILE_CHECK' ? [checker] : []));
  const sessions = checkers.flatMap((checker) => (checker.kind === 'BFD_CHECK' ? [checker.bfd] : []));
  return [
    files.length > 0 && '   Tracked Files',
    ...files.map(({ trackFile, weight, reverse }) => `     ${trackFile}, weight ${weight}${reverse ? ' reverse' : ''}`),
    sessions.length > 0 && '   Tracked BFDs',
    ...sessions.map((name) => `     ${name}`),
  ];
}

function realServerState(state: RealServerRuntime): DumpLines {
  return [
    `   previous effective_weight = ${state.previousEffectiveWeight}`,
    `   alive = ${Number(state.alive)}`,
    `   num failed checkers = ${state.failedCheckers}`,
    `   RS set = ${Number(state.set)}`,
    `   reloaded = ${Number(state.reloaded)}`,
  ];
}
