import type { SyncGroup, TrackFile, TrackProcess, VrrpInstance, VrrpScript } from '../config/types.ts';
import type { Duration } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { ShownState } from '../lib/vrrp-words.ts';
import type { Statistics } from '../vrrp/statistics.ts';

/** Wall time in microseconds since 1970. */
export type WallTime = number;

/** Local time as ctime(3) prints it, `fraction` after the seconds: "Sat Nov 21 01:09:50.123456 2026". */
export type PrintTime = (at: WallTime, fraction: string) => string;

/** What only a running process knows of the global definitions. */
export interface GlobalRuntime {
  /** When the configuration is read again, as its file says it. */
  readonly reload?: { readonly text: string; readonly dated: boolean };
  /** Real-time priority, and its limit in microseconds. */
  readonly realtime?: { readonly priority: number; readonly limit: number };
}

/**
 * What only a running VRRP process knows. Every part may be missing: lines that show it are then left out, as in the
 * dump that -d writes to the log before anything has happened.
 */
export interface VrrpRuntime {
  readonly global?: GlobalRuntime;
  readonly printTime?: PrintTime;
  instance?(instance: VrrpInstance): InstanceRuntime | undefined;
  /** The address adverts leave with. */
  sourceAddress?(instance: VrrpInstance): IpAddress | undefined;
  interfaceIndex?(name: string): number | undefined;
  readonly interfaces?: readonly InterfaceRuntime[];
  readonly sockets?: readonly SocketRuntime[];
  group?(group: SyncGroup): GroupRuntime | undefined;
  script?(script: VrrpScript): ScriptRuntime | undefined;
  /** The number in the file; undefined while there is none. */
  file?(file: TrackFile): number | undefined;
  process?(process: TrackProcess): ProcessRuntime | undefined;
  /** Whether the session is up. */
  bfd?(name: string): boolean | undefined;
}

/** One vrrp_instance at work. */
export interface InstanceRuntime {
  readonly state: ShownState;
  readonly wantedState: 'BACKUP' | 'MASTER' | 'FAULT';
  /** The last master heard. */
  readonly masterAddress?: IpAddress;
  readonly masterPriority: number;
  readonly masterAdvertInterval: Duration;
  /** Reasons for the fault state that lie in tracking. */
  readonly trackerFaults: number;
  /** In keepalived's words: "i/f down", "no source IP address" … */
  readonly interfaceFaults: readonly string[];
  /** Tracked scripts whose first result is awaited. */
  readonly scriptsAwaited: number;
  readonly lastTransition: WallTime;
  /** When silence will be noticed; absent while nothing is awaited. */
  readonly readTimeout?: WallTime;
  readonly masterDownTimer: Duration;
  readonly effectivePriority: number;
  /** Before it is limited to 1 to 254. */
  readonly totalPriority: number;
  readonly highestOtherPriority: number;
  readonly lastAdvertSent: WallTime;
  /** How often vrrp_restore_addresses put something back. */
  readonly restored: number;
  /** The addresses are on their interfaces. */
  readonly holdsAddresses: boolean;
  /** Descriptors of its receiving and sending socket. */
  readonly sockets?: readonly [receiving: number, sending: number];
  readonly statistics: Statistics;
}

/** One socket pair and the instances that share it. */
export interface SocketRuntime {
  readonly descriptors: readonly [receiving: number, sending: number];
  readonly interface: string;
  readonly vrf?: string;
  readonly family: 4 | 6;
  readonly protocol: 'VRRP' | 'AH';
  /** The local address of unicast; absent for multicast. */
  readonly unicastAddress?: IpAddress;
  readonly receiveBuffer: number;
  readonly instances: readonly { readonly name: string; readonly virtualRouterId: number }[];
}

/** One network interface. */
export interface InterfaceRuntime {
  readonly name: string;
  readonly index: number;
  /** ARPHRD_* (linux/if_arp.h). */
  readonly type: number;
  readonly up: boolean;
  readonly running: boolean;
  /** It has been both at some time. */
  readonly seenUp: boolean;
  /** It has changed, and what is shown holds until it has been so for its time. */
  readonly delayed: boolean;
  /** How its link is polled. */
  readonly polling?: 'MII' | 'ETHTOOL' | 'IOCTL';
  /** It may change its kind or what it stands on (dynamic_interfaces). */
  readonly changeable: boolean;
  readonly loopback: boolean;
  readonly broadcast: boolean;
  readonly multicast: boolean;
  readonly pointToPoint: boolean;
  readonly noArp: boolean;
  readonly mtu: number;
  readonly group: number;
  readonly mac: Uint8Array;
  readonly macBroadcast: Uint8Array;
  /** The first of each family is the primary one. */
  readonly addresses4: readonly IpAddress[];
  readonly addresses6: readonly IpAddress[];
  /** Kind of virtual interface, what it stands on, and whether keepalived made it. */
  readonly virtual?: {
    readonly kind: 'VMAC' | 'IPVLAN' | 'VRF' | 'other';
    readonly mode?: string;
    readonly parent?: string;
    readonly parentIndex?: number;
    readonly parentUp: boolean;
    readonly parentRunning: boolean;
    readonly ours: boolean;
  };
  /** Kernel settings, of virtual interfaces, of what they stand on and where secondary addresses are promoted. */
  readonly settings?: {
    /** IPv4 virtual interfaces that stand on it. */
    readonly users: number;
    readonly arpIgnore: number;
    readonly arpFilter: number;
    /** Only where virtual interfaces are concerned. */
    readonly rpFilter?: number;
    readonly promoteSecondaries: number;
    /** Whether promote_secondaries was set for an instance. */
    readonly promotes: boolean;
  };
  /** Whether it forwarded IPv6 when that was last looked at, for neighbour advertisements. */
  readonly forwardsIpv6?: { readonly forwards: boolean; readonly at: WallTime };
  /** Instances that follow it, each with the weight it has there. */
  readonly tracking: readonly { readonly name: string; readonly weight: number; readonly reverse: boolean }[];
}

export interface GroupRuntime {
  readonly state: ShownState;
  readonly membersInFault: number;
  readonly membersInInit: number;
}

export interface ScriptRuntime {
  /** Counts up to rise + fall - 1; at rise and above the script is good. */
  readonly result: number;
  readonly state: 'idle' | 'running' | 'requested termination' | 'forcing termination';
  /** What is known before the first result. */
  readonly initState: string;
  readonly good: boolean;
}

export interface ProcessRuntime {
  readonly current: number;
  readonly haveQuorum: boolean;
  readonly forkDelayRunning: boolean;
  readonly terminateDelayRunning: boolean;
}
