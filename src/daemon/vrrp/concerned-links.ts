import type { Config, VrrpInstance } from '../../config/types.ts';
import { equalLinks, type Link } from '../../rtnetlink/link.ts';
import { allAddresses } from './instance-addresses.ts';

/** The interfaces that a configuration names in any way. */
const named = new WeakMap<Config, ReadonlySet<string>>();

/**
 * Whether what became of a link matters to a virtual router of `config`; undefined is one that is not there. On a host whose
 * containers come and go the kernel tells of thousands of others, which must not take the routers' time. An instance without an
 * interface speaks and listens on all.
 */
export function concerns(config: Config, before: Link | undefined, after: Link | undefined): boolean {
  if (before && after && equalLinks(before, after)) return false;
  const names = named.get(config) ?? namedInterfaces(config);
  named.set(config, names);
  return names.has('') || [before, after].some((link) => link && names.has(link.name));
}

function namedInterfaces(config: Config): ReadonlySet<string> {
  const { instances, syncGroups, staticAddresses, staticRoutes, staticRules } = config;
  const routes = [...staticRoutes, ...instances.flatMap(({ virtualRoutes }) => virtualRoutes)];
  const rules = [...staticRules, ...instances.flatMap(({ virtualRules }) => virtualRules)];
  const names = [
    ...instances.flatMap(({ interface: name, vmac, vrf }: VrrpInstance) => [name, vmac?.name, vrf]),
    ...[...instances, ...syncGroups].flatMap(({ trackInterfaces }) => trackInterfaces.map(({ name }) => name)),
    ...[...staticAddresses, ...instances.flatMap(allAddresses)].flatMap(({ interface: name, base }) => [name, base]),
    ...routes.flatMap((route) => [route, ...route.nextHops].map(({ interface: name }) => name)),
    ...rules.flatMap(({ inputInterface, outputInterface }) => [inputInterface, outputInterface]),
    ...[...config.interfaceDelays, ...config.linkbeatInterfaces].map(({ interface: name }) => name),
  ];
  return new Set(names.filter((name) => name !== undefined));
}
