import { dropsPackets } from '../config/packet-filter.ts';
import type { StaticAddress, VirtualAddress, VrrpInstance } from '../config/types.ts';
import { addressFamily, hostLength } from '../lib/ip.ts';
import { addressFlag, routeScope } from '../lib/routing-numbers.ts';
import { joined } from './dump-text.ts';

const scopeNames: Readonly<Record<number, string>> = {
  [routeScope.universe]: 'global',
  [routeScope.site]: 'site',
  [routeScope.link]: 'link',
  [routeScope.host]: 'host',
  [routeScope.nowhere]: 'nowhere',
};

/** An address as dumps and JSON show it: `10.0.0.1/24 dev vrrp.51@eth0 scope global`. */
export function addressText(address: VirtualAddress | StaticAddress): string {
  const { broadcast, label, peer, flags, base } = address;
  const device = base === undefined ? address.interface : `${address.interface}@${base}`;
  const flag = (name: keyof typeof addressFlag) => (flags & addressFlag[name]) !== 0 && name;
  return joined([
    address.address + lengthSuffix(address),
    broadcast && `brd ${broadcast}`,
    `dev ${device}`,
    address.useVmac && 'use_vmac',
    `scope ${scopeNames[address.scope] ?? address.scope}`,
    label && `label ${label}`,
    peer && `peer ${peer.address}/${peer.prefixLength}`,
    flag('home'),
    // keepalived switches duplicate address detection off for IPv6, and this word switches it on again.
    addressFamily(address.address) === 6 && !address.noDad && '-nodad',
    flag('mngtmpaddr'),
    flag('noprefixroute'),
    flag('autojoin'),
    address.noTrack && 'no_track',
    'trackGroup' in address && address.trackGroup !== undefined && `track_group ${address.trackGroup}`,
    lifetime(address),
  ]);
}

/** What follows an instance's addresses while it has `set` them. */
export function setSuffix(instance: VrrpInstance, set: boolean): string {
  if (!set) return '';
  return dropsPackets(instance) ? ' set nftable_set' : ' set';
}

function lengthSuffix({ address, prefixLength, peer }: VirtualAddress): string {
  return prefixLength === hostLength(address) || peer ? '' : `/${prefixLength}`;
}

function lifetime({ address, preferredLifetime }: VirtualAddress): string | undefined {
  if (addressFamily(address) === 4) return undefined;
  if (preferredLifetime === 0) return 'deprecated';
  return `preferred_lft ${preferredLifetime ?? 'forever'}`;
}
