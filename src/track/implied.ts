import type { Config, VrrpInstance } from '../config/types.ts';

/** What the interfaces of an instance follow from besides the instance itself. */
export type ImpliedBy = Pick<Config, 'trackGroups' | 'staticAddresses' | 'staticRoutes' | 'staticRules'>;

/**
 * Interfaces that an instance cannot work without although no track_interface names them: those of its addresses, routes
 * and rules, and of the static items of its track groups, unless no_track stands there. An address with a virtual interface
 * of its own depends on what that stands on; dumps show the `virtual` one.
 */
export function impliedInterfaces(
  instance: VrrpInstance,
  config: ImpliedBy,
  shown: 'base' | 'virtual' = 'base',
): string[] {
  const groups = new Set(
    config.trackGroups.filter((one) => one.members.includes(instance.name)).map((one) => one.name),
  );
  const followed = <T extends { readonly trackGroup?: string }>(items: readonly T[]): T[] =>
    items.filter(({ trackGroup }) => trackGroup !== undefined && groups.has(trackGroup));
  const addresses = [...instance.virtualAddresses, ...instance.excludedAddresses, ...followed(config.staticAddresses)];
  const routes = [...instance.virtualRoutes, ...followed(config.staticRoutes)];
  const rules = [...instance.virtualRules, ...followed(config.staticRules)];
  const names = [
    ...addresses.map(({ noTrack, interface: name, base }) =>
      noTrack ? undefined : shown === 'base' ? (base ?? name) : name,
    ),
    ...routes.map(({ tracked, interface: name }) => (tracked ? name : undefined)),
    ...rules.flatMap((rule) => (rule.tracked ? [rule.inputInterface, rule.outputInterface] : [])),
  ];
  const own = new Set<string | undefined>(['', instance.interface, instance.vmac?.name, undefined]);
  return [...new Set(names)].filter((name): name is string => !own.has(name));
}
