import type { NextHop, Route, RouteMetrics } from '../config/types.ts';
import { hostIsLittleEndian } from '../lib/byte-order.ts';
import { ByteWriter } from '../lib/byte-writer.ts';
import type { AddressFamily, IpAddress } from '../lib/ip.ts';
import { keepalivedProtocol, mainTable, routeScope, routeType } from '../lib/routing-numbers.ts';
import { type Attributes, decodeAttributes, encodeAttributes, nested, type Table } from '../netlink/attribute.ts';
import { bytes, cstring, ipAddress, u8, u16, u32 } from '../netlink/kinds.ts';
import { type Message, messageFlag, type Request } from '../netlink/message.ts';
import { addressFamilies, familyOf } from '../netlink/shared-numbers.ts';
import { encapsulationType, encodeEncapsulation } from './encapsulation.ts';
import { routeMessage } from './numbers.ts';

/** linux/rtnetlink.h: RTAX_*, in the order keepalived sends them. */
const metricAttributes = {
  /** RTAX_CC_ALGO */ congctl: [16, cstring(256)],
  /** RTAX_RTT */ rtt: [4, u32],
  /** RTAX_RTTVAR */ rttvar: [5, u32],
  /** RTAX_RTO_MIN */ rto_min: [13, u32],
  /** RTAX_FEATURES */ features: [12, u32],
  /** RTAX_MTU */ mtu: [2, u32],
  /** RTAX_WINDOW */ window: [3, u32],
  /** RTAX_SSTHRESH */ ssthresh: [6, u32],
  /** RTAX_CWND */ cwnd: [7, u32],
  /** RTAX_ADVMSS */ advmss: [8, u32],
  /** RTAX_REORDERING */ reordering: [9, u32],
  /** RTAX_HOPLIMIT */ hoplimit: [10, u32],
  /** RTAX_INITCWND */ initcwnd: [11, u32],
  /** RTAX_INITRWND */ initrwnd: [14, u32],
  /** RTAX_QUICKACK */ quickack: [15, u32],
  /** RTAX_FASTOPEN_NO_COOKIE */ fastopen_no_cookie: [17, u32],
  /** RTAX_LOCK */ lock: [1, u32],
} as const satisfies Table;

/** linux/rtnetlink.h: RTA_*, in the order keepalived sends them. */
const routeAttributes = {
  /** RTA_TABLE */ table: [15, u32],
  /** RTA_DST */ destination: [1, ipAddress],
  /** RTA_SRC */ source: [2, ipAddress],
  /** RTA_PREFSRC */ preferredSource: [7, ipAddress],
  /** RTA_GATEWAY */ gateway: [5, ipAddress],
  /** RTA_ENCAP */ encapsulation: [22, bytes()],
  /** RTA_ENCAP_TYPE */ encapsulationType: [21, u16],
  /** RTA_MULTIPATH */ nextHops: [9, bytes()],
  /** RTA_OIF */ interface: [4, u32],
  /** RTA_PRIORITY */ metric: [6, u32],
  /** RTA_FLOW */ realms: [11, u32],
  /** RTA_EXPIRES */ expires: [23, u32],
  /** RTA_METRICS */ metrics: [8, nested(metricAttributes)],
  /** RTA_PREF */ preference: [20, u8],
  /** RTA_TTL_PROPAGATE */ ttlPropagate: [26, u8],
} as const satisfies Table;

/** struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, all u8, then flags u32 */
const HEADER_LENGTH = 12;
/** RTNH_F_ONLINK */
const ON_LINK = 4;
/** RTM_F_CLONED: an entry of the cache. */
const CLONED = 0x200;
/** IP6_RT_PRIO_USER (linux/ipv6_route.h): IPv6's metric where none is asked for. */
const IPV6_METRIC = 1024;

/** The interface of a route, or of one of its ways, does not exist. */
export type MissingInterface = { readonly missing: string };
export type IndexOf = (name: string) => number | undefined;

