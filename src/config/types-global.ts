import type { Duration } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { ScriptCommand } from '../lib/script.ts';
import type { GarpSettings } from './types-vrrp.ts';
import type { LvsSyncDaemon } from './types-server.ts';

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
  /** Whose rights scripts have that name no user, in the processes where that matters. */
  readonly scriptUsers: { readonly parent?: ScriptUser; readonly vrrp?: ScriptUser; readonly checker?: ScriptUser };
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
  readonly processes: {
    readonly vrrp: ProcessSettings;
    readonly checker: ProcessSettings;
    readonly bfd: ProcessSettings;
  };
  readonly lvsSyncDaemon?: LvsSyncDaemon;
  /** Whole seconds; absent leaves the kernel's. */
  readonly lvsTimeouts?: { readonly tcp?: number; readonly tcpfin?: number; readonly udp?: number };
  /** FNAT's source addresses for virtual servers that name none. */
  readonly localAddresses?: readonly { readonly first: IpAddress; readonly last: IpAddress }[];
  /** Absent: no packet filter is configured; an instance that needs one still switches nftables on. */
  readonly nftables?: { readonly table: string; readonly priority: number; readonly matchIfindex: boolean };
  readonly nftablesCounters: boolean;
  readonly nftablesIpvs?: { readonly table: string; readonly priority: number; readonly startFwmark: number };
  readonly iptables?: { readonly inputChain: string; readonly outputChain?: string };
  /** Set names: addresses, IPv6 addresses, address and interface, IGMP, MLD, neighbour discovery. */
  readonly ipsets?: readonly string[];
  readonly disableLocalIgmp: boolean;
  readonly setSupplementaryGroups: boolean;
  readonly fifoWriteVrrpStatesOnReload: boolean;
  readonly delayAfterBoot: Duration;
  readonly vmacPrefix: string;
  readonly vmacAddressPrefix: string;
  readonly randomSeed?: number;
  readonly linkbeatUsePolling: boolean;
  /** Empty is the main one; absent is that of the daemon. */
  readonly netNamespaceIpvs?: string;
  readonly namespaceWithIpsets: boolean;
  /** Bytes of netlink and other receive buffers; absent or 0 leaves the kernel's. */
  readonly receiveBuffers: ReceiveBuffers;
  readonly snmp: SnmpSettings;
  readonly dbus?: { readonly serviceName: string; readonly noInterfaceName?: string };
  readonly reload: ReloadSettings;
  readonly dumps: DumpSettings;
  readonly iprouteUsrDirectory?: string;
  readonly iprouteEtcDirectory?: string;
  /** Ours: addresses, routes and rules that somebody removes are put back at once. */
  readonly vrrpRestoreAddresses: boolean;
  /** Ours: services that somebody changes are put right at once. */
  readonly lvsRestoreServices: boolean;
  /** Ours: identical checks of one server share their connection. */
  readonly shareChecks: boolean;
  /** Settings that instances and servers have already taken over, and those that only dumps and the parent need. */
  readonly defaults: GlobalDefaults;
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
  /** As configured: what is absent follows `garp.delay` and `garp.repeat`, which only the VRRP process works out. */
  readonly garpLowerPriority: { readonly delay?: Duration; readonly repeat?: number };
  /** Announcements on further interfaces; an interval of 0 is off. */
  readonly garpExtra: { readonly interval: Duration; readonly all: boolean };
  readonly checkUnicastSource: boolean;
  readonly v3ChecksumAsV2: boolean;
  /** Whether interfaces may be missing, or even change their kind. */
  readonly dynamicInterfaces: 'off' | 'missing' | 'changeable';
  /** default_interface. */
  readonly interface?: string;
  /** Highest real-time priority that late timers may raise to; -1 turns that off. */
  readonly maxAutoPriority: number;
  /** Lateness of a timer, in microseconds, that raises the priority. */
  readonly minAutoPriorityDelay: number;
  readonly useSymlinkPaths: boolean;
  /** script_user by name, where the configuration names one. */
  readonly scriptUser?: { readonly user: string; readonly group?: string };
  /** Pid files stand in a directory of their own. */
  readonly pidDirectory: boolean;
}

export interface ScriptUser {
  readonly uid: number;
  readonly gid: number;
  readonly supplementaryGroups?: readonly number[];
}

export interface EmailSettings {
  /** Given, or where there is a server. */
  readonly from?: string;
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

/** Scheduling of one process. */
export interface ProcessSettings {
  /** Nice value, -20 to 19. */
  readonly priority?: number;
  /** SCHED_RR priority; absent is not real-time. */
  readonly realtimePriority?: number;
  readonly noSwap: boolean;
  readonly cpuAffinity?: readonly number[];
  /** Microseconds (RLIMIT_RTTIME). */
  readonly realtimeLimit?: number;
}

export interface ReceiveBuffer {
  readonly bytes?: number;
  readonly force: boolean;
}

export interface ReceiveBuffers {
  readonly vrrpCommand: ReceiveBuffer;
  readonly vrrpMonitor: ReceiveBuffer;
  readonly lvsCommand: ReceiveBuffer;
  readonly lvsMonitor: ReceiveBuffer;
  readonly processMonitor: ReceiveBuffer;
  /** How the sockets of VRRP are sized. */
  readonly vrrpPolicy?: { readonly mtu: boolean; readonly advert: boolean; readonly bytes?: number };
  readonly vrrpMultiplier: number;
}

export interface SnmpSettings {
  readonly socket?: string;
  readonly traps: boolean;
  readonly vrrp: boolean;
  readonly checker: boolean;
  readonly rfcV2: boolean;
  readonly rfcV3: boolean;
  readonly virtualServerInterval: Duration;
  readonly realServerInterval: Duration;
}

export interface ReloadSettings {
  /** reload_check_config: where a test's output goes; absent makes no test. */
  readonly checkOutput?: string;
  readonly timeFile?: string;
  readonly timeRepeat: boolean;
  /** A file that exists while the configuration is read. */
  readonly marker?: string;
}

export interface DumpSettings {
  readonly statePath?: string;
  readonly statisticsPath?: string;
  readonly jsonPath?: string;
  readonly useInstance: boolean;
  readonly jsonVersion: 1 | 2;
  readonly saveDirectory?: string;
  readonly temporaryDirectory?: string;
}
