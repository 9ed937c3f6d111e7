import type { AddressLine } from '../../grammar/address-line.ts';
import { addressFamily, hostLength, type IpAddress } from '../lib/ip.ts';
import { addressFlag } from '../lib/routing-numbers.ts';
import type { InstanceDraft, RuleContext } from './instance-draft.ts';
import type { RawInstance } from './raw.ts';
import type { Scripts } from './scripts.ts';
import { type AddressCarrier, carrierOf } from './virtual-carriers.ts';
import type { GarpSettings, VirtualAddress, Vmac, VrrpInstance, VrrpNotify } from './types.ts';

/** What an instance has once every rule was applied to it. */
export function finishInstance(draft: InstanceDraft, context: RuleContext, notify: VrrpNotify): VrrpInstance {
  const { raw } = draft;
  const { global, defaults } = context;
  const lvsSyncDaemonInterface = syncDaemonInterface(draft, context);
  return {
    name: draft.name,
    version: draft.version,
    family: draft.family,
    interface: draft.interface,
    virtualRouterId: raw.virtual_router_id as number,
    priority: draft.priority,
    initialState: draft.wantsMaster ? 'master' : 'backup',
    advertisementInterval: draft.advertisementInterval,
    preempt: draft.preempt,
    preemptDelay: draft.preemptDelay,
    authentication: draft.authentication,
    ...(draft.authHmac && { authHmac: draft.authHmac }),
    ...(draft.sourceAddress !== undefined && { sourceAddress: draft.sourceAddress }),
    trackSourceAddress: draft.trackSourceAddress,
    multicastGroup: draft.multicastGroup as IpAddress,
    ...unicastSettings(draft),
    ...virtualInterfaceSettings(draft),
    virtualAddresses: draft.addresses.map((line) => virtualAddress(line, carrierOf(draft, line))),
    ...(raw.no_virtual_ipaddress && !draft.strict && { mayLackAddresses: true as const }),
    excludedAddresses: draft.excluded.map((line) => virtualAddress(line, carrierOf(draft, line))),
    virtualRoutes: raw.virtual_routes ?? [],
    virtualRules: raw.virtual_rules ?? [],
    garp: garpSettings(draft, defaults.garp),
    garpExtraInterval: draft.extra.interval,
    garpExtraAll: draft.extra.interval > 0 && draft.extra.all,
    downTimerAdverts: draft.downTimerAdverts,
    timerExpiredBackup: draft.timerExpiredBackup,
    skipCheckAdvertAddresses: raw.skip_check_adv_addr ?? defaults.skipCheckAdvertAddresses,
    lowerPriorityNoAdvert: draft.lowerPriorityNoAdvert,
    higherPrioritySendAdvert: draft.higherPrioritySendAdvert,
    ownerIgnoreAdverts: draft.ownerIgnoreAdverts,
    strict: draft.strict,
    accept: draft.accept,
    trackPrimaryInterface: raw.dont_track_primary !== true,
    trackInterfaces: draft.trackInterfaces,
    trackScripts: draft.trackScripts,
    trackFiles: draft.trackFiles,
    trackProcesses: draft.trackProcesses,
    trackBfds: draft.trackBfds,
    linkbeatUsePolling: raw.linkbeat_use_polling ?? false,
    ...(lvsSyncDaemonInterface !== undefined && { lvsSyncDaemonInterface }),
    promoteSecondaries: draft.promoteSecondaries,
    kernelReceiveBufferSize: raw.kernel_rx_buf_size ?? 0,
    notify,
    smtpAlert: raw.smtp_alert ?? defaults.smtpAlertVrrp ?? defaults.smtpAlert ?? false,
    notifyPriorityChanges:
      raw.notify_priority_changes ?? draft.group?.notify_priority_changes ?? global.notifyPriorityChanges,
    ...(draft.group && { syncGroup: draft.group.name }),
    ...(raw.debug !== undefined && raw.debug !== 0 && { debugLevel: raw.debug }),
    ...(draft.configurationFault && { configurationFault: true as const }),
  };
}

/** What global_defs says counts, even where it stands below. */
function syncDaemonInterface({ name, raw }: InstanceDraft, { global, report }: RuleContext): string | undefined {
  const { lvs_sync_daemon_interface: asked } = raw;
  if (asked === undefined || global.lvsSyncDaemon === undefined) return asked;
  const used = global.lvsSyncDaemon.interface;
  report('general-error', `(${name}) lvs_sync_daemon_interface has already been specified as ${used} - ignoring`);
  return undefined;
}

type UnicastSettings = Pick<
  VrrpInstance,
  | 'unicast'
  | 'unicastTtl'
  | 'checkUnicastSource'
  | 'unicastFaultNoPeer'
  | 'unicastWithoutPeers'
  | 'oldUnicastChecksum'
  | 'v3ChecksumAsV2'
  | 'vrf'
>;