/**
 * RTM_NEWROUTE with CREATE: a route before those like it, or after them (APPEND), or EEXIST where there is one (EXCL).
 * An equal route is refused with EEXIST in any case. `replace`: in place of the first with its destination and metric (REPLACE).
 */
export function addRouteRequest(route: Route, indexOf: IndexOf, replace = false): Request | MissingInterface {
  const placement = replace
    ? messageFlag.replace
    : { prepend: 0, append: messageFlag.append, add: messageFlag.exclusive }[route.placement];
  const header = { scope: route.scope ?? routeScope.universe, type: route.type ?? routeType.unicast };
  return routeRequest(routeMessage.newRoute, messageFlag.create | placement, route, header, indexOf);
}

/** RTM_DELROUTE: the first route that fits all that is said. */
export function deleteRouteRequest(route: Route, indexOf: IndexOf): Request | MissingInterface {
  // Scope NOWHERE and type 0 fit any.
  const header = { scope: route.scope ?? routeScope.nowhere, type: route.type ?? 0 };
  return routeRequest(routeMessage.deleteRoute, 0, route, header, indexOf);
}

function routeRequest(
  type: number,
  flags: number,
  route: Route,
  header: { readonly scope: number; readonly type: number },
  indexOf: IndexOf,
): Request | MissingInterface {
  const missing = [route, ...route.nextHops].find((way) => way.interface && indexOf(way.interface) === undefined);
  if (missing?.interface !== undefined) return { missing: missing.interface };
  const table = route.table ?? mainTable;
  const attributes = attributesOf(route, table, indexOf);
  return {
    type,
    flags,
    body: (writer) => {
      writer.u8(addressFamilies[route.family]);
      writer.u8(route.destination?.prefixLength ?? 0);
      writer.u8(route.source?.prefixLength ?? 0);
      writer.u8(route.tos ?? 0);
      writer.u8(table > 255 ? 0 : table);
      writer.u8(protocolOf(route));
      writer.u8(header.scope);
      writer.u8(header.type);
      writer.u32(route.onlink ? ON_LINK : 0);
      encodeAttributes(writer, routeAttributes, attributes);
    },
  };
}

function attributesOf(route: Route, table: number, indexOf: IndexOf): Attributes<typeof routeAttributes> {
  const { encapsulation, nextHops, ttlPropagate } = route;
  return {
    table: table > 255 ? table : undefined,
    destination: route.destination?.address ?? (route.family === 4 ? ('0.0.0.0' as IpAddress) : ('::' as IpAddress)),
    source: route.source?.address,
    preferredSource: route.preferredSource,
    gateway: route.gateway,
    encapsulation: encapsulation && encodeEncapsulation(encapsulation),
    encapsulationType: encapsulation && encapsulationType[encapsulation.kind],
    nextHops: nextHops.length > 0 ? encodeNextHops(nextHops, indexOf) : undefined,
    interface: route.interface === undefined ? undefined : indexOf(route.interface),
    metric: route.metric,
    realms: route.realms,
    expires: route.expires,
    metrics: metricsOf(route.metrics),
    preference: route.preference,
    ttlPropagate: ttlPropagate === undefined ? undefined : Number(ttlPropagate),
  };
}

function metricsOf({ locked, ...metrics }: RouteMetrics): Attributes<typeof metricAttributes> | undefined {
  if (Object.keys(metrics).length === 0) return undefined;
  const lock = locked.reduce((bits, name) => bits | (1 << metricAttributes[name][0]), 0);
  const { congctl } = metrics;
  return { ...metrics, congctl: congctl?.slice(0, 255), lock: lock === 0 ? undefined : lock };
}

const nextHopAttributes = {
  /** RTA_GATEWAY */ gateway: [5, ipAddress],
  /** RTA_FLOW */ realms: [11, u32],
  /** RTA_ENCAP */ encapsulation: [22, bytes()],
  /** RTA_ENCAP_TYPE */ encapsulationType: [21, u16],
} as const satisfies Table;

