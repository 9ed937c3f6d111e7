import type { Config, VirtualServer, VirtualServerGroup, VirtualServerGroupEntry } from '../../config/types.ts';
import type { CheckerSurvey, ServiceSurvey } from '../../ipc/observation.ts';
import { seconds } from '../../lib/duration.ts';
import { serviceFlags } from '../../lib/service-flags.ts';
import { fileOfOtherName } from '../dump-text.ts';
import { KEEPALIVED_MIB } from './global.ts';
import { command } from './instances.ts';
import { trafficColumns, type TrafficPlaces, tunnelColumns } from './server-columns.ts';
import { type Columns, numbered, type SnmpTable, snmpTable } from './tree.ts';
import {
  addressType,
  addressValue,
  type Cell,
  choice,
  familyType,
  gauge,
  given,
  integer,
  text,
  wholeSeconds,
} from './values.ts';

export const CHECK = [...KEEPALIVED_MIB, 3];
const GROUP_ENTRY = [...CHECK, 1, 1];
const MEMBER_ENTRY = [...CHECK, 2, 1];
export const VIRTUAL_SERVER_ENTRY = [...CHECK, 3, 1];

const PROTOCOLS = { TCP: 1, UDP: 2, SCTP: 3 } as const;
const NO_PROTOCOL = 4;
const SCHEDULERS = ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'dh', 'sh', 'sed', 'nq', 'fo', 'ovf', 'mh', 'twos'];
const UNKNOWN_SCHEDULER = 99;
export const FORWARDING = { NAT: 1, DR: 2, TUN: 3, FNAT: 1 } as const;
const TRAFFIC: TrafficPlaces = { connections: 27, packets: 28, rates: 32, wide: 38, wideRates: 74 };
const DEFAULT_DELAY_LOOP = seconds(60);
const DEFAULT_CONNECT_TIMEOUT = seconds(5);

interface ServerRow {
  readonly server: VirtualServer;
  readonly runtime: ServiceSurvey | undefined;
}

/** Virtual servers, their groups and the lines of these. */
export function virtualServerTables(config: Config, { services }: CheckerSurvey): SnmpTable[] {
  const { virtualServers, virtualServerGroups: groups } = config;
  const rows = virtualServers.map((server, at): ServerRow => ({ server, runtime: services[at] }));
  const members = groups.flatMap(({ entries }, at) => numbered(entries, [at + 1]));
  return [
    snmpTable<VirtualServerGroup>(GROUP_ENTRY, { 2: ({ name }) => text(name) }, numbered(groups)),
    snmpTable(MEMBER_ENTRY, memberColumns, members),
    snmpTable(VIRTUAL_SERVER_ENTRY, serverColumns, numbered(rows)),
  ];
}

function ofRange<T>(entry: VirtualServerGroupEntry, cell: (range: Range) => T): T | undefined {
  return entry.kind === 'range' ? cell(entry) : undefined;
}

type Range = Extract<VirtualServerGroupEntry, { kind: 'range' }>;

function isSingle({ first, last }: Range): boolean {
  return first === last;
}

const memberColumns: Columns<VirtualServerGroupEntry> = {
  2: (entry) => integer(entry.kind === 'fwmark' ? 1 : isSingle(entry) ? 2 : 3),
  3: (entry) => (entry.kind === 'fwmark' ? gauge(entry.fwmark) : undefined),
  4: (entry) => ofRange(entry, ({ first }) => addressType(first)),
  5: (entry) => ofRange(entry, (range) => (isSingle(range) ? addressValue(range.first) : undefined)),
  6: (entry) => ofRange(entry, (range) => (isSingle(range) ? undefined : addressValue(range.first))),
  7: (entry) => ofRange(entry, (range) => (isSingle(range) ? undefined : addressValue(range.last))),
  8: (entry) => ofRange(entry, ({ port }) => gauge(port)),
};

/** fwmark(1), ip(2), group(3). */
export function serverKind({ key }: Pick<VirtualServer, 'key'>): number {
  return { fwmark: 1, address: 2, group: 3 }[key.kind];
}

function protocol({ server: { key } }: ServerRow): Cell | undefined {
  if (key.kind === 'fwmark') return undefined;
  return integer(key.protocol === undefined ? NO_PROTOCOL : PROTOCOLS[key.protocol]);
}