function unicastSettings(draft: InstanceDraft): UnicastSettings {
  const { raw, peers, unicastTtl, vrf, inherited } = draft;
  return {
    ...(peers && {
      unicast: {
        peers: peers.map(({ address, minimumTtl = 0, maximumTtl = 255 }) => ({ address, minimumTtl, maximumTtl })),
      },
    }),
    ...(unicastTtl !== undefined && { unicastTtl }),
    checkUnicastSource: peers !== undefined && (raw.check_unicast_src ?? inherited.checkUnicastSource),
    unicastFaultNoPeer: raw.unicast_fault_no_peer ?? false,
    ...(raw.unicast && peers === undefined && { unicastWithoutPeers: true as const }),
    oldUnicastChecksum: raw.old_unicast_checksum ?? 'detect',
    v3ChecksumAsV2: raw.v3_checksum_as_v2 ?? inherited.v3ChecksumAsV2,
    ...(vrf !== undefined && { vrf }),
  };
}

function virtualInterfaceSettings(
  draft: InstanceDraft,
): Pick<VrrpInstance, 'vmac' | 'vmacAddresses' | 'vmacTransmitBase'> {
  const { virtualInterface: line, virtualName: name, vmacAddresses, vmacTransmitBase } = draft;
  const settings = { vmacAddresses, vmacTransmitBase };
  if (!line || name === undefined) return settings;
  const vmac: Vmac = {
    kind: line.kind,
    name,
    generatedName: line.name === undefined,
    ...(line.mac && { mac: Uint8Array.from(line.mac) }),
    ...(line.group !== undefined && { linkGroup: line.group }),
    netlinkNotify: line.netlinkNotify ?? false,
    ...(line.address && { address: line.address }),
    ...(line.kind === 'ipvlan' && { ipvlanFlags: line.mode ?? 'bridge' }),
  };
  return { vmac, ...settings };
}

function garpSettings(draft: InstanceDraft, defaults: GarpSettings): GarpSettings {
  const { raw } = draft;
  return {
    delay: raw.garp_master_delay ?? defaults.delay,
    repeat: raw.garp_master_repeat ?? defaults.repeat,
    refresh: raw.garp_master_refresh ?? defaults.refresh,
    refreshRepeat: raw.garp_master_refresh_repeat ?? defaults.refreshRepeat,
    lowerPriorityDelay: draft.lowerPriorityDelay,
    lowerPriorityRepeat: draft.lowerPriorityRepeat,
  };
}

export function virtualAddress(line: AddressLine, carrier: AddressCarrier): VirtualAddress {
  const ipv6 = addressFamily(line.address) === 6;
  // A host address is never to be chosen as a source: it is added as deprecated (IPv6 only).
  const lifetime = line.preferredLifetime ?? (ipv6 && line.prefixLength === 128 ? 0 : 'forever');
  const flags =
    (line.home ? addressFlag.home : 0) |
    (line.mngtmpaddr ? addressFlag.mngtmpaddr : 0) |
    (line.noprefixroute ? addressFlag.noprefixroute : 0) |
    (line.autojoin ? addressFlag.autojoin : 0);
  return {
    address: line.address,
    prefixLength: line.prefixLength,
    ...carrier,
    scope: line.scope ?? 0,
    ...(line.broadcast !== undefined && { broadcast: line.broadcast }),
    ...(line.label !== undefined && { label: line.label }),
    ...(line.peer !== undefined && { peer: { address: line.peer, prefixLength: hostLength(line.peer) } }),
    noDad: ipv6 && line.detectDuplicates !== true,
    flags,
    ...(ipv6 && lifetime !== 'forever' && { preferredLifetime: lifetime }),
    noTrack: line.noTrack ?? false,
    ...(line.useVmac && { useVmac: true as const }),
  };
}

type NotifyCommands = Pick<RawInstance, NotifyKeyword>;
type NotifyKeyword =
  | 'notify'
  | 'notify_master'
  | 'notify_backup'
  | 'notify_fault'
  | 'notify_stop'
  | 'notify_deleted'
  | 'notify_master_rx_lower_pri';

/** The commands of an instance or a group that can be run. */
export function notifications(raw: NotifyCommands, scripts: Scripts): VrrpNotify {
  const deleted = raw.notify_deleted;
  const commands = {
    master: scripts.resolve(raw.notify_master),
    backup: scripts.resolve(raw.notify_backup),
    fault: scripts.resolve(raw.notify_fault),
    stop: scripts.resolve(raw.notify_stop),
    deleted: deleted === true ? undefined : scripts.resolve(deleted),
    masterRxLowerPriority: scripts.resolve(raw.notify_master_rx_lower_pri),
    any: scripts.resolve(raw.notify),
  };
  const present = Object.entries(commands).filter(([, command]) => command !== undefined);
  return { ...Object.fromEntries(present), reportDeleted: deleted !== undefined };
}
