import { type AddressFamily, addressFamily, type IpAddress } from '../src/lib/ip.ts';
import type { Mutable } from '../src/lib/mutable.ts';
import { routeType } from '../src/lib/routing-numbers.ts';
import { cNumber } from './c-numbers.ts';
import { iprouteNumber, type NameTable, readRealms } from './iproute-names.ts';
import {
  complain,
  lineFlag,
  type LineReader,
  type LineWord,
  lineWord,
  type LineWords,
  matchesFamily,
  readFamilyWord,
  settleFamily,
  take,
  warn,
} from './line-reader.ts';
import { readIntegerText } from './numbers.ts';
import { type Prefix, readHost, readPrefix } from './prefix.ts';
import { type EncapsulationLine, readEncapsulation } from './route-encapsulation.ts';
import { type MetricsLine, metricWords } from './route-metrics.ts';
import { type NextHopLine, readNextHops, routeInterfaceExists } from './route-next-hops.ts';
import { maximumUnsigned } from './values.ts';

/** A line of virtual_routes or static_routes; numbers are those of linux/rtnetlink.h. */
export interface RouteLine {
  readonly family: AddressFamily;
  /** RTN_*; absent means unicast. */
  readonly type?: number;
  /** Absent means the default route. */
  readonly destination?: Prefix;
  /** `from`: the packet's source must lie in it (IPv6 subtrees). */
  readonly source?: Prefix;
  /** RTA_PREFSRC, the keyword `src`. */
  readonly preferredSource?: IpAddress;
  /** RTA_GATEWAY, or RTA_VIA where its family is not the route's. */
  readonly gateway?: IpAddress;
  readonly tos?: number;
  /** RT_TABLE_*; absent means main, or the table of the VRF. */
  readonly table?: number;
  readonly vrf?: string;
  /** RTPROT_*; 18 is keepalived. Absent: none was asked for. */
  readonly protocol?: number;
  readonly scope?: number;
  readonly metric?: number;
  readonly interface?: string;
  readonly onlink: boolean;
  readonly encapsulation?: EncapsulationLine;
  /** Seconds (RTA_EXPIRES, IPv6). */
  readonly expires?: number;
  readonly metrics: MetricsLine;
  readonly realms?: number;
  /** ICMPv6 router preference, RTA_PREF: 0 medium, 1 high, 3 low. */
  readonly preference?: number;
  readonly ttlPropagate?: boolean;
  /** `add` fails where the route exists, `prepend` and `append` choose its place among equals. */
  readonly placement: 'add' | 'prepend' | 'append';
  readonly nextHops: readonly NextHopLine[];
  readonly tracked: boolean;
  readonly trackGroup?: string;
}

/** A route on its way. */
export type RouteDraft = Mutable<Omit<RouteLine, 'family' | 'placement'>> & {
  placement?: RouteLine['placement'];
  hasDestination: boolean;
  /** The second gateway of the old form. */
  alternative?: IpAddress;
};
type Reader = LineReader<RouteDraft>;

const routeTypes: ReadonlyMap<string, number> = new Map([...Object.entries(routeType), ['brd', routeType.broadcast]]);

function readRouteType(word: string): number | undefined {
  const number = word === '' ? undefined : cNumber(word);
  return number !== undefined && number <= 255n ? Number(number) : routeTypes.get(word);
}

const mixed = 'Cannot mix IPv4 and IPv6 addresses for route';

const word = lineWord<RouteDraft>;
const mark = lineFlag<RouteDraft>;

const named = (
  documentation: string,
  key: 'tos' | 'table' | 'protocol' | 'scope',
  table: NameTable,
  invalid: string,
): LineWord<RouteDraft> =>
  word(documentation, (reader) => {
    const text = take(reader);
    if (text === undefined) return false;
    const value = iprouteNumber(reader.statement, table, text);
    if (value === undefined) return complain(reader, invalid.replace('%s', text), `a number, or a name of ${table}`);
    reader.draft[key] = value;
    return true;
  });

const number = (
  documentation: string,
  key: 'metric' | 'expires',
  invalid: string,
  only?: { readonly family: AddressFamily; readonly message: string },
): LineWord<RouteDraft> =>
  word(documentation, (reader) => {
    if (only && !settleFamily(reader, only.family)) return complain(reader, only.message);
    const text = take(reader);
    if (text === undefined) return false;
    const value = readIntegerText(text, reader.statement, reader.at, 0, maximumUnsigned, 'exact');
    if (value === undefined) return complain(reader, invalid.replace('%s', text));
    reader.draft[key] = value;
    return true;
  });

