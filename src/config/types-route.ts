import type { AddressFamily, IpAddress } from '../lib/ip.ts';

/** An address with the length of its network prefix in bits. */
export interface Prefix {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/** A route of virtual_routes or static_routes; numbers are those of linux/rtnetlink.h. */
export interface Route {
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
  /** RTPROT_*; 18 is keepalived. Absent: not set. */
  readonly protocol?: number;
  readonly scope?: number;
  readonly metric?: number;
  readonly interface?: string;
  readonly onlink: boolean;
  readonly encapsulation?: Encapsulation;
  /** Seconds (RTA_EXPIRES, IPv6). */
  readonly expires?: number;
  readonly metrics: RouteMetrics;
  readonly realms?: number;
  /** ICMPv6 router preference, RTA_PREF: 0 medium, 1 high, 3 low. */
  readonly preference?: number;
  readonly ttlPropagate?: boolean;
  /** `add` fails where the route exists, `prepend` and `append` choose its place among equals. */
  readonly placement: 'add' | 'prepend' | 'append';
  readonly nextHops: readonly NextHop[];
  readonly tracked: boolean;
}

/** RTAX_* metrics in the kernel's units; times already scaled as rtnetlink wants them. */
export interface RouteMetrics {
  /** Names of the metrics that the kernel must not change by itself (RTAX_LOCK). */
  readonly locked: readonly MetricName[];
  readonly mtu?: number;
  readonly hoplimit?: number;
  readonly advmss?: number;
  readonly rtt?: number;
  readonly rttvar?: number;
  readonly reordering?: number;
  readonly window?: number;
  readonly cwnd?: number;
  readonly ssthresh?: number;
  readonly rto_min?: number;
  readonly initcwnd?: number;
  readonly initrwnd?: number;
  /** RTAX_FEATURE_* bits. */
  readonly features?: number;
  readonly quickack?: number;
  readonly congctl?: string;
  readonly fastopen_no_cookie?: number;
}
export type MetricName = Exclude<keyof RouteMetrics, 'locked'>;

export interface NextHop {
  readonly gateway?: IpAddress;
  readonly interface?: string;
  /** 1 to 256. */
  readonly weight: number;
  readonly onlink: boolean;
  readonly encapsulation?: Encapsulation;
  readonly realms?: number;
}

/** Lightweight tunnel, linux/lwtunnel.h. */
export type Encapsulation =
  | {
      readonly kind: 'ip' | 'ip6';
      readonly id?: bigint;
      readonly destination?: IpAddress;
      readonly source?: IpAddress;
      /** tos of ip, tc of ip6. */
      readonly trafficClass?: number;
      /** ttl of ip, hoplimit of ip6. */
      readonly hopLimit?: number;
      readonly flags?: number;
    }
  | { readonly kind: 'mpls'; readonly labels: readonly number[] }
  | { readonly kind: 'ila'; readonly locator: bigint };

/** A rule of virtual_rules or static_rules; numbers are those of linux/fib_rules.h. */
export interface RoutingRule {
  readonly family: AddressFamily;
  /** FR_ACT_*; 1 is to table. */
  readonly action: number;
  readonly invert: boolean;
  readonly source?: Prefix;
  readonly destination?: Prefix;
  readonly table?: number;
  readonly preference: number;
  /** Preference that `goto` leads to. */
  readonly target?: number;
  readonly tos?: number;
  readonly fwmark?: number;
  readonly fwmask?: number;
  readonly realms?: number;
  readonly suppressPrefixLength?: number;
  readonly suppressInterfaceGroup?: number;
  readonly inputInterface?: string;
  readonly outputInterface?: string;
  readonly tunnelId?: bigint;
  readonly userIds?: { readonly first: number; readonly last: number };
  readonly l3mdev: boolean;
  /** RTPROT_*; absent: not set. */
  readonly protocol?: number;
  readonly ipProtocol?: number;
  readonly sourcePorts?: { readonly first: number; readonly last: number };
  readonly destinationPorts?: { readonly first: number; readonly last: number };
  readonly tracked: boolean;
}

export interface StaticRoute extends Route {
  readonly trackGroup?: string;
}

export interface StaticRule extends RoutingRule {
  readonly trackGroup?: string;
}
