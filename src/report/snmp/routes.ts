import type { Config, Encapsulation, MetricName, NextHop, Prefix, Route } from '../../config/types.ts';
import type { VrrpSurvey } from '../../ipc/observation.ts';
import { keepalivedProtocol, mainTable, routeType } from '../../lib/routing-numbers.ts';
import { holders, VRRP } from './instances.ts';
import { type Columns, numbered, type SnmpTable, snmpTable } from './tree.ts';
import {
  addressType,
  addressValue,
  type Cell,
  choice,
  counter64,
  familyType,
  gauge,
  given,
  integer,
  noAddress,
  scope,
  text,
} from './values.ts';

const ROUTE_ENTRY = [...VRRP, 7, 1];
const NEXT_HOP_ENTRY = [...VRRP, 11, 1];

/** linux/rtnetlink.h */
const RTAX_FEATURE_ECN = 1;
const HIGH_HALF = 16;
const LOW_HALF = 0xffff;

/** RouteType of the MIB by RTN_*; several next hops make it ecmp(2). */
const TYPES: Readonly<Record<number, number>> = {
  [routeType.unicast]: 1,
  [routeType.broadcast]: 6,
  [routeType.anycast]: 4,
  [routeType.multicast]: 5,
  [routeType.blackhole]: 3,
  [routeType.unreachable]: 7,
  [routeType.prohibit]: 8,
  [routeType.throw]: 9,
  [routeType.nat]: 10,
  [routeType.xresolve]: 11,
};
/** As keepalived has it. */
const UNKNOWN_TYPE = 1;
const ECMP = 2;
/** PrefType of the MIB by what RTA_PREF says. */
const PREFERENCES: Readonly<Record<number, number>> = { 0: 2, 1: 3, 3: 1 };
/** As keepalived counts them: one more than the kernel, and than its MIB. */
const ENCAPSULATIONS: Readonly<Record<Encapsulation['kind'], number>> = { mpls: 2, ip: 3, ila: 4, ip6: 5 };
/** The kernel counts these two in parts of a millisecond. */
const RTT_UNIT = 8;
const RTTVAR_UNIT = 4;

interface RouteRow {
  readonly route: Route;
  readonly interfaceIndex: number;
  readonly isSet: boolean;
}

interface NextHopRow {
  readonly hop: NextHop;
  readonly interfaceIndex: number;
}

/** Static routes as those of instance 0, then the instances' own; and the next hops of each. */
export function routeTables({ staticRoutes, instances }: Config, survey: VrrpSurvey): SnmpTable[] {
  const holds = holders(survey);
  const indexOf = (name: string | undefined): number => (name === undefined ? 0 : (survey.interfaces[name] ?? 0));
  const rowOf = (route: Route, isSet: boolean): RouteRow => ({
    route,
    isSet,
    interfaceIndex: indexOf(route.interface),
  });
  const fixed = staticRoutes.map((route) => rowOf(route, true));
  const rows = [
    ...numbered(fixed, [0]),
    ...instances.flatMap(({ name, virtualRoutes }, at) =>
      numbered(
        virtualRoutes.map((route) => rowOf(route, holds(name))),
        [at + 1],
      ),
    ),
  ];
  const hops = rows.flatMap(({ index, row }) =>
    numbered(
      row.route.nextHops.map((hop): NextHopRow => ({ hop, interfaceIndex: indexOf(hop.interface) })),
      index,
    ),
  );
  return [snmpTable(ROUTE_ENTRY, routeColumns, rows), snmpTable(NEXT_HOP_ENTRY, nextHopColumns, hops)];
}

/** RTPROT_* counted from 1. */
export function routeProtocol(number: number | undefined): Cell {
  return integer((number ?? keepalivedProtocol) + 1);
}

function prefixAddress(prefix: Prefix | undefined, family: 4 | 6): Cell {
  return prefix === undefined ? noAddress(family) : addressValue(prefix.address);
}

/** Destination in the low half, source in the high one; 0 is none. */
export function realm(realms: number | undefined, which: 'source' | 'destination'): Cell | undefined {
  const half = which === 'source' ? (realms ?? 0) >>> HIGH_HALF : (realms ?? 0) & LOW_HALF;
  return half === 0 ? undefined : gauge(half);
}

function metric(name: Exclude<MetricName, 'congctl'>, unit = 1) {
  return ({ route: { metrics } }: RouteRow): Cell | undefined =>
    given(metrics[name], (value) => gauge(Math.floor(value / unit)));
}

function lock(name: MetricName) {
  return ({ route: { metrics } }: RouteRow): Cell | undefined =>
    given(metrics[name], () => choice(metrics.locked.includes(name)));
}

type Tunnel = Extract<Encapsulation, { kind: 'ip' | 'ip6' }>;

function isTunnel(encapsulation: Encapsulation | undefined): encapsulation is Tunnel {
  return encapsulation?.kind === 'ip' || encapsulation?.kind === 'ip6';
}

