import type { TransportProtocol, VirtualServer, VirtualServerGroup } from '../config/types.ts';
import type { Group } from './service-keys.ts';

/** The firewall marks handed out to groups, by name and protocol: `web TCP`. */
export type GroupMarks = ReadonlyMap<string, number>;

export interface MarkedGroups {
  readonly groups: readonly Group[];
  readonly marks: GroupMarks;
}

/**
 * nftables_ipvs: every group without a firewall mark of its own gets one for each protocol of its virtual servers, in
 * their order from `first` on. Marks that `before` has stay with their groups.
 */
export function markGroups(
  virtualServers: readonly VirtualServer[],
  groups: readonly VirtualServerGroup[],
  first: number,
  before: GroupMarks,
): MarkedGroups {
  const markable = new Set(
    groups.filter(({ entries }) => entries.every(({ kind }) => kind === 'range')).map(({ name }) => name),
  );
  const marks = new Map<string, number>();
  let next = Math.max(first, ...[...before.values()].map((mark) => mark + 1));
  for (const { key } of virtualServers) {
    if (key.kind !== 'group' || key.protocol === undefined || !markable.has(key.group)) continue;
    const name = markName(key.group, key.protocol);
    if (!marks.has(name)) marks.set(name, before.get(name) ?? next++);
  }
  return { groups: groups.map((group) => ({ ...group, marks: marksOf(group, marks) })), marks };
}

function marksOf({ name }: VirtualServerGroup, marks: GroupMarks): NonNullable<Group['marks']> {
  const found: Partial<Record<TransportProtocol, number>> = {};
  for (const protocol of ['TCP', 'UDP', 'SCTP'] as const) {
    const mark = marks.get(markName(name, protocol));
    if (mark !== undefined) found[protocol] = mark;
  }
  return found;
}

function markName(group: string, protocol: TransportProtocol): string {
  return `${group} ${protocol}`;
}