/** Each struct rtnexthop: length u16, flags u8, weight less one u8, index s32, then attributes. */
function encodeNextHops(nextHops: readonly NextHop[], indexOf: IndexOf): Uint8Array {
  const writer = new ByteWriter(64 * nextHops.length);
  for (const { gateway, interface: name, weight, onlink, realms, encapsulation } of nextHops) {
    const start = writer.length;
    writer.u16(0);
    writer.u8(onlink ? ON_LINK : 0);
    writer.u8(weight - 1);
    writer.u32((name === undefined ? undefined : indexOf(name)) ?? 0);
    encodeAttributes(writer, nextHopAttributes, {
      gateway,
      realms,
      encapsulation: encapsulation && encodeEncapsulation(encapsulation),
      encapsulationType: encapsulation && encapsulationType[encapsulation.kind],
    });
    writer.patchU16(start, writer.length - start);
  }
  return writer.written();
}

/** A route as the kernel reports it, as far as it tells routes apart. */
export interface KernelRoute {
  readonly family: AddressFamily;
  readonly type: number;
  readonly table: number;
  readonly protocol: number;
  readonly tos: number;
  /** Absent for the default route. */
  readonly destination?: IpAddress;
  readonly prefixLength: number;
  readonly metric: number;
  readonly ifindex?: number;
}

const identityAttributes = {
  /** RTA_DST */ destination: [1, ipAddress],
  /** RTA_OIF */ interface: [4, u32],
  /** RTA_PRIORITY */ metric: [6, u32],
  /** RTA_TABLE */ table: [15, u32],
} as const satisfies Table;

/** The route of an RTM_NEWROUTE or RTM_DELROUTE message; undefined when it is damaged or none of the tables'. */
export function decodeRoute({ view, start, end }: Message): KernelRoute | undefined {
  if (start + HEADER_LENGTH > end) return undefined;
  const family = familyOf(view.getUint8(start));
  if (family === undefined || (view.getUint32(start + 8, hostIsLittleEndian) & CLONED) !== 0) return undefined;
  const decoded = decodeAttributes(identityAttributes, view, start + HEADER_LENGTH, end);
  if (!decoded.ok) return undefined;
  const { destination, interface: ifindex, metric, table } = decoded.value;
  return {
    family,
    type: view.getUint8(start + 7),
    table: table ?? view.getUint8(start + 4),
    protocol: view.getUint8(start + 5),
    tos: view.getUint8(start + 3),
    ...(destination !== undefined && { destination }),
    prefixLength: view.getUint8(start + 1),
    metric: metric ?? 0,
    ...(ifindex !== undefined && { ifindex }),
  };
}

/** RTPROT_* that a route is given. */
export function protocolOf({ protocol }: Route): number {
  return protocol ?? keepalivedProtocol;
}

/** What the kernel would report of `route` once it holds it. */
export function reportedRoute(route: Route, indexOf: IndexOf): KernelRoute {
  const { destination, interface: name } = route;
  const ifindex = name === undefined ? undefined : indexOf(name);
  return {
    family: route.family,
    type: route.type ?? routeType.unicast,
    table: route.table || mainTable,
    protocol: protocolOf(route),
    tos: route.tos ?? 0,
    ...(destination !== undefined && { destination: destination.address }),
    prefixLength: destination?.prefixLength ?? 0,
    metric: route.metric || (route.family === 6 ? IPV6_METRIC : 0),
    ...(ifindex !== undefined && { ifindex }),
  };
}

/** Whether the kernel's `reported` is the wanted route: an interface that was not asked for does not count. */
export function isRoute(reported: KernelRoute, wanted: KernelRoute): boolean {
  return (
    reported.family === wanted.family &&
    reported.type === wanted.type &&
    reported.table === wanted.table &&
    reported.tos === wanted.tos &&
    reported.destination === wanted.destination &&
    reported.prefixLength === wanted.prefixLength &&
    reported.metric === wanted.metric &&
    (wanted.ifindex === undefined || reported.ifindex === wanted.ifindex)
  );
}
