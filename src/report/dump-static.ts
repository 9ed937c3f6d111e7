import type { Config } from '../config/types.ts';
import { addressText } from './dump-address.ts';
import { routeText } from './dump-route.ts';
import { ruleText } from './dump-rule.ts';
import { section } from './dump-text.ts';

/**
 * Sections "Static Addresses", "Static Routes", "Static Rules" and "Static Track groups"; empty ones are left out. `set`: the
 * addresses are on their interfaces.
 */
export function staticLines(config: Config, set: boolean): string[] {
  const { staticAddresses, staticRoutes, staticRules, trackGroups } = config;
  return [
    ...section(
      'Static Addresses',
      staticAddresses.map((address) => `     ${addressText(address)}${set ? ' set' : ''}`),
    ),
    ...section(
      'Static Routes',
      staticRoutes.map((route) => `     ${routeText(route)}`),
    ),
    ...section(
      'Static Rules',
      staticRules.map((rule) => `     ${ruleText(rule)}`),
    ),
    ...section(
      'Static Track groups',
      trackGroups.flatMap(({ name, members }) => [
        ` Static Track Group = ${name}`,
        '   VRRP member instances :',
        ...members.map((member) => `     ${member}`),
      ]),
    ),
  ];
}
