import type { Config } from '../config/types.ts';

/** What is asked for of the packet filter and of virtual interfaces, and done in another way or not at all. */
export function standInLines({ global, instances }: Config): string[] {
  const { iptables, namespaceWithIpsets } = global;
  const notified = instances.filter(({ vmac }) => vmac?.netlinkNotify === true);
  return [
    ...(iptables ? ['vrrp_iptables: nftables filters instead, with sets of its own in table keepalived'] : []),
    ...(namespaceWithIpsets
      ? ['namespace_with_ipsets: sets are nftables\u2019, which every network namespace has']
      : []),
    ...(global.randomSeed === undefined ? [] : ['random_seed: nothing is drawn at random']),
    ...notified.map(({ name }) => `(${name}) netlink_notify_msg: the kernel announces changed interfaces by itself`),
  ];
}
