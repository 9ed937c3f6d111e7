import type {
  ServiceKey,
  TransportProtocol,
  VirtualServer,
  VirtualServerGroup,
  VirtualServerGroupEntry,
} from '../config/types.ts';
import { addressFamily, addressRange } from '../lib/ip.ts';

/** A group whose addresses the packet filter may turn into firewall marks, one for each protocol. */
export interface Group extends VirtualServerGroup {
  readonly marks?: Partial<Readonly<Record<TransportProtocol, number>>>;
}

/** virtual_server_group blocks by name; of two with one name the first counts. */
export type Groups = ReadonlyMap<string, Group>;

export function groupsByName(groups: readonly Group[]): Groups {
  const byName = new Map<string, Group>();
  for (const group of groups) if (!byName.has(group.name)) byName.set(group.name, group);
  return byName;
}

/** The services of the kernel that a virtual server stands for: its own, or one for each member of its group. */
export function serviceKeys(server: VirtualServer, groups: Groups): ServiceKey[] {
  const { key } = server;
  const group = key.kind === 'group' ? groups.get(key.group) : undefined;
  const mark = key.kind === 'group' && key.protocol ? group?.marks?.[key.protocol] : undefined;
  if (!group || mark === undefined) return memberKeys(server, groups);
  const families = new Set(
    group.entries.flatMap((entry) => (entry.kind === 'range' ? addressFamily(entry.first) : [])),
  );
  return [...families].map((family) => ({ kind: 'fwmark', fwmark: mark, family }));
}

/** The addresses and marks that the configuration names for a virtual server. */
export function memberKeys(server: VirtualServer, groups: Groups): ServiceKey[] {
  const { key } = server;
  if (key.kind !== 'group') return [key];
  return (groups.get(key.group)?.entries ?? []).flatMap((entry) => entryKeys(server, entry));
}

/** The services of one line of a group. */
function entryKeys({ key, family }: VirtualServer, entry: VirtualServerGroupEntry): ServiceKey[] {
  if (entry.kind === 'fwmark') return [{ kind: 'fwmark', fwmark: entry.fwmark, family: entry.family ?? family }];
  const protocol = (key.kind === 'fwmark' ? undefined : key.protocol) ?? 'UDP';
  return [...addressRange(entry.first, entry.last)].map((address) => ({
    kind: 'address',
    address,
    port: entry.port,
    protocol,
  }));
}
