import type { AddressLine } from '../../grammar/address-line.ts';
import type { Command } from '../../grammar/command.ts';
import type { ScriptCommand } from '../lib/script.ts';
import type { Values } from './print-block.ts';
import { addressFlags } from './resolve-instances.ts';
import type { GarpSettings, GlobalDefaults, StaticAddress, VirtualAddress, VrrpInstance } from './types.ts';

/** A command as a configuration would say it. */
export function writtenCommand(script: ScriptCommand | undefined): Command | undefined {
  if (!script) return undefined;
  const { argv, user, group } = script;
  return { written: '', argv, ...(user !== undefined && { user }), ...(group !== undefined && { group }) };
}

/** An instance as the words that would make it again. What equals its default is left out where only that can say it. */
export function writtenInstance(instance: VrrpInstance, defaults: GlobalDefaults, sequence: number): Values {
  const { notify, authentication } = instance;
  const owner = instance.priority === 255;
  const { virtualAddresses, sourceAddress } = instance;
  const familyShows = virtualAddresses.length > 0 || sourceAddress !== undefined;
  return {
    name: instance.name,
    sequence,
    state: instance.initialState === 'master' ? 'MASTER' : 'BACKUP',
    interface: instance.interface,
    dont_track_primary: on(!instance.trackPrimaryInterface),
    mcast_src_ip: sourceAddress,
    native_ipv6: on(instance.family === 6 && !familyShows),
    virtual_router_id: instance.virtualRouterId,
    version: instance.version,
    priority: instance.priority,
    advert_int: instance.advertisementInterval,
    virtual_ipaddress: virtualAddresses.map((address) => writtenAddress(address, instance.interface)),
    virtual_ipaddress_excluded: writtenExcluded(instance),
    virtual_routes: instance.virtualRoutes,
    virtual_rules: instance.virtualRules,
    no_virtual_ipaddress: on(virtualAddresses.length === 0 && !instance.strict),
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
    ...(authentication.type === 'pass' && {
      authentication: { auth_type: 'PASS', auth_pass: authentication.password },
    }),
  };
}

function on(set: boolean): true | undefined {
  return set ? true : undefined;
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
function writtenExcluded({ excludedAddresses, interface: own }: VrrpInstance): AddressLine[] {
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

/** The line of an address; without `dev` on its own interface. */
export function writtenAddress(address: VirtualAddress, ownInterface: string | undefined): AddressLine {
  const { flags, preferredLifetime, broadcast, label, peer } = address;
  const ipv6 = address.address.includes(':');
  const lifetime = ipv6 && address.prefixLength === 128 ? (preferredLifetime ?? 'forever') : preferredLifetime;
  return {
    address: address.address,
    prefixLength: address.prefixLength,
    ...(address.interface !== ownInterface && { interface: address.interface }),
    ...(address.scope !== 0 && { scope: address.scope }),
    ...(broadcast !== undefined && { broadcast }),
    ...(label !== undefined && { label }),
    ...(peer && { peer: peer.address }),
    ...((flags & addressFlags.home) !== 0 && { home: true as const }),
    ...(ipv6 && !address.noDad && { detectDuplicates: true as const }),
    ...((flags & addressFlags.mngtmpaddr) !== 0 && { mngtmpaddr: true as const }),
    ...((flags & addressFlags.noprefixroute) !== 0 && { noprefixroute: true as const }),
    ...((flags & addressFlags.autojoin) !== 0 && { autojoin: true as const }),
    ...(address.noTrack && { noTrack: true as const }),
    ...(lifetime !== undefined && { preferredLifetime: lifetime }),
  };
}
