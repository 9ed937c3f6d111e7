import type { AddressLine } from '../../grammar/address-line.ts';
import type { VirtualInterfaceLine } from '../../grammar/blocks/vrrp/virtual-interface.ts';
import { isOwner } from '../lib/priority.ts';
import { addressFlag } from '../lib/routing-numbers.ts';
import type { Values } from './print-block.ts';
import { writtenCommand } from './written-command.ts';
import { on } from './written-flag.ts';
import { writtenTrackBlocks } from './written-tracking.ts';
import type { GarpSettings, GlobalConfig, StaticAddress, VirtualAddress, VrrpInstance } from './types.ts';

/** An instance as the words that would make it again. What equals its default is left out where only that can say it. */
export function writtenInstance(instance: VrrpInstance, global: GlobalConfig, sequence: number): Values {
  const { defaults } = global;
  const { notify, authentication, authHmac } = instance;
  const owner = isOwner(instance);
  const { virtualAddresses, sourceAddress } = instance;
  const familyShows = virtualAddresses.length > 0 || sourceAddress !== undefined;
  return {
    name: instance.name,
    sequence,
    state: instance.initialState === 'master' ? 'MASTER' : 'BACKUP',
    interface: instance.interface === '' ? undefined : instance.interface,
    dont_track_primary: on(!instance.trackPrimaryInterface),
    // Without an interface only the unicast keyword makes an instance acceptable, peers or not.
    [instance.unicast || instance.interface === '' ? 'unicast_src_ip' : 'mcast_src_ip']: sourceAddress,
    track_src_ip: on(instance.trackSourceAddress),
    native_ipv6: on(instance.family === 6 && !familyShows),
    virtual_router_id: instance.virtualRouterId,
    version: instance.version,
    priority: instance.priority,
    advert_int: instance.advertisementInterval,
    virtual_ipaddress: virtualAddresses.map((address) => writtenAddress(address, instance.interface)),
    virtual_ipaddress_excluded: writtenExcluded(instance),
    virtual_routes: instance.virtualRoutes,
    virtual_rules: instance.virtualRules,
    no_virtual_ipaddress: on(instance.mayLackAddresses === true),
    promote_secondaries: on(instance.promoteSecondaries),
    accept: on(instance.accept && instance.strict && !owner),
    no_accept: on(!instance.accept && (owner || !instance.strict)),
    skip_check_adv_addr: on(instance.skipCheckAdvertAddresses),
    strict_mode: instance.strict,
    nopreempt: on(!instance.preempt),
    preempt_delay: instance.preemptDelay,
    debug: instance.debugLevel,
    notify_backup: writtenCommand(notify.backup),
    notify_master: writtenCommand(notify.master),
    notify_fault: writtenCommand(notify.fault),
    notify_stop: writtenCommand(notify.stop),
    notify_deleted: writtenCommand(notify.deleted) ?? on(notify.reportDeleted),
    notify: writtenCommand(notify.any),
    notify_master_rx_lower_pri: writtenCommand(notify.masterRxLowerPriority),
    smtp_alert: instance.smtpAlert,
    notify_priority_changes: instance.notifyPriorityChanges,
    ...writtenGarp(instance.garp, defaults.garp),
    down_timer_adverts: instance.downTimerAdverts,
    lower_prio_no_advert: instance.lowerPriorityNoAdvert,
    higher_prio_send_advert: instance.higherPrioritySendAdvert,
    owner_ignore_adverts: on(owner && instance.ownerIgnoreAdverts),
    ...(authentication.type !== 'none' && {
      authentication: {
        auth_type: authentication.type === 'ah' ? 'AH' : 'PASS',
        auth_pass: authentication.password,
      },
    }),
    auth_hmac: authHmac && {
      key: authHmac.keys,
      active_key: authHmac.activeKey,
      time_window: authHmac.timeWindow,
      anti_replay: authHmac.antiReplay,
      mode: authHmac.mode,
    },
    ...writtenUnicast(instance, global),
    ...writtenVirtualInterface(instance),
    ...writtenTrackBlocks(instance),
    linkbeat_use_polling: on(instance.linkbeatUsePolling),
    lvs_sync_daemon_interface: instance.lvsSyncDaemonInterface,
    timer_expired_backup: instance.timerExpiredBackup || undefined,
    garp_extra_if: hasAddressElsewhere(instance)
      ? { interval: instance.garpExtraInterval, all: instance.garpExtraAll }
      : undefined,
    kernel_rx_buf_size: instance.kernelReceiveBufferSize || undefined,
  };
}

function hasAddressElsewhere(instance: VrrpInstance): boolean {
  const { virtualAddresses, excludedAddresses } = instance;
  const own = ownInterfaceOf(instance);
  return [...virtualAddresses, ...excludedAddresses].some(({ interface: name }) => name !== own);
}