const tos = named('Differentiated services field.', 'tos', 'rt_dsfield', 'TOS value %s is invalid');
const metric = number('Metric; the lowest wins.', 'metric', 'Invalid metric %s specified for route');
const gateway = word('Gateway; inet or inet6 may stand before it.', readGateway);
const device = word('Interface that packets leave by.', readDevice);

export const routeWords: LineWords<RouteDraft> = new Map<string, LineWord<RouteDraft>>([
  [
    'to',
    word('Destination: an address with a prefix length, or default.', (reader) =>
      readDestination(reader, take(reader)),
    ),
  ],
  ['inet', word('A route of IPv4; the word after it is skipped.', (reader) => readFamilyWord(reader, 'route'))],
  ['inet6', word('A route of IPv6; the word after it is skipped.', (reader) => readFamilyWord(reader, 'route'))],
  ['src', word('Preferred source address.', readPreferredSource)],
  ['as', word('Network address translation, which there is none of.', readTranslation)],
  ['via', gateway],
  [
    'gw',
    word('Old spelling of via.', (reader) => {
      warn(reader, '"gw" for routes is deprecated. Please use "via"', 'deprecated');
      return readGateway(reader);
    }),
  ],
  ['from', word('Source that packets must have, IPv6 only.', readSource)],
  ['tos', tos],
  ['dsfield', tos],
  ['table', named('Routing table.', 'table', 'rt_tables', 'Routing table %s not found for route')],
  ['protocol', named('Who set the route.', 'protocol', 'rt_protos', 'Protocol %s not found or invalid for route')],
  ['scope', named('Scope of the destination.', 'scope', 'rt_scopes', 'Scope %s not found or invalid for route')],
  ['metric', metric],
  ['priority', metric],
  ['preference', metric],
  ['dev', device],
  ['oif', device],
  ['onlink', mark('The gateway is on the link, whatever its address.', { onlink: true })],
  ['encap', word('Lightweight tunnel.', readEncapsulation)],
  [
    'expires',
    number(
      'Seconds until the kernel removes the route, IPv6 only.',
      'expires',
      'Invalid expires time %s specified for route',
      {
        family: 6,
        message: 'expires is only valid for IPv6',
      },
    ),
  ],
  ...metricWords,
  ['realms', word('Realms, IPv4 only.', readRouteRealms)],
  ['pref', word('Router preference, IPv6 only: low, medium or high.', readPreference)],
  ['ttl-propagate', word('Whether MPLS carries the hop limit: enabled or disabled.', readPropagation)],
  ['add', mark('Fail where such a route exists.', { placement: 'add' })],
  ['prepend', mark('Stand before routes like it.', { placement: 'prepend' })],
  ['append', mark('Stand after routes like it.', { placement: 'append' })],
  ['or', word('Old form of a second gateway.', readAlternative)],
  ['nexthop', word('One of several ways; these end the line.', readWays)],
  ['no_track', mark('Nothing happens when somebody removes the route.', { tracked: false })],
  ['vrf', word('Table of this VRF.', readVrf)],
]);

function readDestination(reader: Reader, written: string | undefined): boolean {
  if (written === undefined) return false;
  const { draft } = reader;
  const destination = readDestinationWord(reader, written);
  if (destination === undefined) return complain(reader, `unknown route keyword ${written}`);
  const fits =
    destination === 'default'
      ? reader.family === undefined
      : settleFamily(reader, destination === 'default6' ? 6 : addressFamily(destination.address));
  if (!fits) return complain(reader, `${mixed} (${written})`);
  draft.hasDestination = true;
  delete draft.destination;
  if (typeof destination === 'object') draft.destination = destination;
  return true;
}

function readDestinationWord(reader: Reader, written: string): Prefix | 'default' | 'default6' | undefined {
  if (['default', 'any', 'all'].includes(written)) return 'default';
  if (written !== 'default6') return readPrefix(reader.statement, written, reader.at);
  reader.statement.log("'default6' is deprecated - please replace with 'inet6 default'");
  return 'default6';
}

function readPreferredSource(reader: Reader): boolean {
  const written = take(reader);
  if (written === undefined) return false;
  const address = readHost(reader.statement, written, reader.at);
  if (!address) return complain(reader, `invalid route src address ${written}`);
  if (!matchesFamily(reader, address)) return complain(reader, mixed);
  reader.draft.preferredSource = address;
  return true;
}

