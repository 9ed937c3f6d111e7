import type { AddressFamily, IpAddress } from '../lib/ip.ts';
import type { ScriptCommand } from '../lib/script.ts';
import type { Checker, CheckerDefaults } from './types-checker.ts';

/** FNAT is masquerading with the source address translated too, which keepalived does not have. */
export type ForwardingMethod = 'NAT' | 'DR' | 'TUN' | 'FNAT';

/** How TUN encapsulates (linux/ip_vs.h IP_VS_CONN_F_TUNNEL_TYPE_*). */
export interface Tunnel {
  readonly type: 'ipip' | 'gue' | 'gre';
  /** Destination port of GUE. */
  readonly port?: number;
  readonly checksum: 'none' | 'present' | 'remote';
}
export type TransportProtocol = 'TCP' | 'UDP' | 'SCTP';

/** What a service of the kernel is reached by: one address and port, or a firewall mark. */
export type ServiceKey =
  | {
      readonly kind: 'address';
      readonly address: IpAddress;
      readonly port: number;
      readonly protocol: TransportProtocol;
    }
  | { readonly kind: 'fwmark'; readonly fwmark: number; readonly family: AddressFamily };

/** What a virtual server is reached by: one service, or all that a group names. */
export type VirtualServerKey =
  | ServiceKey
  | {
      readonly kind: 'group';
      readonly group: string;
      /** Which of the virtual servers of this group it is, in the order written, from 0. */
      readonly ordinal: number;
      /** Absent when the group has nothing but firewall marks. */
      readonly protocol?: TransportProtocol;
    };

/** virtual_server, complete. */
export interface VirtualServer {
  readonly key: VirtualServerKey;
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
  /** weight: of real servers that have none of their own. */
  readonly defaultWeight?: number;
  readonly checkerDefaults?: CheckerDefaults;
  readonly tunnel?: Tunnel;
  readonly haSuspend: boolean;
  readonly snmpName?: string;
  /** local_address: what FNAT gives packets as their source, first and last address of each range. */
  readonly localAddresses?: readonly AddressRange[];
}

export interface AddressRange {
  readonly first: IpAddress;
  readonly last: IpAddress;
}

/** virtual_server_group. */
export interface VirtualServerGroup {
  readonly name: string;
  /** In the order written. */
  readonly entries: readonly VirtualServerGroupEntry[];
}

export type VirtualServerGroupEntry =
  | ({ readonly kind: 'range'; readonly port: number } & AddressRange)
  | { readonly kind: 'fwmark'; readonly fwmark: number; readonly family?: AddressFamily };

/** SSL: client certificate of SSL_GET. */
export interface SslSettings {
  readonly password?: string;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** lvs_sync_daemon. */
export interface LvsSyncDaemon {
  readonly interface: string;
  /** The instance whose state decides between master and backup daemon; without one both run. */
  readonly instance?: string;
  /** The instance itself asks for it (lvs_sync_daemon_interface), not global_defs. */
  readonly ofInstance?: true;
  readonly id?: number;
  /** Longest datagram in bytes. */
  readonly maximumLength?: number;
  readonly port?: number;
  readonly ttl?: number;
  readonly group?: IpAddress;
  /**
   * The process that runs it, as the parent tells its children; absent elsewhere, and where none does.
   *
   * @hidden no part of the published schema
   */
  readonly keeper?: 'vrrp' | 'checker';
}

export interface SorryServer {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwardingMethod: ForwardingMethod;
  readonly tunnel?: Tunnel;
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
  readonly tunnel?: Tunnel;
  readonly snmpName?: string;
}
