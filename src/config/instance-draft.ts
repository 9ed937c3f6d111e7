import type { AddressLine } from '../../grammar/address-line.ts';
import type { ExtraAnnouncements } from '../../grammar/blocks/global/garp.ts';
import type { TrackEntry } from '../../grammar/blocks/vrrp/tracking.ts';
import type { UnicastPeerLine } from '../../grammar/blocks/vrrp/unicast.ts';
import type { VirtualInterfaceLine } from '../../grammar/blocks/vrrp/virtual-interface.ts';
import type { ConfigClass } from '../lib/diagnostic.ts';
import { type Duration, seconds } from '../lib/duration.ts';
import { type AddressFamily, addressFamily, type IpAddress } from '../lib/ip.ts';
import type { InterfaceFacts } from './environment.ts';
import type { RawInstance, RawSyncGroup } from './raw.ts';
import type { TrackedDefaults } from './resolve-tracking.ts';
import type { AuthHmac, GlobalConfig, GlobalDefaults, TrackedItem, VrrpInstance } from './types.ts';

/** The track_* blocks of an instance or a group. */
export interface TrackedLists {
  trackInterfaces: readonly TrackedItem[];
  trackScripts: readonly TrackedItem[];
  trackFiles: readonly TrackedItem[];
  trackProcesses: readonly TrackedItem[];
  trackBfds: readonly TrackedItem[];
}

/** An instance on its way from what was written to what is in force. Rules change it in keepalived's order. */
export interface InstanceDraft extends TrackedLists {
  readonly raw: RawInstance;
  readonly name: string;
  /** Empty where none was named. */
  readonly interface: string;
  /** The interface as it is now, if it exists. */
  readonly facts: InterfaceFacts | undefined;
  /** The sync group it belongs to. */
  readonly group: RawSyncGroup | undefined;
  readonly inherited: InheritedSettings;
  family: AddressFamily;
  version: 2 | 3;
  strict: boolean;
  priority: number;
  wantsMaster: boolean;
  authentication: VrrpInstance['authentication'];
  authHmac: AuthHmac | undefined;
  preempt: boolean;
  preemptDelay: Duration;
  advertisementInterval: Duration;
  downTimerAdverts: number;
  timerExpiredBackup: number;
  accept: boolean;
  lowerPriorityDelay: Duration;
  lowerPriorityRepeat: number;
  lowerPriorityNoAdvert: boolean;
  higherPrioritySendAdvert: boolean;
  ownerIgnoreAdverts: boolean;
  sourceAddress: IpAddress | undefined;
  trackSourceAddress: boolean;
  /** Absent when adverts are multicast. */
  peers: readonly UnicastPeerLine[] | undefined;
  unicastTtl: number | undefined;
  multicastGroup: IpAddress | undefined;
  vrf: string | undefined;
  virtualInterface: VirtualInterfaceLine | undefined;
  /** The name it will have, made up or configured. */
  virtualName: string | undefined;
  /** The virtual interfaces that are made for single addresses, or that those share, once they are named. */
  carriers: ReadonlyMap<AddressLine, VirtualCarrier>;
  vmacAddresses: boolean;
  vmacTransmitBase: boolean;
  promoteSecondaries: boolean;
  extra: ExtraAnnouncements;
  addresses: readonly AddressLine[];
  excluded: readonly AddressLine[];
  configurationFault: boolean;
}

/** A virtual interface that carries an address. */
export interface VirtualCarrier {
  readonly interface: string;
  readonly base: string;
}

/** What global_defs says for instances that do not say it themselves. */
export interface InheritedSettings {
  readonly extra: ExtraAnnouncements;
  readonly checkUnicastSource: boolean;
  readonly v3ChecksumAsV2: boolean;
}

export interface RuleContext {
  readonly global: GlobalConfig;
  readonly defaults: GlobalDefaults;
  readonly inherited: InheritedSettings;
  readonly tracked: TrackedDefaults;
  interfaceFacts(name: string): InterfaceFacts | undefined;
  /** A private macvlan on `base` with the MAC address that is not of our making. */
  foundMacvlan(base: string, mac: string): string | undefined;
  /** The interface of this name, if there is none yet, will be of our making. */
  claimInterface(name: string): void;
  /** With --log-detail, which tells of more. */
  readonly detailed: boolean;
  report(problem: ConfigClass, message: string): void;
  log(message: string): void;
  /** The whole of VRRP gives up. */
  fatal(message: string): void;
}

