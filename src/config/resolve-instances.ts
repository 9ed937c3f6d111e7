import type { AddressLine } from '../../grammar/address-line.ts';
import { micros } from '../lib/duration.ts';
import { addressFamily } from '../lib/ip.ts';
import { distinctVirtualRouters, instanceRules } from './checks/instances.ts';
import type { InterfaceFacts } from './environment.ts';
import { draftInstance, type InstanceDraft, type RuleContext } from './instance-draft.ts';
import type { RawInstance } from './raw.ts';
import type { Scripts } from './scripts.ts';
import type { GarpSettings, VirtualAddress, VrrpInstance, VrrpNotify } from './types.ts';

export interface InstanceSurroundings {
  readonly context: RuleContext;
  readonly scripts: Scripts;
  interfaceFacts(name: string): InterfaceFacts | undefined;
  /** Fatal complaints so far: the rest is not looked at. */
  failed(): boolean;
}

/** Keywords whose instance means something else altogether without them. */
const indispensable = ['unicast_peer', 'unicast_src_ip', 'check_unicast_src', 'vrf', 'mcast_dst_ip', 'auth_hmac'];

function needsUnsupported(raw: RawInstance): string | undefined {
  if (raw.authentication?.auth_type === 'AH') return 'auth_type AH';
  return raw.unsupported?.find((keyword) => indispensable.includes(keyword));
}

/** Completes every instance, in the order of the file. Stops at the first fatal complaint. */
export function resolveInstances(raws: readonly RawInstance[], surroundings: InstanceSurroundings): VrrpInstance[] {
  const { context } = surroundings;
  const usable: RawInstance[] = [];
  for (const raw of raws) {
    if (raw.virtual_router_id === undefined) context.fatal(`(${raw.name}) the virtual router id must be set`);
    else if (raw.interface === undefined && needsUnsupported(raw) === undefined) {
      context.fatal(`(${raw.name}) Unknown interface!`);
    } else usable.push(raw);
    if (surroundings.failed()) return [];
  }
  const drafts: InstanceDraft[] = [];
  for (const raw of usable) {
    const facts = raw.interface === undefined ? undefined : surroundings.interfaceFacts(raw.interface);
    const draft = draftInstance(raw, facts, context);
    for (const rule of instanceRules) {
      rule(draft, context);
      if (surroundings.failed()) return [];
    }
    drafts.push(draft);
  }
  const carriedOut = drafts.filter((draft) => needsUnsupported(draft.raw) === undefined);
  distinctVirtualRouters(carriedOut, context);
  if (surroundings.failed()) return [];
  for (const { name, raw } of drafts) {
    const keyword = needsUnsupported(raw);
    if (keyword !== undefined) context.log(`(${name}) left out: it needs ${keyword}`);
  }
  return carriedOut.map((draft) => finish(draft, surroundings));
}

function finish(draft: InstanceDraft, { context, scripts }: InstanceSurroundings): VrrpInstance {
  const { raw } = draft;
  const { defaults, global } = context;
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
    authentication: draft.password === undefined ? { type: 'none' } : { type: 'pass', password: draft.password },
    ...(draft.sourceAddress !== undefined && { sourceAddress: draft.sourceAddress }),
    multicastGroup: draft.family === 4 ? global.vrrpMulticastGroup4 : defaults.multicastGroup6,
    virtualAddresses: draft.addresses.map((line) => virtualAddress(line, draft.interface)),
    excludedAddresses: draft.excluded.map((line) => virtualAddress(line, draft.interface)),
    garp: garpSettings(draft, defaults.garp),
    downTimerAdverts: draft.downTimerAdverts,
    skipCheckAdvertAddresses: raw.skip_check_adv_addr ?? defaults.skipCheckAdvertAddresses,
    lowerPriorityNoAdvert: draft.lowerPriorityNoAdvert,
    higherPrioritySendAdvert: draft.higherPrioritySendAdvert,
    ownerIgnoreAdverts: draft.ownerIgnoreAdverts,
    strict: draft.strict,
    accept: draft.accept,
    trackPrimaryInterface: raw.dont_track_primary !== true,
    promoteSecondaries: raw.promote_secondaries ?? false,
    notify: notifications(raw, scripts),
    smtpAlert: raw.smtp_alert ?? defaults.smtpAlertVrrp ?? defaults.smtpAlert ?? false,
    notifyPriorityChanges: raw.notify_priority_changes ?? global.notifyPriorityChanges,
    checkUnicastSource: false,
    unicastFaultNoPeer: false,
    oldUnicastChecksum: 'detect',
    v3ChecksumAsV2: false,
    vmacAddresses: false,
    vmacTransmitBase: false,
    trackInterfaces: [],
    trackScripts: [],
    trackFiles: [],
    trackProcesses: [],
    trackBfds: [],
    trackSourceAddress: false,
    linkbeatUsePolling: false,
    virtualRoutes: raw.virtual_routes ?? [],
    virtualRules: raw.virtual_rules ?? [],
    timerExpiredBackup: 0,
    garpExtraInterval: micros(0),
    garpExtraAll: false,
    kernelReceiveBufferSize: 0,
    ...(raw.debug !== undefined && raw.debug !== 0 && { debugLevel: raw.debug }),
    ...(draft.configurationFault && { configurationFault: true as const }),
  };
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

/** IFA_F_* of linux/if_addr.h that the words of an address line stand for. */
export const addressFlags = {
  home: 0x10,
  mngtmpaddr: 0x100,
  noprefixroute: 0x200,
  autojoin: 0x400,
} as const;

export function virtualAddress(line: AddressLine, ownInterface: string): VirtualAddress {
  const ipv6 = addressFamily(line.address) === 6;
  // A host address is never to be chosen as a source: it is added as deprecated (IPv6 only).
  const lifetime = line.preferredLifetime ?? (ipv6 && line.prefixLength === 128 ? 0 : 'forever');
  const flags =
    (line.home ? addressFlags.home : 0) |
    (line.mngtmpaddr ? addressFlags.mngtmpaddr : 0) |
    (line.noprefixroute ? addressFlags.noprefixroute : 0) |
    (line.autojoin ? addressFlags.autojoin : 0);
  return {
    address: line.address,
    prefixLength: line.prefixLength,
    interface: line.interface ?? ownInterface,
    scope: line.scope ?? 0,
    ...(line.broadcast !== undefined && { broadcast: line.broadcast }),
    ...(line.label !== undefined && { label: line.label }),
    ...(line.peer !== undefined && { peer: { address: line.peer, prefixLength: ipv6 ? 128 : 32 } }),
    noDad: ipv6 && line.detectDuplicates !== true,
    flags,
    ...(ipv6 && lifetime !== 'forever' && { preferredLifetime: lifetime }),
    noTrack: line.noTrack ?? false,
  };
}

function notifications(raw: RawInstance, scripts: Scripts): VrrpNotify {
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
