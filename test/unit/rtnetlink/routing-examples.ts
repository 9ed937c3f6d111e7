import type { Route, RoutingRule } from '../../../src/config/types.ts';
import { ip } from './vectors.ts';

/** A tracked route of IPv4 with nothing but a destination. */
export function routeTo(destination: string, options: Partial<Route> = {}): Route {
  const [address, prefixLength] = destination.split('/') as [string, string];
  return {
    family: address.includes(':') ? 6 : 4,
    destination: { address: ip(address), prefixLength: Number(prefixLength) },
    protocol: 18,
    onlink: false,
    metrics: { locked: [] },
    placement: 'prepend',
    nextHops: [],
    tracked: true,
    ...options,
  };
}

/** A tracked rule of IPv4 that leads to a table. */
export function ruleAt(preference: number, options: Partial<RoutingRule> = {}): RoutingRule {
  return {
    family: 4,
    action: 1,
    table: 100,
    preference,
    invert: false,
    l3mdev: false,
    protocol: 18,
    tracked: true,
    ...options,
  };
}
