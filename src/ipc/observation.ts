import type { AddressFamily, IpAddress } from '../lib/ip.ts';
import type { VirtualServerKey } from '../config/types.ts';
import type { AuthenticationError, NewMasterReason, ProtocolError, ShownState, ToldState } from '../lib/vrrp-words.ts';

/** For those who watch from outside, by D-Bus, SNMP or `evenkeel status`: a new state of an instance or of a sync group. */
export interface ChangeEvent {
  readonly type: 'changed';
  readonly object: 'instance' | 'group';
  readonly name: string;
  readonly state: ToldState;
  /** Of an instance that became master. */
  readonly newMaster?: NewMaster;
}

/** How the MIBs name a virtual router; the interface is the one below a virtual one. */
export interface RouterIndex {
  readonly version: 2 | 3;
  readonly family: AddressFamily;
  readonly virtualRouterId: number;
  readonly interfaceIndex: number;
}

export interface NewMaster extends RouterIndex {
  readonly sourceAddress?: IpAddress;
  readonly reason: NewMasterReason | 'notMaster';
}

/** A packet was refused for a reason that there is a trap for. */
export interface RefusalEvent extends RouterIndex {
  readonly type: 'refused';
  readonly from: IpAddress;
  readonly reason: ProtocolError | AuthenticationError;
}

/** A real server changed its state, or a virtual server its quorum. */
export interface ServiceChangeEvent {
  readonly type: 'serviceChanged';
  readonly key: VirtualServerKey;
  readonly family: AddressFamily;
  readonly quorum: number;
  /** Real servers that are up after it, and all of them. */
  readonly serversUp: number;
  readonly servers: number;
  readonly change:
    | { readonly object: 'realServer'; readonly address: IpAddress; readonly port: number; readonly up: boolean }
    | { readonly object: 'quorum'; readonly status: 'met' | 'notMet' | 'shutdown' };
}

/** What only the VRRP process knows of an instance. */
export interface InstanceSurvey {
  readonly name: string;
  readonly state: ShownState;
  readonly wantedState: ShownState;
  /** As set over SNMP, otherwise as configured. */
  readonly basePriority: number;
  readonly preempt: boolean;
  readonly effectivePriority: number;
  /** Wall time in microseconds of the last change of state; absent before the first. */
  readonly changedAt?: number;
  /** What keeps it from working, as the process names it: `interfaceDown`, `script NAME`. */
  readonly faults: readonly string[];
  /** Tracked scripts whose first result is awaited. */
  readonly scriptsAwaited: number;
  /** Of the last master heard. */
  readonly masterPriority: number;
  /** The last master heard, and the address our adverts leave with. */
  readonly masterAddress?: IpAddress;
  readonly sourceAddress?: IpAddress;
  readonly interfaceIndex: number;
  /** Address of the interface that adverts leave by. */
  readonly mac?: Uint8Array;
  readonly holdsAddresses: boolean;
  /** Wall time in microseconds when it first was backup or master; absent while it is neither. */
  readonly workingSince?: number;
  readonly newMasterReason: NewMasterReason | 'notMaster';
  readonly protocolError: ProtocolError | 'noError';
  readonly statistics: Readonly<Record<string, number>>;
}

export type ScriptStanding = 'init' | 'initFailed' | 'good' | 'bad';

/** What SNMP and `evenkeel status` show of the VRRP process and the configuration does not say; objects by their names. */
export interface VrrpSurvey {
  readonly type: 'survey';
  /** Wall time in microseconds. */
  readonly startedAt: number;
  readonly instances: readonly InstanceSurvey[];
  readonly groups: readonly { readonly name: string; readonly state: ShownState }[];
  /** Index of each interface. */
  readonly interfaces: Readonly<Record<string, number>>;
  readonly scripts: Readonly<Record<string, ScriptStanding>>;
  readonly files: Readonly<Record<string, number>>;
  /** Whether the session is up. */
  readonly bfds: Readonly<Record<string, boolean>>;
  readonly processes: Readonly<Record<string, { readonly current: number; readonly haveQuorum: boolean }>>;
}

/** What has gone through a service or a destination; rates are per second. */
export interface TrafficSurvey {
  readonly connections: bigint;
  readonly incomingPackets: bigint;
  readonly outgoingPackets: bigint;
  readonly incomingBytes: bigint;
  readonly outgoingBytes: bigint;
  readonly connectionRate: bigint;
  readonly incomingPacketRate: bigint;
  readonly outgoingPacketRate: bigint;
  readonly incomingByteRate: bigint;
  readonly outgoingByteRate: bigint;
}

export interface DestinationSurvey extends TrafficSurvey {
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  readonly persistentConnections: number;
}

export interface CheckSurvey {
  readonly up: boolean;
  readonly hasRun: boolean;
  /** What was wrong at the last attempt. */
  readonly trouble?: string;
}

export interface RealServerSurvey {
  readonly alive: boolean;
  readonly weight: number;
  readonly failedCheckers: number;
  /** Checkers that have not run yet. */
  readonly uncheckedCheckers: number;
  /** In the order of the configuration. */
  readonly checks: readonly CheckSurvey[];
  readonly traffic?: DestinationSurvey;
}

export interface ServiceSurvey {
  readonly quorumUp: boolean;
  /** The sorry server stands in for the real servers. */
  readonly sorryActive: boolean;
  readonly traffic?: TrafficSurvey;
  readonly sorryServer?: { readonly traffic?: DestinationSurvey };
  /** In the order of the configuration. */
  readonly realServers: readonly RealServerSurvey[];
}

/** What SNMP and `evenkeel status` show of the checker process; virtual servers in the order of the configuration. */
export interface CheckerSurvey {
  readonly type: 'checkerSurvey';
  readonly services: readonly ServiceSurvey[];
}

/** What the process does is to be shown by SNMP. */
export interface ShownEvent {
  readonly type: 'shown';
}

/** What a child tells those who watch from outside. */
export type Observation = ShownEvent | ChangeEvent | RefusalEvent | ServiceChangeEvent | VrrpSurvey | CheckerSurvey;

/** The processes in whose name keepalived speaks to the SNMP master agent. */
export type ObservedRole = 'vrrp' | 'checker';

/** What those who watch from outside ask of a child. */
export type ObserverRequest =
  | { readonly type: 'announce'; readonly instance: string }
  /** Answer with a survey; `traffic`: that of virtual and real servers is wanted, too. */
  | { readonly type: 'survey'; readonly traffic: boolean }
  | AdjustRequest
  | WeighRequest;

/** Until the next reload an instance has another base priority, or preempts or not. */
export interface AdjustRequest {
  readonly type: 'adjust';
  readonly instance: string;
  readonly priority?: number;
  readonly preempt?: boolean;
}

/** Until the next reload a real server has another weight; both servers by their place, from 0. */
export interface WeighRequest {
  readonly type: 'weigh';
  readonly virtualServer: number;
  readonly realServer: number;
  readonly weight: number;
}
