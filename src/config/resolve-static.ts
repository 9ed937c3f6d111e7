import type { AddressLine } from '../../grammar/address-line.ts';
import type { RouteLine } from '../../grammar/route-words.ts';
import type { RuleLine } from '../../grammar/rule-words.ts';
import { virtualAddress } from './resolve-instances.ts';
import type { StaticAddress, StaticRoute, StaticRule } from './types.ts';

/** What static blocks say, as written. */
export interface RawStatic {
  readonly static_ipaddress?: readonly (AddressLine & { readonly interface: string })[];
  readonly static_routes?: readonly RouteLine[];
  readonly static_rules?: readonly RuleLine[];
}

export interface StaticItems {
  readonly staticAddresses: readonly StaticAddress[];
  readonly staticRoutes: readonly StaticRoute[];
  readonly staticRules: readonly StaticRule[];
}

/** Addresses, routes and rules that do not depend on any instance. */
export function resolveStatic(raw: RawStatic, log: (message: string) => void): StaticItems {
  const addresses = raw.static_ipaddress ?? [];
  const routes = raw.static_routes ?? [];
  const rules = raw.static_rules ?? [];
  const warn = (what: string, untracked: boolean, trackGroup: string | undefined): void => {
    if (untracked && trackGroup !== undefined) {
      log(`Static ${what} has both track_group and no_track set - not tracking`);
    }
  };
  for (const { noTrack, trackGroup } of addresses) warn('address', noTrack === true, trackGroup);
  for (const { tracked, trackGroup } of routes) warn('route', !tracked, trackGroup);
  for (const { tracked, trackGroup } of rules) warn('rule', !tracked, trackGroup);
  return { staticAddresses: addresses.map(staticAddress), staticRoutes: routes, staticRules: rules };
}

function staticAddress(line: AddressLine & { readonly interface: string }): StaticAddress {
  const { trackGroup } = line;
  return { ...virtualAddress(line, line.interface), ...(trackGroup !== undefined && { trackGroup }) };
}
