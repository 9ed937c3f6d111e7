import { type IpAddress, printPrefix } from '../src/lib/ip.ts';
import { keepalivedProtocol } from '../src/lib/routing-numbers.ts';
import { printRealms } from './iproute-names.ts';
import type { Statement, ValueKind } from './keyword.ts';
import {
  complain,
  documentationOf,
  type LineReader,
  type LineWords,
  matchesFamily,
  readTrackGroup,
  warn,
} from './line-reader.ts';
import type { Prefix } from './prefix.ts';
import { printEncapsulation } from './route-encapsulation.ts';
import { printMetrics } from './route-metrics.ts';
import { printNextHop } from './route-next-hops.ts';
import { type RouteDraft, type RouteLine, readPlain, routeWords } from './route-words.ts';
import { quote } from './values.ts';

type Reader = LineReader<RouteDraft>;

function finish(reader: Reader): RouteLine | undefined {
  const { hasDestination, alternative, placement, ...route } = reader.draft;
  if (route.destination && isEverything(route.destination)) delete route.destination;
  if (!hasDestination) {
    complain(reader, 'Route must have a destination');
    return undefined;
  }
  if (alternative !== undefined && !matchesFamily(reader, alternative)) {
    complain(reader, 'Cannot mix IPv4 and IPv6 addresses for route');
    return undefined;
  }
  if (alternative !== undefined) {
    route.nextHops = [
      { weight: 1, onlink: false, ...(route.gateway !== undefined && { gateway: route.gateway }) },
      { weight: 1, onlink: false, gateway: alternative },
    ];
    delete route.gateway;
  }
  if (route.tracked) {
    if ((route.protocol ?? keepalivedProtocol) !== keepalivedProtocol) {
      const message = 'Route cannot be tracked if protocol is not RTPROT_KEEPALIVED(18), resetting protocol';
      warn(reader, message);
    }
    route.protocol = keepalivedProtocol;
  }
  if (route.trackGroup !== undefined && route.interface === undefined) {
    complain(reader, 'Static route cannot have track group if no oif specified', 'dev');
    delete route.trackGroup;
  }
  return {
    ...route,
    family: reader.family ?? 4,
    placement: placement ?? 'prepend',
  };
}

function isEverything({ address, prefixLength }: Prefix): boolean {
  return prefixLength === 0 && (address === '0.0.0.0' || address === '::');
}

function read(statement: Statement, ofStaticBlock: boolean): RouteLine | undefined {
  const reader: Reader = {
    statement,
    ofStaticBlock,
    at: 0,
    family: undefined,
    draft: {
      hasDestination: false,
      onlink: false,
      metrics: { locked: [] },
      nextHops: [],
      tracked: true,
    },
  };
  const { words } = statement;
  for (; reader.at < words.length; reader.at++) {
    const text = words[reader.at] as string;
    if (ofStaticBlock && text === 'track_group') {
      const outcome = readTrackGroup(reader);
      if (outcome === 'duplicate') complain(reader, `Route has trailing nonsense - ${words[reader.at]}`);
      if (outcome !== 'taken') return undefined;
      continue;
    }
    if (!(routeWords.get(text)?.read(reader) ?? readPlain(reader))) return undefined;
  }
  return finish(reader);
}

const syntax = 'a destination, then via, dev, metric and other words of ip-route(8)';

/** One line of virtual_routes. */
export const routeLine: ValueKind<RouteLine> = {
  syntax,
  example: '198.51.100.0/24 via 192.0.2.1 dev eth0',
  words: documentationOf(routeWords as LineWords<never>),
  read: (statement) => read(statement, false),
  print: printRouteLine,
};

/** One line of static_routes. */
export const staticRouteLine: ValueKind<RouteLine> = {
  syntax,
  example: '198.51.100.0/24 via 192.0.2.1 dev eth0',
  words: { ...routeLine.words, track_group: 'Instances that follow what becomes of the route; needs dev.' },
  read: (statement) => read(statement, true),
  print: printRouteLine,
};

const everything = {
  4: { address: '0.0.0.0' as IpAddress, prefixLength: 0 },
  6: { address: '::' as IpAddress, prefixLength: 0 },
} as const;

function printRouteLine(route: RouteLine): string {
  const { destination, family, type } = route;
  const pair = (name: string, value: string | number | undefined) => (value === undefined ? [] : [name, String(value)]);
  return [
    ...(type === undefined ? [] : [String(type)]),
    printPrefix(destination ?? everything[family]),
    ...pair('from', route.source && printPrefix(route.source)),
    ...pair('src', route.preferredSource),
    ...pair('via', route.gateway),
    ...pair('dev', route.interface && quote(route.interface)),
    ...pair('tos', route.tos),
    ...(route.vrf === undefined ? pair('table', route.table) : ['vrf', quote(route.vrf)]),
    ...pair('protocol', route.tracked ? undefined : route.protocol),
    ...pair('scope', route.scope),
    ...pair('metric', route.metric),
    ...(route.onlink ? ['onlink'] : []),
    ...pair('expires', route.expires),
    ...printMetrics(route.metrics).map(quote),
    // Its last words must not be taken for words of the route, nor those for its.
    ...printEncapsulation(route.encapsulation),
    ...pair('realms', route.realms === undefined ? undefined : printRealms(route.realms)),
    ...pair('pref', route.preference),
    ...pair(
      'ttl-propagate',
      route.ttlPropagate === undefined ? undefined : route.ttlPropagate ? 'enabled' : 'disabled',
    ),
    route.placement,
    ...(route.tracked ? [] : ['no_track']),
    ...pair('track_group', route.trackGroup && quote(route.trackGroup)),
    ...route.nextHops.flatMap(printNextHop),
  ].join(' ');
}