function readTranslation(reader: Reader): boolean {
  if (take(reader) === undefined) return false;
  if (reader.statement.words[reader.at] === 'to') reader.at++;
  warn(reader, '"as to" for MPLS only - ignoring');
  return true;
}

function readGateway(reader: Reader): boolean {
  let written = take(reader);
  if (written === 'inet' || written === 'inet6') {
    if (!settleFamily(reader, written === 'inet' ? 4 : 6)) return complain(reader, mixed);
    written = take(reader);
  }
  if (written === undefined) return false;
  const address = readHost(reader.statement, written, reader.at);
  if (!address) return complain(reader, `invalid route via address ${written}`);
  if (!matchesFamily(reader, address)) return complain(reader, mixed);
  reader.draft.gateway = address;
  return true;
}

function readSource(reader: Reader): boolean {
  const written = take(reader);
  if (written === undefined) return false;
  const wrongFamily = `route from address only supported with IPv6 (${written})`;
  if (['default', 'any', 'all'].includes(written)) return complain(reader, wrongFamily);
  const source = readPrefix(reader.statement, written, reader.at);
  if (!source) return complain(reader, `invalid route from address ${written}`);
  if (addressFamily(source.address) === 4) return complain(reader, wrongFamily);
  if (!settleFamily(reader, 6)) return complain(reader, mixed);
  reader.draft.source = source;
  return true;
}

function readDevice(reader: Reader): boolean {
  const name = take(reader);
  if (name === undefined || !routeInterfaceExists(reader, name)) return false;
  reader.draft.interface = name;
  return true;
}

function readRouteRealms(reader: Reader): boolean {
  if (!settleFamily(reader, 4)) return complain(reader, 'realms are only valid for IPv4');
  const text = take(reader);
  if (text === undefined) return false;
  const realms = readRealms(reader.statement, text);
  if (realms === undefined) return complain(reader, `Invalid realms ${text} for route`, '[from/]to, each 0 to 255');
  reader.draft.realms = realms;
  return true;
}

/** ICMPV6_ROUTER_PREF_* (linux/icmpv6.h) */
const preferences: ReadonlyMap<string, number> = new Map([
  ['medium', 0],
  ['high', 1],
  ['low', 3],
]);

function readPreference(reader: Reader): boolean {
  if (!settleFamily(reader, 6)) return complain(reader, 'pref is only valid for IPv6');
  const text = take(reader);
  if (text === undefined) return false;
  const value = preferences.get(text) ?? readIntegerText(text, reader.statement, reader.at, 0, 255, 'exact');
  if (value === undefined) return complain(reader, `Invalid pref value ${text} specified for route`);
  reader.draft.preference = value;
  return true;
}

function readPropagation(reader: Reader): boolean {
  const text = take(reader);
  if (text === undefined) return false;
  if (text !== 'enabled' && text !== 'disabled') {
    complain(reader, `ttl-propagate value ${text} not recognised`, 'enabled or disabled');
  }
  reader.draft.ttlPropagate = text === 'enabled';
  return true;
}

function readAlternative(reader: Reader): boolean {
  warn(reader, '"or" for routes is deprecated. Please use "nexthop"', 'deprecated');
  const written = take(reader);
  if (written === undefined) return false;
  if (reader.draft.alternative !== undefined) {
    complain(reader, '"or" route already specified - ignoring subsequent');
    return true;
  }
  const address = readHost(reader.statement, written, reader.at);
  if (!address) return complain(reader, `Invalid "or" address ${written}`);
  reader.draft.alternative = address;
  return true;
}

function readWays(reader: Reader): boolean {
  if (reader.draft.alternative === undefined) return readNextHops(reader);
  complain(reader, 'Cannot specify nexthops with "or" route');
  return complain(reader, 'Route has trailing nonsense - nexthop');
}

function readVrf(reader: Reader): boolean {
  const name = take(reader);
  if (name === undefined) return false;
  const { surroundings } = reader.statement;
  const table = surroundings.vrfTable(name);
  if (table === undefined) {
    const message = surroundings.interfaceExists(name)
      ? `Route specified VRF ${name} is not a VRF`
      : `VRF ${name} not found for route`;
    return complain(reader, message, 'a VRF that exists');
  }
  reader.draft.vrf = name;
  reader.draft.table = table;
  return true;
}

/** A word that is none of the table: a destination, maybe with its type before it. */
export function readPlain(reader: Reader): boolean {
  const written = reader.statement.words[reader.at] as string;
  const type = readRouteType(written);
  if (type === undefined) return readDestination(reader, written);
  reader.draft.type = type;
  return readDestination(reader, take(reader));
}
