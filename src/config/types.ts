import type { Duration } from '../lib/duration.ts';
import type { AddressFamily, IpAddress } from '../lib/ip.ts';
import type { ScriptCommand } from '../lib/script.ts';

/**
 * The effective configuration: every default resolved, every cross check applied. Plain frozen data, so that it can
 * be sent to another process. Absent optional values are left out, never null.
 */
export interface Config {
  readonly global: GlobalConfig;
  readonly instances: readonly VrrpInstance[];
  readonly virtualServers: readonly VirtualServer[];
}

/** global_defs. */
export interface GlobalConfig {
  readonly routerId: string;
  readonly email?: EmailSettings;
  readonly notifyFifo?: NotifyFifo;
  readonly vrrpNotifyFifo?: NotifyFifo;
  readonly lvsNotifyFifo?: NotifyFifo;
  readonly vrrpVersion: 2 | 3;
  readonly vrrpMulticastGroup4: IpAddress;
  /** Minimum spacing of gratuitous ARP frames on an interface; 0 means none. */
  readonly garpInterval: Duration;
  readonly gnaInterval: Duration;
  readonly startupDelay: Duration;
  readonly notifyPriorityChanges: boolean;
  readonly logUnknownVrids: boolean;
  readonly lvsFlush: boolean;
  readonly lvsFlushOnStop: 'off' | 'services' | 'all';
  readonly checkerLogAllFailures: boolean;
  readonly rsInitNotifies: boolean;
  readonly childWaitTime: Duration;
  readonly enableScriptSecurity: boolean;
  readonly scriptUser?: { readonly uid: number; readonly gid: number };
  readonly startupScript?: TimedScript;
  readonly shutdownScript?: TimedScript;
  readonly processNames: {
    readonly parent?: string;
    readonly vrrp?: string;
    readonly checker?: string;
    readonly bfd?: string;
  };
  readonly instanceName?: string;
  readonly netNamespace?: string;
  /** File creation mask, octal 0177 unless configured. */
  readonly umask: number;
  /** Settings that instances and servers have already taken over, and those that only dumps and the parent need. */
  readonly defaults?: GlobalDefaults;
}

/** What global_defs gave to those that set nothing themselves. */
export interface GlobalDefaults {
  readonly smtpAlert?: boolean;
  readonly smtpAlertVrrp?: boolean;
  readonly smtpAlertChecker?: boolean;
  /** Mails for entering the fault state. */
  readonly emailFaults: boolean;
  /** Mails for each checker, not only for its real server. */
  readonly checkerEmails: boolean;
  readonly strict: boolean;
  readonly skipCheckAdvertAddresses: boolean;
  readonly lowerPriorityNoAdvert: boolean;
  readonly higherPrioritySendAdvert: boolean;
  readonly ownerIgnoreAdverts: boolean;
  readonly downTimerAdverts: number;
  readonly multicastGroup6: IpAddress;
  readonly garp: GarpSettings;
  /** Whether interfaces may be missing, or even change their kind. */
  readonly dynamicInterfaces: 'off' | 'missing' | 'changeable';
  /** default_interface. */
  readonly interface?: string;
  /** Highest real-time priority that late timers may raise to; -1 turns that off. */
  readonly maxAutoPriority: number;
  /** Lateness of a timer, in microseconds, that raises the priority. */
  readonly minAutoPriorityDelay: number;
  readonly useSymlinkPaths: boolean;
  /** Whole seconds. */
  readonly lvsTimeouts?: { readonly tcp?: number; readonly tcpfin?: number; readonly udp?: number };
  /** script_user by name, where the configuration names one. */
  readonly scriptUser?: { readonly user: string; readonly group?: string };
  /** Pid files stand in a directory of their own. */
  readonly pidDirectory: boolean;
}

export interface EmailSettings {
  readonly from: string;
  readonly to: readonly string[];
  readonly server?: { readonly host: string; readonly port: number };
  readonly heloName: string;
  readonly connectTimeout: Duration;
}

export interface NotifyFifo {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  /** Its owner by name, where the configuration names one. */
  readonly user?: string;
  readonly group?: string;
  readonly script?: ScriptCommand;
}

