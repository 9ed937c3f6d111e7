import type { ServiceKey, VirtualServer, VirtualServerGroup, VirtualServerGroupEntry } from '../config/types.ts';
import { addressRange } from '../lib/ip.ts';

/** virtual_server_group blocks by name; of two with one name the first counts. */
export type Groups = ReadonlyMap<string, VirtualServerGroup>;

export function groupsByName(groups: readonly VirtualServerGroup[]): Groups {
  const byName = new Map<string, VirtualServerGroup>();
  for (const group of groups) if (!byName.has(group.name)) byName.set(group.name, group);
  return byName;
}

/** The services of the kernel that a virtual server stands for: its own, or one for each member of its group. */
export function serviceKeys(server: VirtualServer, groups: Groups): ServiceKey[] {
  const { key } = server;
  if (key.kind !== 'group') return [key];
  return (groups.get(key.group)?.entries ?? []).flatMap((entry) => entryKeys(server, entry));
}

/** The services of one line of a group. */
export function entryKeys({ key, family }: VirtualServer, entry: VirtualServerGroupEntry): ServiceKey[] {
  if (entry.kind === 'fwmark') return [{ kind: 'fwmark', fwmark: entry.fwmark, family: entry.family ?? family }];
  const protocol = (key.kind === 'fwmark' ? undefined : key.protocol) ?? 'UDP';
  return [...addressRange(entry.first, entry.last)].map((address) => ({
    kind: 'address',
    address,
    port: entry.port,
    protocol,
  }));
}
