import type { Config, RealServer, SorryServer } from '../../config/types.ts';
import type { CheckerSurvey, RealServerSurvey } from '../../ipc/observation.ts';
import { fileOfOtherName } from '../dump-text.ts';
import { command } from './instances.ts';
import { trafficColumns, type TrafficPlaces, tunnelColumns } from './server-columns.ts';
import { type Columns, numbered, type SnmpTable, snmpTable } from './tree.ts';
import { addressType, addressValue, type Cell, choice, gauge, given, integer, text, wholeSeconds } from './values.ts';
import { CHECK, FORWARDING } from './virtual-servers.ts';

export const REAL_SERVER_ENTRY = [...CHECK, 4, 1];
export const WEIGHT_COLUMN = 7;

const REGULAR = 1;
const SORRY = 2;
const TRAFFIC: TrafficPlaces = { connections: 14, packets: 18, rates: 22, wide: 27, wideRates: 58 };

interface ServerRow {
  /** What regular and sorry servers have in common. */
  readonly server: RealServer | SorryServer;
  /** Absent of a sorry server. */
  readonly regular?: RealServer;
  /** virtualhost of the virtual server, which the configuration has handed down. */
  readonly inherited?: string;
  readonly runtime: Partial<RealServerSurvey> | undefined;
}

/** By virtual server: its sorry server, if it has one, before the regular ones. */
export function realServerTable({ virtualServers }: Config, { services }: CheckerSurvey): SnmpTable {
  const rows = virtualServers.flatMap(({ sorryServer: sorry, realServers, virtualHost }, at) => {
    const service = services[at];
    const regular = realServers.map((server, place): ServerRow => {
      const inherited = virtualHost === undefined ? {} : { inherited: virtualHost };
      return { server, regular: server, runtime: service?.realServers[place], ...inherited };
    });
    const standIn = (server: SorryServer): ServerRow => ({ server, runtime: service?.sorryServer });
    const all = sorry ? [standIn(sorry), ...regular] : regular;
    return numbered(all, [at + 1]);
  });
  return snmpTable(REAL_SERVER_ENTRY, columns, rows);
}

/** Place of the real server with this index of its row; undefined of a sorry server and of none. */
export function realServerAt({ virtualServers }: Config, virtual: number, index: number): number | undefined {
  const server = virtualServers[virtual - 1];
  const place = index - 1 - (server?.sorryServer ? 1 : 0);
  return server?.realServers[place] && place;
}

/** The columns of regular servers, which of a sorry server are absent. */
function regular(cell: (server: RealServer, row: ServerRow) => Cell | undefined) {
  return (row: ServerRow): Cell | undefined => row.regular && cell(row.regular, row);
}

/** Timing, which of a sorry server is nothing. */
function timing(name: 'delayBeforeRetry' | 'warmup' | 'delayLoop' | 'connectTimeout', cell: (span: number) => Cell) {
  return ({ regular: server }: ServerRow): Cell => cell(server?.checkerDefaults?.[name] ?? 0);
}

function connections(name: 'activeConnections' | 'inactiveConnections' | 'persistentConnections') {
  return ({ runtime }: ServerRow): Cell => gauge(runtime?.traffic?.[name] ?? 0);
}

const columns: Columns<ServerRow> = {
  2: ({ regular: server }) => integer(server ? REGULAR : SORRY),
  3: ({ server }) => addressType(server.address),
  4: ({ server }) => addressValue(server.address),
  5: ({ server }) => gauge(server.port),
  6: regular((_, { runtime }) => choice(runtime?.alive === true)),
  [WEIGHT_COLUMN]: regular(({ weight }, { runtime }) => integer(runtime?.weight ?? weight)),
  8: regular(({ upperThreshold }) => (upperThreshold > 0 ? gauge(upperThreshold) : undefined)),
  9: regular(({ lowerThreshold }) => (lowerThreshold > 0 ? gauge(lowerThreshold) : undefined)),
  10: regular(({ inhibitOnFailure }) => choice(!inhibitOnFailure)),
  11: regular(({ notifyUp }) => command(notifyUp)),
  12: regular(({ notifyDown }) => command(notifyDown)),
  13: regular((_, { runtime }) => gauge(runtime?.failedCheckers ?? 0)),
  ...trafficColumns<ServerRow>(TRAFFIC, ({ runtime }) => runtime?.traffic),
  15: connections('activeConnections'),
  16: connections('inactiveConnections'),
  17: connections('persistentConnections'),
  40: ({ server }) => integer(FORWARDING[server.forwardingMethod]),
  41: regular(({ virtualHost }, { inherited }) => (virtualHost === inherited ? undefined : given(virtualHost, text))),
  42: ({ regular: server }) => choice(server?.alpha === true),
  43: ({ regular: server }) => gauge(server?.checkerDefaults?.retry ?? 0),
  44: timing('delayBeforeRetry', wholeSeconds),
  45: timing('warmup', wholeSeconds),
  46: timing('delayLoop', wholeSeconds),
  47: ({ regular: server }) => choice(server?.smtpAlert === true),
  48: timing('delayBeforeRetry', gauge),
  49: timing('warmup', gauge),
  50: timing('delayLoop', gauge),
  51: timing('connectTimeout', gauge),
  ...tunnelColumns<ServerRow>(52, ({ server }) => (server.forwardingMethod === 'TUN' ? server.tunnel : undefined)),
  55: regular(({ snmpName }) => given(snmpName, text)),
  56: regular(({ notifyUp }) => given(notifyUp && fileOfOtherName(notifyUp), text)),
  57: regular(({ notifyDown }) => given(notifyDown && fileOfOtherName(notifyDown), text)),
  63: regular((_, { runtime }) => gauge(runtime?.uncheckedCheckers ?? 0)),
};
