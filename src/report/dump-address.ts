import { dropsPackets } from '../config/packet-filter.ts';
import type { StaticAddress, VirtualAddress, VrrpInstance } from '../config/types.ts';
import { addressFamily } from '../lib/ip.ts';
import { present } from './dump-text.ts';

/** rt_scope_t (linux/rtnetlink.h) */
const scopeNames: Readonly<Record<number, string>> = {
  0: 'global',
  200: 'site',
  253: 'link',
  254: 'host',
  255: 'nowhere',
};

/** IFA_F_* (linux/if_addr.h), in the order of the dump; `-nodad` stands between the first and the others. */
const home = [0x10, 'home'] as const;
const otherFlags = [
  [0x100, 'mngtmpaddr'],
  [0x200, 'noprefixroute'],
  [0x400, 'autojoin'],
] as const;

/** An address as dumps and JSON show it: `10.0.0.1/24 dev vrrp.51@eth0 scope global`. */
export function addressText(address: VirtualAddress | StaticAddress): string {
  const { broadcast, label, peer, flags, base } = address;
  const device = base === undefined ? address.interface : `${address.interface}@${base}`;
  return present([
    address.address + lengthSuffix(address),
    broadcast && `brd ${broadcast}`,
    `dev ${device}`,
    address.useVmac && 'use_vmac',
    `scope ${scopeNames[address.scope] ?? address.scope}`,
    label && `label ${label}`,
    peer && `peer ${peer.address}/${peer.prefixLength}`,
    (flags & home[0]) !== 0 && home[1],
    // keepalived switches duplicate address detection off for IPv6, and this word switches it on again.
    addressFamily(address.address) === 6 && !address.noDad && '-nodad',
    ...otherFlags.map(([bit, name]) => (flags & bit) !== 0 && name),
    address.noTrack && 'no_track',
    'trackGroup' in address && address.trackGroup !== undefined && `track_group ${address.trackGroup}`,
    lifetime(address),
  ]).join(' ');
}

/** What follows an instance's addresses while it has `set` them. */
export function setSuffix(instance: VrrpInstance, set: boolean): string {
  if (!set) return '';
  return dropsPackets(instance) ? ' set nftable_set' : ' set';
}

function lengthSuffix({ address, prefixLength, peer }: VirtualAddress): string {
  const whole = addressFamily(address) === 4 ? 32 : 128;
  return prefixLength === whole || peer ? '' : `/${prefixLength}`;
}

function lifetime({ address, preferredLifetime }: VirtualAddress): string | undefined {
  if (addressFamily(address) === 4) return undefined;
  if (preferredLifetime === 0) return 'deprecated';
  return `preferred_lft ${preferredLifetime ?? 'forever'}`;
}
