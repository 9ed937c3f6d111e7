import { printLocator } from '../../grammar/route-encapsulation.ts';
import type { Encapsulation, NextHop, Route, RouteMetrics, StaticRoute } from '../config/types.ts';
import { type AddressFamily, addressFamily, printPrefix } from '../lib/ip.ts';
import { mainTable, routeType } from '../lib/routing-numbers.ts';
import { type DumpLines, joined, labelled } from './dump-text.ts';

const typeNames: ReadonlyMap<number, string> = new Map(Object.entries(routeType).map(([name, type]) => [type, name]));

/** Where a route leads, the default one too. */
export function destinationText({ destination, family }: Route): string {
  return destination === undefined ? (family === 4 ? '0.0.0.0/0' : '::/0') : printPrefix(destination);
}

/** A route as dumps and JSON show it: `prepend 10.1.0.0/16 via inet 10.0.0.9 dev eth0 proto 18`. */
export function routeText(route: Route | StaticRoute): string {
  const { type, table } = route;
  return joined([
    route.placement,
    typeText(type),
    destinationText(route),
    labelled('from', route.source && printPrefix(route.source)),
    labelled('src', route.preferredSource),
    labelled('tos', route.tos),
    encapsulationText(route.encapsulation),
    route.gateway && `via ${gatewayText(route.gateway)}`,
    labelled('dev', route.interface),
    table !== mainTable && labelled('table', table),
    labelled('proto', route.protocol),
    labelled('scope', route.scope),
    labelled('metric', route.metric),
    route.onlink && 'onlink',
    realmsText(route.realms),
    route.expires !== undefined && `expires ${route.expires}sec`,
    ...metricTexts(route.metrics),
    route.preference !== undefined && `pref ${preferenceNames.get(route.preference) ?? 'unknown'}`,
    route.ttlPropagate !== undefined && `ttl-propagate ${route.ttlPropagate ? 'enabled' : 'disabled'}`,
    ...route.nextHops.map(nextHopText),
    !route.tracked && 'no_track',
    'trackGroup' in route && labelled('track_group', route.trackGroup),
  ]);
}

/** Unicast is not shown. */
function typeText(type: number | undefined): string | undefined {
  if (type === undefined || type === routeType.unicast) return undefined;
  return type === 0 ? 'unspec' : (typeNames.get(type) ?? String(type));
}

function gatewayText(gateway: NonNullable<Route['gateway']>): string {
  const names: Readonly<Record<AddressFamily, string>> = { 4: 'inet', 6: 'inet6' };
  return `${names[addressFamily(gateway)]} ${gateway}`;
}

function realmsText(realms: number | undefined): string | undefined {
  if (realms === undefined) return undefined;
  return realms > 0xffff ? `realms ${realms >>> 16}/${realms & 0xffff}` : `realm ${realms}`;
}

function nextHopText(hop: NextHop): string {
  return joined([
    'nexthop',
    hop.gateway && `via ${gatewayText(hop.gateway)}`,
    labelled('dev', hop.interface),
    hop.weight !== 1 && `weight ${hop.weight}`,
    hop.onlink && 'onlink',
    realmsText(hop.realms),
    encapsulationText(hop.encapsulation),
  ]);
}

function encapsulationText(encapsulation: Encapsulation | undefined): string | undefined {
  if (!encapsulation) return undefined;
  if (encapsulation.kind === 'mpls') return `encap mpls ${encapsulation.labels.join('/')}`;
  if (encapsulation.kind === 'ila') return `encap ila ${printLocator(encapsulation.locator)}`;
  const { kind, id, destination, source, trafficClass, hopLimit, flags } = encapsulation;
  return joined([
    `encap ${kind}`,
    labelled('id', id),
    labelled('dst', destination),
    labelled('src', source),
    labelled(kind === 'ip' ? 'tos' : 'tc', trafficClass),
    labelled(kind === 'ip' ? 'ttl' : 'hoplimit', hopLimit),
    flags !== undefined && `flags 0x${flags.toString(16)}`,
  ]);
}

/** ICMPV6_ROUTER_PREF_* (linux/icmpv6.h) */
const preferenceNames: ReadonlyMap<number, string> = new Map([
  [0, 'medium'],
  [1, 'high'],
  [3, 'low'],
]);

type MetricName = Exclude<keyof RouteMetrics, 'locked'>;

/** In the order of the dump; for times, how many of the kernel's units make a millisecond. */
const metricRows: readonly (readonly [MetricName, unitsPerMillisecond?: number])[] = [
  ['congctl'],
  ['rtt', 8],
  ['rttvar', 4],
  ['rto_min', 1],
  ['features'],
  ['mtu'],
  ['window'],
  ['ssthresh'],
  ['cwnd'],
  ['advmss'],
  ['reordering'],
  ['hoplimit'],
  ['initcwnd'],
  ['initrwnd'],
  ['quickack'],
  ['fastopen_no_cookie'],
];

function metricTexts(metrics: RouteMetrics): DumpLines {
  return metricRows.map(([name, unitsPerMillisecond]) => {
    const value = metrics[name];
    if (value === undefined) return undefined;
    const shown =
      name === 'features'
        ? 'ecn'
        : unitsPerMillisecond === undefined
          ? value
          : timeText(Math.trunc((value as number) / unitsPerMillisecond));
    return joined([name, metrics.locked.includes(name) && 'lock', String(shown)]);
  });
}

function timeText(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds}ms` : `${milliseconds / 1000}s`;
}