/** The group that peers replace, or that global_defs gives, is not said again. */
function writtenUnicast(instance: VrrpInstance, global: GlobalConfig): Values {
  const group = instance.family === 4 ? global.vrrpMulticastGroup4 : global.defaults.multicastGroup6;
  const { unicast, multicastGroup, oldUnicastChecksum } = instance;
  return {
    unicast_peer: unicast?.peers.map(({ address, minimumTtl, maximumTtl }) => ({
      address,
      ...(minimumTtl > 0 && { minimumTtl }),
      ...(maximumTtl < 255 && { maximumTtl }),
    })),
    unicast_fault_no_peer: on(instance.unicastFaultNoPeer),
    check_unicast_src: on(instance.checkUnicastSource || instance.unicastWithoutPeers === true),
    old_unicast_checksum: oldUnicastChecksum === 'detect' ? undefined : oldUnicastChecksum,
    vrf: instance.vrf,
    mcast_dst_ip: unicast || multicastGroup === group ? undefined : multicastGroup,
    unicast_ttl: instance.unicastTtl,
    v3_checksum_as_v2: instance.v3ChecksumAsV2,
  };
}

function writtenVirtualInterface({ vmac, vmacAddresses, vmacTransmitBase }: VrrpInstance): Values {
  const options = { use_vmac_addr: on(vmacAddresses), vmac_xmit_base: on(vmacTransmitBase) };
  if (!vmac) return options;
  const line: VirtualInterfaceLine = {
    kind: vmac.kind,
    ...(!vmac.generatedName && { name: vmac.name }),
    ...(vmac.mac && { mac: [...vmac.mac] }),
    ...(vmac.linkGroup !== undefined && { group: vmac.linkGroup }),
    ...(vmac.netlinkNotify && { netlinkNotify: true as const }),
    ...(vmac.address && { address: vmac.address }),
    ...(vmac.ipvlanFlags && { mode: vmac.ipvlanFlags }),
  };
  return { [vmac.kind === 'macvlan' ? 'use_vmac' : 'use_ipvlan']: line, ...options };
}

/** What equals the default is left out: a minimal schedule has numbers that no instance can ask for. */
function writtenGarp(garp: GarpSettings, defaults: GarpSettings): Values {
  const differing = <K extends keyof GarpSettings>(key: K): GarpSettings[K] | undefined =>
    garp[key] === defaults[key] ? undefined : garp[key];
  return {
    garp_master_delay: differing('delay'),
    garp_master_repeat: differing('repeat'),
    garp_master_refresh: differing('refresh'),
    garp_master_refresh_repeat: differing('refreshRepeat'),
    garp_lower_prio_delay: differing('lowerPriorityDelay'),
    garp_lower_prio_repeat: differing('lowerPriorityRepeat'),
  };
}

/** An address held twice on one interface was once written without `dev` and once with. */
function writtenExcluded(instance: VrrpInstance): AddressLine[] {
  const { excludedAddresses } = instance;
  const own = ownInterfaceOf(instance);
  const seen = new Set<string>();
  return excludedAddresses.map((address) => {
    const again = address.interface === own && seen.has(address.address);
    if (address.interface === own) seen.add(address.address);
    return writtenAddress(address, again ? undefined : own);
  });
}

/** The line of a static address. */
export function writtenStaticAddress(address: StaticAddress): AddressLine {
  const { trackGroup } = address;
  return { ...writtenAddress(address, undefined), ...(trackGroup !== undefined && { trackGroup }) };
}

/** Where addresses without `dev` are put. */
function ownInterfaceOf({ vmac, interface: base }: VrrpInstance): string {
  return vmac?.name ?? base;
}

/** The line of an address; without `dev` on its own interface. */
function writtenAddress(address: VirtualAddress, ownInterface: string | undefined): AddressLine {
  const { flags, preferredLifetime, broadcast, label, peer } = address;
  const ipv6 = address.address.includes(':');
  const below = address.base ?? address.interface;
  const lifetime = ipv6 && address.prefixLength === 128 ? (preferredLifetime ?? 'forever') : preferredLifetime;
  return {
    address: address.address,
    prefixLength: address.prefixLength,
    ...(below !== ownInterface && { interface: below }),
    ...(address.scope !== 0 && { scope: address.scope }),
    ...(broadcast !== undefined && { broadcast }),
    ...(label !== undefined && { label }),
    ...(peer && { peer: peer.address }),
    ...((flags & addressFlag.home) !== 0 && { home: true as const }),
    ...(ipv6 && !address.noDad && { detectDuplicates: true as const }),
    ...((flags & addressFlag.mngtmpaddr) !== 0 && { mngtmpaddr: true as const }),
    ...((flags & addressFlag.noprefixroute) !== 0 && { noprefixroute: true as const }),
    ...((flags & addressFlag.autojoin) !== 0 && { autojoin: true as const }),
    ...(address.noTrack && { noTrack: true as const }),
    ...(address.useVmac && { useVmac: true as const }),
    ...(lifetime !== undefined && { preferredLifetime: lifetime }),
  };
}
