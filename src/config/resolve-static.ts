import type { AddressLine } from '../../grammar/address-line.ts';
import type { RouteLine } from '../../grammar/route-words.ts';
import type { RuleLine } from '../../grammar/rule-words.ts';
import { virtualAddress } from './resolve-instances.ts';
import type { StaticAddress, StaticRoute, StaticRule, TrackGroup } from './types.ts';

type StaticLine = AddressLine & { readonly interface: string };

/** What static blocks say, as written. */
export interface RawStatic {
  readonly track_group?: readonly { readonly name: string; readonly group?: readonly string[] }[];
  readonly static_ipaddress?: readonly StaticLine[];
  readonly static_routes?: readonly RouteLine[];
  readonly static_rules?: readonly RuleLine[];
}

export interface StaticItems {
  readonly trackGroups: readonly TrackGroup[];
  readonly staticAddresses: readonly StaticAddress[];
  readonly staticRoutes: readonly StaticRoute[];
  readonly staticRules: readonly StaticRule[];
}

type Log = (message: string) => void;

/** Addresses, routes and rules that do not depend on any instance, and the groups of instances that depend on them. */
export function resolveStatic(raw: RawStatic, instances: readonly { readonly name: string }[], log: Log): StaticItems {
  const trackGroups = resolveGroups(raw, new Set(instances.map(({ name }) => name)), log);
  const known = new Set(trackGroups.map(({ name }) => name));
  const grouped = <T extends { readonly trackGroup?: string }>(item: T): T => {
    if (item.trackGroup === undefined || known.has(item.trackGroup)) return item;
    const { trackGroup: _, ...rest } = item;
    return rest as T;
  };
  const addresses = (raw.static_ipaddress ?? []).map(grouped);
  const routes = (raw.static_routes ?? []).map(grouped);
  const rules = (raw.static_rules ?? []).map(grouped);
  const warn = (what: string, untracked: boolean, trackGroup: string | undefined): void => {
    if (untracked && trackGroup !== undefined) {
      log(`Static ${what} has both track_group and no_track set - not tracking`);
    }
  };
  for (const { noTrack, trackGroup } of addresses) warn('address', noTrack === true, trackGroup);
  for (const { tracked, trackGroup } of routes) warn('route', !tracked, trackGroup);
  for (const { tracked, trackGroup } of rules) warn('rule', !tracked, trackGroup);
  return { trackGroups, staticAddresses: addresses.map(staticAddress), staticRoutes: routes, staticRules: rules };
}

function resolveGroups({ track_group: groups = [] }: RawStatic, known: ReadonlySet<string>, log: Log): TrackGroup[] {
  return groups.flatMap(({ name, group = [] }) => {
    for (const member of group) {
      if (known.has(member)) continue;
      log(`vrrp instance ${member} specified in track group ${name} doesn't exist - ignoring`);
    }
    const members = group.filter((member) => known.has(member));
    if (members.length > 0) return [{ name, members }];
    log(`Static track group ${name} has no VRRP instance(s)`);
    log(`Static track group ${name} init fails - removing`);
    return [];
  });
}

function staticAddress(line: StaticLine): StaticAddress {
  const { trackGroup } = line;
  return { ...virtualAddress(line, { interface: line.interface }), ...(trackGroup !== undefined && { trackGroup }) };
}