export type InstanceRule = (draft: InstanceDraft, context: RuleContext) => void;

export function draftInstance(raw: RawInstance, group: RawSyncGroup | undefined, context: RuleContext): InstanceDraft {
  const { defaults, global, tracked } = context;
  const source = raw.unicast_src_ip ?? raw.mcast_src_ip;
  return {
    raw,
    name: raw.name,
    interface: raw.interface ?? '',
    facts: raw.interface === undefined ? undefined : context.interfaceFacts(raw.interface),
    group,
    inherited: context.inherited,
    family: raw.native_ipv6 || firstFamily(raw) === 6 ? 6 : 4,
    version: (raw.version ?? global.vrrpVersion) as 2 | 3,
    strict: raw.strict_mode ?? defaults.strict,
    priority: raw.priority ?? 0,
    wantsMaster: raw.state === 'MASTER',
    authentication: { type: 'none' },
    authHmac: undefined,
    preempt: raw.nopreempt !== true,
    preemptDelay: raw.preempt_delay ?? seconds(0),
    advertisementInterval: raw.advert_int ?? seconds(1),
    downTimerAdverts: raw.down_timer_adverts ?? defaults.downTimerAdverts,
    timerExpiredBackup: raw.timer_expired_backup ?? 0,
    accept: false,
    lowerPriorityDelay: defaults.garp.lowerPriorityDelay,
    lowerPriorityRepeat: defaults.garp.lowerPriorityRepeat,
    lowerPriorityNoAdvert: defaults.lowerPriorityNoAdvert,
    higherPrioritySendAdvert: defaults.higherPrioritySendAdvert,
    ownerIgnoreAdverts: false,
    sourceAddress: source,
    trackSourceAddress: raw.track_src_ip ?? false,
    peers: undefined,
    unicastTtl: raw.unicast_ttl,
    multicastGroup: raw.mcast_dst_ip,
    vrf: raw.vrf,
    virtualInterface: raw.use_vmac ?? raw.use_ipvlan,
    virtualName: undefined,
    carriers: new Map(),
    vmacAddresses: raw.use_vmac_addr ?? false,
    vmacTransmitBase: raw.vmac_xmit_base ?? false,
    promoteSecondaries: raw.promote_secondaries ?? false,
    extra: raw.garp_extra_if ?? context.inherited.extra,
    ...trackedLists(raw, tracked),
    addresses: raw.virtual_ipaddress ?? [],
    excluded: raw.virtual_ipaddress_excluded ?? [],
    configurationFault: false,
  };
}

/** The first word that has a family decides; afterwards all agree. */
function firstFamily(raw: RawInstance): AddressFamily | undefined {
  const address =
    raw.virtual_ipaddress?.[0]?.address ??
    raw.unicast_src_ip ??
    raw.mcast_src_ip ??
    raw.unicast_peer?.[0]?.address ??
    raw.mcast_dst_ip;
  return address === undefined ? undefined : addressFamily(address);
}

interface TrackBlocks {
  readonly track_interface?: readonly TrackEntry[];
  readonly track_script?: readonly TrackEntry[];
  readonly track_file?: readonly TrackEntry[];
  readonly track_process?: readonly TrackEntry[];
  readonly track_bfd?: readonly TrackEntry[];
}

/** What is tracked, each with the weight in force: its own, else that of the item. */
export function trackedLists(raw: TrackBlocks, defaults: TrackedDefaults): TrackedLists {
  const items = (entries: readonly TrackEntry[] | undefined, known: TrackedDefaults[keyof TrackedDefaults]) =>
    (entries ?? []).flatMap(({ name, weight, reverse }): TrackedItem[] => {
      const item = known.get(name);
      if (!item) return [];
      return [{ name, weight: weight ?? item.weight, reverse: reverse ?? item.reverse }];
    });
  return {
    trackInterfaces: (raw.track_interface ?? []).map(({ name, weight = 0, reverse = false }) => ({
      name,
      weight,
      reverse,
    })),
    trackScripts: items(raw.track_script, defaults.scripts),
    trackFiles: items(raw.track_file, defaults.files),
    trackProcesses: items(raw.track_process, defaults.processes),
    trackBfds: items(raw.track_bfd, defaults.bfds),
  };
}
