import type { Duration } from '../lib/duration.ts';
import type { AddressFamily, IpAddress } from '../lib/ip.ts';
import type { ScriptCommand } from '../lib/script.ts';
import type { Route, RoutingRule } from './types-route.ts';
import type { TrackedItem } from './types-track.ts';

/** vrrp_instance, complete: RFC 5798 section 6.1 parameters and keepalived's own. */
export interface VrrpInstance {
  readonly name: string;
  readonly version: 2 | 3;
  readonly family: AddressFamily;
  readonly interface: string;
  readonly virtualRouterId: number;
  /** Configured (base) priority, 1 to 255; 255 is the address owner. */
  readonly priority: number;
  readonly initialState: 'master' | 'backup';
  readonly advertisementInterval: Duration;
  readonly preempt: boolean;
  readonly preemptDelay: Duration;
  readonly authentication: { readonly type: 'none' } | { readonly type: 'pass' | 'ah'; readonly password: string };
  /** Keyed-hash trailer after the advert. */
  readonly authHmac?: AuthHmac;
  /** Configured source address of adverts; otherwise the interface's first address. */
  readonly sourceAddress?: IpAddress;
  readonly multicastGroup: IpAddress;
  readonly virtualAddresses: readonly VirtualAddress[];
  readonly excludedAddresses: readonly VirtualAddress[];
  /** no_virtual_ipaddress: nothing is said where there are none. */
  readonly mayLackAddresses?: true;
  readonly garp: GarpSettings;
  readonly downTimerAdverts: number;
  readonly skipCheckAdvertAddresses: boolean;
  readonly lowerPriorityNoAdvert: boolean;
  readonly higherPrioritySendAdvert: boolean;
  readonly ownerIgnoreAdverts: boolean;
  readonly strict: boolean;
  readonly accept: boolean;
  readonly trackPrimaryInterface: boolean;
  readonly promoteSecondaries: boolean;
  readonly notify: VrrpNotify;
  readonly smtpAlert: boolean;
  readonly notifyPriorityChanges: boolean;
  /** Shown in dumps. */
  readonly debugLevel?: number;
  /** Adverts go to these peers instead of a multicast group. */
  readonly unicast?: Unicast;
  /** TTL or hop limit of unicast adverts; absent is the kernel's default. */
  readonly unicastTtl?: number;
  readonly checkUnicastSource: boolean;
  readonly unicastFaultNoPeer: boolean;
  /** Words of unicast were given, but no peers: it works by multicast. */
  readonly unicastWithoutPeers?: true;
  /** VRRPv3 unicast checksum of old releases. */
  readonly oldUnicastChecksum: 'detect' | 'always' | 'never';
  /** The VRRPv3 IPv4 checksum leaves out the pseudo header. */
  readonly v3ChecksumAsV2: boolean;
  readonly vrf?: string;
  readonly vmac?: Vmac;
  /** Addresses on other interfaces or of the other family get virtual MACs too. */
  readonly vmacAddresses: boolean;
  /** Adverts leave by the interface below the virtual one. */
  readonly vmacTransmitBase: boolean;
  readonly trackInterfaces: readonly TrackedItem[];
  readonly trackScripts: readonly TrackedItem[];
  readonly trackFiles: readonly TrackedItem[];
  readonly trackProcesses: readonly TrackedItem[];
  readonly trackBfds: readonly TrackedItem[];
  /** The fault state lasts while the configured source address is absent. */
  readonly trackSourceAddress: boolean;
  readonly linkbeatUsePolling: boolean;
  readonly virtualRoutes: readonly Route[];
  readonly virtualRules: readonly RoutingRule[];
  /** lvs_sync_daemon_interface. */
  readonly lvsSyncDaemonInterface?: string;
  /** Highest priority of the others, given which a late timer ends in the backup state; 0 is off. */
  readonly timerExpiredBackup: number;
  /** Repeated announcements on further interfaces; 0 is off. */
  readonly garpExtraInterval: Duration;
  readonly garpExtraAll: boolean;
  /** Bytes; 0 is the kernel's default. */
  readonly kernelReceiveBufferSize: number;
  /** Name of the sync group it belongs to. */
  readonly syncGroup?: string;
  /** The configuration cannot work on this machine: the instance stays in the fault state. */
  readonly configurationFault?: true;
}

/** Gratuitous ARP and unsolicited neighbour advertisement schedule. */
export interface GarpSettings {
  /** From becoming master to the second burst; 0 means no second burst. */
  readonly delay: Duration;
  readonly repeat: number;
  /** Period of the refresh while master; 0 means none. */
  readonly refresh: Duration;
  readonly refreshRepeat: number;
  readonly lowerPriorityDelay: Duration;
  readonly lowerPriorityRepeat: number;
}

