import type {
  GarpGroup,
  LinkbeatInterface,
  InterfaceDelay,
  StaticAddress,
  SyncGroup,
  TrackGroup,
  VrrpInstance,
} from './types-vrrp.ts';
import type { GlobalConfig } from './types-global.ts';
import type { StaticRoute, StaticRule } from './types-route.ts';
import type { SslSettings, VirtualServer, VirtualServerGroup } from './types-server.ts';
import type { BfdInstance, TrackFile, TrackProcess, VrrpScript } from './types-track.ts';

/**
 * The effective configuration: every default resolved, every cross check applied. Plain frozen data, so that it can
 * be sent to another process. Absent optional values are left out, never null.
 */
export interface Config {
  readonly global: GlobalConfig;
  readonly instances: readonly VrrpInstance[];
  readonly syncGroups: readonly SyncGroup[];
  readonly scripts: readonly VrrpScript[];
  readonly trackProcesses: readonly TrackProcess[];
  readonly trackFiles: readonly TrackFile[];
  readonly bfdInstances: readonly BfdInstance[];
  readonly trackGroups: readonly TrackGroup[];
  readonly staticAddresses: readonly StaticAddress[];
  readonly staticRoutes: readonly StaticRoute[];
  readonly staticRules: readonly StaticRule[];
  readonly garpGroups: readonly GarpGroup[];
  readonly linkbeatInterfaces: readonly LinkbeatInterface[];
  readonly interfaceDelays: readonly InterfaceDelay[];
  readonly virtualServers: readonly VirtualServer[];
  readonly virtualServerGroups: readonly VirtualServerGroup[];
  readonly ssl?: SslSettings;
}

export type * from './types-checker.ts';
export type * from './types-global.ts';
export type * from './types-route.ts';
export type * from './types-server.ts';
export type * from './types-track.ts';
export type * from './types-vrrp.ts';