function flag(bit: number) {
  return ({ server }: ServerRow): Cell => choice((server.flags & bit) !== 0);
}

function alive({ runtime }: ServerRow): number {
  return runtime?.realServers.filter((real) => real.alive).length ?? 0;
}

const serverColumns: Columns<ServerRow> = {
  2: ({ server }) => integer(serverKind(server)),
  3: ({ server: { key } }) => (key.kind === 'group' ? text(key.group) : undefined),
  4: ({ server: { key } }) => (key.kind === 'fwmark' ? gauge(key.fwmark) : undefined),
  5: ({ server }) => familyType(server.family),
  6: ({ server: { key } }) => (key.kind === 'address' ? addressValue(key.address) : undefined),
  7: ({ server: { key } }) => (key.kind === 'address' ? gauge(key.port) : undefined),
  8: protocol,
  9: ({ server }) => integer(SCHEDULERS.indexOf(server.scheduler) + 1 || UNKNOWN_SCHEDULER),
  10: ({ server }) => integer(FORWARDING[server.forwardingMethod]),
  11: ({ runtime }) => choice(runtime !== undefined),
  12: ({ server }) => given(server.virtualHost, text),
  13: ({ server }) => choice(server.persistenceTimeout > 0),
  14: ({ server }) => (server.persistenceTimeout > 0 ? gauge(server.persistenceTimeout) : undefined),
  15: ({ server: { persistenceGranularity: mask } }) => (typeof mask === 'string' ? addressValue(mask) : undefined),
  16: ({ server }) => wholeSeconds(server.checkerDefaults?.delayLoop ?? DEFAULT_DELAY_LOOP),
  17: ({ server }) => choice(server.haSuspend),
  18: ({ server }) => choice(server.alpha),
  19: ({ server }) => choice(server.omega),
  20: ({ server }) => gauge(server.realServers.length),
  21: (row) => gauge(alive(row)),
  22: ({ server }) => gauge(server.quorum),
  23: ({ runtime }) => choice(runtime?.quorumUp === true),
  24: ({ server }) => command(server.quorumUp),
  25: ({ server }) => command(server.quorumDown),
  26: ({ server }) => gauge(server.hysteresis),
  ...trafficColumns<ServerRow>(TRAFFIC, ({ runtime }) => runtime?.traffic),
  37: flag(serviceFlags.onePacket),
  51: ({ server: { persistenceGranularity: length } }) => (typeof length === 'number' ? gauge(length) : undefined),
  52: flag(serviceFlags.hashed),
  53: flag(serviceFlags.scheduler1),
  54: flag(serviceFlags.scheduler2),
  55: flag(serviceFlags.scheduler3),
  56: ({ server }) => choice(server.checkerDefaults?.inhibitOnFailure !== true),
  57: ({ server }) => gauge(server.checkerDefaults?.retry ?? 0),
  58: ({ server }) => wholeSeconds(server.checkerDefaults?.delayBeforeRetry ?? 0),
  59: ({ server }) => wholeSeconds(server.checkerDefaults?.warmup ?? 0),
  60: ({ server }) => integer(server.defaultWeight ?? 1),
  61: ({ server }) => choice(server.smtpAlert),
  62: flag(serviceFlags.scheduler1),
  63: flag(serviceFlags.scheduler2),
  64: ({ server }) => gauge(server.checkerDefaults?.delayLoop ?? DEFAULT_DELAY_LOOP),
  65: ({ server }) => gauge(server.checkerDefaults?.delayBeforeRetry ?? 0),
  66: ({ server }) => gauge(server.checkerDefaults?.warmup ?? 0),
  67: ({ server }) => gauge(server.checkerDefaults?.connectTimeout ?? DEFAULT_CONNECT_TIMEOUT),
  ...tunnelColumns<ServerRow>(68, ({ server }) => (server.forwardingMethod === 'TUN' ? server.tunnel : undefined)),
  71: ({ server }) => given(server.snmpName, text),
  72: ({ server }) => given(server.quorumUp && fileOfOtherName(server.quorumUp), text),
  73: ({ server }) => given(server.quorumDown && fileOfOtherName(server.quorumDown), text),
};