export interface VirtualAddress {
  readonly address: IpAddress;
  readonly prefixLength: number;
  /** Interface that carries the address; the instance's own unless `dev` was given. */
  readonly interface: string;
  /** The interface below, where `interface` is a virtual one that is made for the instance. */
  readonly base?: string;
  /** rt_scope number; 0 is global. */
  readonly scope: number;
  readonly broadcast?: IpAddress;
  readonly label?: string;
  readonly peer?: { readonly address: IpAddress; readonly prefixLength: number };
  readonly noDad: boolean;
  /** IFA_F_* bits beyond NODAD: home, mngtmpaddr, noprefixroute, autojoin. */
  readonly flags: number;
  /** Seconds; absent means forever. 0 marks the address deprecated. */
  readonly preferredLifetime?: number;
  readonly noTrack: boolean;
  /** Written as use_vmac: on an interface with the virtual MAC address. */
  readonly useVmac?: true;
}

export interface VrrpNotify {
  readonly master?: ScriptCommand;
  readonly backup?: ScriptCommand;
  readonly fault?: ScriptCommand;
  readonly stop?: ScriptCommand;
  readonly deleted?: ScriptCommand;
  readonly masterRxLowerPriority?: ScriptCommand;
  readonly any?: ScriptCommand;
  /** notify_deleted: report DELETED instead of FAULT when a reload removes the instance. */
  readonly reportDeleted: boolean;
}

export interface Unicast {
  readonly peers: readonly UnicastPeer[];
}

/** One entry of unicast_peer. */
export interface UnicastPeer {
  readonly address: IpAddress;
  readonly minimumTtl: number;
  readonly maximumTtl: number;
}

/** use_vmac or use_ipvlan. */
export interface Vmac {
  readonly kind: 'macvlan' | 'ipvlan';
  /** Name of the interface made. */
  readonly name: string;
  /** The name was made up, not configured. */
  readonly generatedName: boolean;
  /** Six octets; absent is the virtual router's own address (RFC 5798 section 7.3). */
  readonly mac?: Uint8Array;
  /** IFLA_GROUP. */
  readonly linkGroup?: number;
  readonly netlinkNotify: boolean;
  /** Address of an ipvlan with its prefix length. */
  readonly address?: { readonly address: IpAddress; readonly prefixLength: number };
  readonly ipvlanFlags?: 'bridge' | 'private' | 'vepa';
}

/** auth_hmac. */
export interface AuthHmac {
  readonly keys: readonly { readonly id: number; readonly key: Uint8Array }[];
  readonly activeKey: number;
  readonly antiReplay: 'time' | 'monotonic';
  readonly timeWindow: Duration;
  readonly mode: 'enforce' | 'permissive' | 'receive-only';
}

/** vrrp_sync_group. */
export interface SyncGroup {
  readonly name: string;
  /** Names of instances, in the order written. */
  readonly members: readonly string[];
  readonly trackInterfaces: readonly TrackedItem[];
  readonly trackScripts: readonly TrackedItem[];
  readonly trackFiles: readonly TrackedItem[];
  readonly trackProcesses: readonly TrackedItem[];
  readonly trackBfds: readonly TrackedItem[];
  readonly notify: {
    readonly master?: ScriptCommand;
    readonly backup?: ScriptCommand;
    readonly fault?: ScriptCommand;
    readonly stop?: ScriptCommand;
    readonly any?: ScriptCommand;
  };
  readonly smtpAlert: boolean;
  readonly notifyPriorityChanges?: boolean;
  /** sync_group_tracking_weight, once called global_tracking. */
  readonly trackingWeight: boolean;
}

/** track_group: instances that static items follow. */
export interface TrackGroup {
  readonly name: string;
  readonly members: readonly string[];
}

export interface StaticAddress extends VirtualAddress {
  readonly trackGroup?: string;
}

export interface GarpGroup {
  /** Absent leaves the global spacing. */
  readonly garpInterval?: Duration;
  readonly gnaInterval?: Duration;
  readonly interfaces: readonly string[];
}

export interface LinkbeatInterface {
  readonly interface: string;
  readonly method?: 'MII' | 'ETHTOOL' | 'IOCTL';
}

/** interface_up_down_delays: how long a link must hold its new state to be believed. */
export interface InterfaceDelay {
  readonly interface: string;
  readonly down: Duration;
  readonly up: Duration;
}
