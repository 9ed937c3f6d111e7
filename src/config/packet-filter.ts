import { isOwner } from '../lib/priority.ts';
import type { Config, VrrpInstance } from './types.ts';

/** What keepalived's nftables keyword says when nothing else is written. */
export const usualFilter = { table: 'keepalived', priority: -1, matchIfindex: false } as const;

/** Its addresses answer nobody; an owner always answers (RFC 5798, section 8.2.1). */
export function dropsPackets(instance: VrrpInstance): boolean {
  return !instance.accept && !isOwner(instance);
}

/** nftables are in use because they are configured, or because an instance cannot do without. */
export function usesPacketFilter({ global, instances }: Config): boolean {
  return global.nftables !== undefined || instances.some(({ accept, vmac }) => vmac?.kind === 'macvlan' || !accept);
}