export interface TimedScript {
  readonly command: ScriptCommand;
  readonly timeout: Duration;
}

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
  readonly authentication: { readonly type: 'none' } | { readonly type: 'pass'; readonly password: string };
  /** Configured source address of adverts; otherwise the interface's first address. */
  readonly sourceAddress?: IpAddress;
  readonly multicastGroup: IpAddress;
  readonly virtualAddresses: readonly VirtualAddress[];
  readonly excludedAddresses: readonly VirtualAddress[];
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

export type ForwardingMethod = 'NAT' | 'DR' | 'TUN';
export type TransportProtocol = 'TCP' | 'UDP' | 'SCTP';

/** What a virtual server is reached by: one address and port, or a firewall mark. */
export type ServiceKey =
  | {
      readonly kind: 'address';
      readonly address: IpAddress;
      readonly port: number;
      readonly protocol: TransportProtocol;
    }
  | { readonly kind: 'fwmark'; readonly fwmark: number; readonly family: AddressFamily };

/** virtual_server, complete. */
export interface VirtualServer {
  readonly key: ServiceKey;
  readonly family: AddressFamily;
  readonly scheduler: string;
  /** IP_VS_SVC_F_* bits of the scheduler and one-packet options (linux/ip_vs.h). */
  readonly flags: number;
  readonly forwardingMethod: ForwardingMethod;
  /** Seconds; 0 means not persistent. */
  readonly persistenceTimeout: number;
  /** IPv4 netmask as an address (255.255.255.255 default), or IPv6 prefix length (128 default). */
  readonly persistenceGranularity: IpAddress | number;
  readonly persistenceEngine?: string;
  readonly quorum: number;
  readonly hysteresis: number;
  readonly quorumUp?: ScriptCommand;
  readonly quorumDown?: ScriptCommand;
  readonly alpha: boolean;
  readonly omega: boolean;
  readonly smtpAlert: boolean;
  readonly virtualHost?: string;
  readonly sorryServer?: SorryServer;
  readonly realServers: readonly RealServer[];
  readonly checkerDefaults?: CheckerDefaults;
}

/** What a virtual or real server set for its checkers, which have already taken it over; kept for dumps. */
export interface CheckerDefaults {
  readonly connectTimeout: Duration;
  readonly delayLoop: Duration;
  readonly retry?: number;
  readonly delayBeforeRetry?: Duration;
  readonly warmup?: Duration;
  readonly inhibitOnFailure: boolean;
}

export interface SorryServer {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwardingMethod: ForwardingMethod;
  readonly inhibitOnFailure: boolean;
}

export interface RealServer {
  readonly address: IpAddress;
  readonly port: number;
  readonly weight: number;
  readonly forwardingMethod: ForwardingMethod;
  readonly inhibitOnFailure: boolean;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  readonly alpha: boolean;
  readonly smtpAlert: boolean;
  readonly notifyUp?: ScriptCommand;
  readonly notifyDown?: ScriptCommand;
  readonly virtualHost?: string;
  readonly checkers: readonly Checker[];
  readonly checkerDefaults?: CheckerDefaults;
}

/** Timing that every checker has; the checker's own value, else the real server's, else the virtual server's. */
export interface CheckerSchedule {
  readonly delayLoop: Duration;
  readonly warmup: Duration;
  readonly retry: number;
  readonly delayBeforeRetry: Duration;
  readonly alpha: boolean;
  readonly logAllFailures: boolean;
}

/** Where and how a checker connects. */
export interface CheckerConnection {
  readonly address: IpAddress;
  readonly port: number;
  readonly connectTimeout: Duration;
  readonly bindAddress?: IpAddress;
  readonly bindPort?: number;
  readonly bindInterface?: string;
  readonly fwmark?: number;
}

export type Checker = TcpChecker | HttpChecker;

export interface TcpChecker {
  readonly kind: 'TCP_CHECK';
  readonly schedule: CheckerSchedule;
  readonly connection: CheckerConnection;
}

export interface HttpChecker {
  readonly kind: 'HTTP_GET';
  readonly schedule: CheckerSchedule;
  readonly connection: CheckerConnection;
  readonly httpProtocol: '1.0' | '1.0C' | '1.1';
  readonly virtualHost?: string;
  readonly fastRecovery: boolean;
  readonly urls: readonly HttpUrl[];
}

export interface HttpUrl {
  readonly path: string;
  /** Lower-case hexadecimal MD5 of the body. */
  readonly digest?: string;
  /** Inclusive ranges. */
  readonly statusCodes: readonly (readonly [number, number])[];
  readonly virtualHost?: string;
}
