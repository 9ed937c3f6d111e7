import { addressFamily } from '../../lib/ip.ts';
import { describeService, type ServerContext, type ServerDraft } from '../server-draft.ts';
import type { VirtualServerGroup } from '../types.ts';

/** Whether a virtual server can be made of the group it names; its family becomes the group's where it has none. */
export function fitsGroup(draft: ServerDraft, { log }: ServerContext): boolean {
  const { name, group } = draft;
  if (name.kind !== 'group') return true;
  const service = describeService(draft);
  if (!group) {
    log(`Virtual server group ${name.group} specified but not configured - ignoring virtual server ${service}`);
    return false;
  }
  const families = groupFamilies(group);
  if (families.size === 2) {
    if (draft.family === undefined) return true;
    log(`${name.group}: virtual server group with IPv4 & IPv6 doesn't match virtual server ${service} - ignoring`);
    return false;
  }
  const [family] = families;
  if (family !== undefined && draft.family !== undefined && family !== draft.family) {
    log(`${name.group}: address family doesn't match virtual server ${service} - ignoring`);
    return false;
  }
  draft.family ??= family;
  if (draft.family === undefined) {
    log(`${name.group}: Virtual server ${service} address family cannot be determined, defaulting to IPv4`);
    draft.family = 4;
  }
  return true;
}

function groupFamilies({ entries }: VirtualServerGroup): ReadonlySet<4 | 6> {
  const families = new Set<4 | 6>();
  for (const entry of entries) {
    if (entry.kind === 'range') families.add(addressFamily(entry.first));
    else if (entry.family !== undefined) families.add(entry.family);
  }
  return families;
}

/** A server whose services have addresses, and so a protocol. */
export function hasAddresses({ name, group }: ServerDraft): boolean {
  if (name.kind === 'group') return group?.entries.some((entry) => entry.kind === 'range') ?? false;
  return name.kind === 'address';
}

export function hasMarks({ name, group }: ServerDraft): boolean {
  if (name.kind === 'group') return group?.entries.some((entry) => entry.kind === 'fwmark') ?? false;
  return name.kind === 'fwmark';
}

/** A server that is reached on every port of some address. */
export function hasPortZero({ name, group }: ServerDraft): boolean {
  if (name.kind === 'group') return group?.entries.some((entry) => entry.kind === 'range' && entry.port === 0) ?? false;
  return name.kind === 'address' && name.endpoint.port === 0;
}
