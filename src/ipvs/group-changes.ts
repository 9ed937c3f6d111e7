import type { VirtualServer, VirtualServerGroup, VirtualServerGroupEntry, VirtualServerKey } from '../config/types.ts';

/** What a reload changes in the group of a virtual server, as keepalived's log says it. */
export interface GroupChanges {
  readonly gone: readonly string[];
  readonly added: readonly string[];
}

const none: GroupChanges = { gone: [], added: [] };

/** For a virtual server that stays, as it was and as it is: the lines of its group that go, and those that come. */
export function groupChanges(
  { key: formerKey }: VirtualServer,
  { key }: VirtualServer,
  before: VirtualServerGroup | undefined,
  after: VirtualServerGroup | undefined,
): GroupChanges {
  if (key.kind !== 'group' || !before || !after || before === after) return none;
  const missingFrom = (other: VirtualServerGroup, { entries }: VirtualServerGroup) => {
    const known = new Set(other.entries.map((entry) => groupEntryIdentity(entry)));
    return entries.filter((entry) => !known.has(groupEntryIdentity(entry)));
  };
  return {
    gone: missingFrom(after, before).map((entry) => {
      const name = entry.kind === 'fwmark' ? String(entry.fwmark) : rangeName(entry, protocolOf(formerKey));
      return `VS [${name}] in group ${key.group} no longer exists`;
    }),
    added: missingFrom(before, after).map((entry) => {
      const name = entry.kind === 'fwmark' ? `FWM ${entry.fwmark}` : rangeName(entry, protocolOf(key));
      return `VS [${name}] added into group ${key.group}`;
    }),
  };
}

type Range = Extract<VirtualServerGroupEntry, { readonly kind: 'range' }>;

function protocolOf(key: VirtualServerKey): string {
  return (key.kind === 'fwmark' ? 'none' : (key.protocol ?? 'none')).toLowerCase();
}

function rangeName({ first, last, port }: Range, protocol: string): string {
  return `[${first}]:${protocol}:${port}${first === last ? '' : `-${last}`}`;
}

/** Two configurations mean the same line of a group when this is equal. */
export function groupEntryIdentity(entry: VirtualServerGroupEntry): string {
  if (entry.kind === 'fwmark') return `fwmark ${entry.fwmark} ${entry.family ?? ''}`;
  return `${entry.first} ${entry.last} ${entry.port}`;
}