/** The columns of an encapsulation, of routes and of next hops alike, from its type's on. */
function encapsulationColumns<Row>(first: number, of: (row: Row) => Encapsulation | undefined): Columns<Row> {
  const labels = (row: Row): string | undefined => {
    const encapsulation = of(row);
    return encapsulation?.kind === 'mpls' ? encapsulation.labels.join('/') : undefined;
  };
  const locator = (row: Row): bigint | undefined => {
    const encapsulation = of(row);
    return encapsulation?.kind === 'ila' ? encapsulation.locator : undefined;
  };
  const tunnel =
    (cell: (tunnel: Tunnel) => Cell | undefined) =>
    (row: Row): Cell | undefined => {
      const encapsulation = of(row);
      return isTunnel(encapsulation) ? cell(encapsulation) : undefined;
    };
  return {
    [first]: (row) => given(of(row), ({ kind }) => integer(ENCAPSULATIONS[kind])),
    [first + 1]: (row) => given(labels(row), text),
    [first + 2]: tunnel(({ id }) => given(id, counter64)),
    [first + 3]: tunnel(({ destination }) => given(destination, addressValue)),
    [first + 4]: tunnel(({ source }) => given(source, addressValue)),
    [first + 5]: tunnel(({ trafficClass }) => given(trafficClass, gauge)),
    [first + 6]: tunnel(({ hopLimit }) => given(hopLimit, gauge)),
    [first + 7]: tunnel(({ flags }) => given(flags, gauge)),
    [first + 8]: (row) => given(locator(row), counter64),
  };
}

const routeColumns: Columns<RouteRow> = {
  2: ({ route }) => familyType(route.family),
  3: ({ route }) => prefixAddress(route.destination, route.family),
  4: ({ route }) => gauge(route.destination?.prefixLength ?? 0),
  5: ({ route }) => given(route.gateway, addressValue),
  7: ({ route }) => given(route.preferredSource, addressValue),
  8: ({ route }) => gauge(route.metric ?? 0),
  9: ({ route }) => scope(route.scope ?? 0),
  10: ({ route }) =>
    integer(route.nextHops.length > 0 ? ECMP : (TYPES[route.type ?? routeType.unicast] ?? UNKNOWN_TYPE)),
  11: ({ route, interfaceIndex }) => given(route.interface, () => integer(interfaceIndex)),
  12: ({ route }) => given(route.interface, text),
  13: ({ route }) => gauge(route.table ?? mainTable),
  14: ({ isSet }) => choice(isSet),
  15: ({ route }) => given(route.source?.address, addressValue),
  16: ({ route }) => given(route.source?.prefixLength, gauge),
  17: ({ route }) => given(route.tos, gauge),
  18: ({ route }) => routeProtocol(route.protocol),
  19: ({ route }) => choice(((route.metrics.features ?? 0) & RTAX_FEATURE_ECN) !== 0),
  20: ({ route }) => choice(route.metrics.quickack !== undefined),
  21: ({ route }) => given(route.expires, integer),
  22: metric('mtu'),
  23: lock('mtu'),
  24: metric('hoplimit'),
  25: metric('advmss'),
  26: lock('advmss'),
  27: metric('rtt', RTT_UNIT),
  28: lock('rtt'),
  29: metric('rttvar', RTTVAR_UNIT),
  30: lock('rttvar'),
  31: metric('reordering'),
  32: lock('reordering'),
  33: metric('window'),
  34: metric('cwnd'),
  35: lock('cwnd'),
  36: metric('ssthresh'),
  37: lock('ssthresh'),
  38: metric('rto_min'),
  39: lock('rto_min'),
  40: metric('initcwnd'),
  41: metric('initrwnd'),
  42: ({ route }) => given(route.metrics.congctl, text),
  43: ({ route }) => given(PREFERENCES[route.preference ?? -1], integer),
  44: ({ route }) => realm(route.realms, 'destination'),
  45: ({ route }) => realm(route.realms, 'source'),
  ...encapsulationColumns<RouteRow>(46, ({ route }) => route.encapsulation),
  55: ({ route }) => given(route.metrics.fastopen_no_cookie, (value) => choice(value !== 0)),
};

const nextHopColumns: Columns<NextHopRow> = {
  2: ({ hop }) => given(hop.gateway, addressType),
  3: ({ hop }) => given(hop.gateway, addressValue),
  4: ({ hop, interfaceIndex }) => given(hop.interface, () => integer(interfaceIndex)),
  5: ({ hop }) => given(hop.interface, text),
  6: ({ hop }) => (hop.weight > 1 ? gauge(hop.weight) : undefined),
  7: ({ hop }) => choice(hop.onlink),
  8: ({ hop }) => realm(hop.realms, 'destination'),
  9: ({ hop }) => realm(hop.realms, 'source'),
  ...encapsulationColumns<NextHopRow>(10, ({ hop }) => hop.encapsulation),
};
