import type { Config, VrrpInstance } from '../../config/types.ts';
import { addressFamily, type IpAddress, isLinkLocal } from '../../lib/ip.ts';
import { knownForwarding } from '../../os/ipv6-forwarding.ts';
import { readSysctl } from '../../os/sysctl.ts';
import type { InterfaceRuntime } from '../../report/runtime.ts';
import type { Link } from '../../rtnetlink/link.ts';
import { impliedInterfaces } from '../../track/implied.ts';
import { trackedBy } from '../../track/items.ts';
import type { Interfaces } from './interfaces.ts';
import type { LinkStates } from './link-states.ts';

type Tracking = InterfaceRuntime['tracking'];

/** As interface-settings.ts sets them; the kernel's default is no filter. */
const ofVirtualInterface = {
  users: 0,
  promotes: false,
  arpIgnore: 1,
  arpFilter: 0,
  rpFilter: 0,
  promoteSecondaries: 1,
} as const;

/** How keepalived shows an instance with dont_track_primary at its own interface. */
const NOT_TRACKED = 255;

/** What a configuration says of interfaces, gathered once for all of them. */
interface Uses {
  /** Virtual and static addresses, which are nobody's own. */
  readonly virtual: ReadonlySet<IpAddress>;
  readonly tracking: ReadonlyMap<string, Tracking>;
  /** Interfaces that instances have made. */
  readonly made: ReadonlySet<string>;
  /** Those of them that are for IPv4. */
  readonly made4: ReadonlySet<string>;
  /** Interfaces on which secondary addresses are to be promoted. */
  readonly promoting: ReadonlySet<string>;
  /** Interfaces with virtual IPv6 addresses: only there forwarding matters. */
  readonly announcing: ReadonlySet<string>;
}

/** The interfaces as dumps show them, in the kernel's order. */
export function interfaceRuntimes(config: Config, interfaces: Interfaces, states: LinkStates): InterfaceRuntime[] {
  const uses = usesOf(config);
  const addressesOf = interfaces.addressesByLink();
  const users = usersByBase(interfaces, uses);
  return interfaces.all().map((link) => {
    const addresses = (addressesOf.get(link.ifindex) ?? []).filter((address) => !uses.virtual.has(address));
    return {
      ...describeLink(link, interfaces, uses),
      ...describeState(link, states),
      seenUp: interfaces.hasBeenUp(link.ifindex),
      changeable: !link.loopback && config.global.defaults.dynamicInterfaces === 'changeable',
      addresses4: addresses.filter((address) => addressFamily(address) === 4),
      // keepalived keeps link-local addresses only: adverts leave with nothing else.
      addresses6: addresses.filter(isLinkLocal),
      tracking: uses.tracking.get(link.name) ?? [],
      ...settingsOf(link, users.get(link.ifindex) ?? 0, uses),
    };
  });
}

/** How many IPv4 virtual interfaces of ours stand on each interface, by index. */
function usersByBase(interfaces: Interfaces, { made4 }: Uses): ReadonlyMap<number, number> {
  const users = new Map<number, number>();
  for (const { name, parent } of interfaces.all()) {
    if (parent !== undefined && made4.has(name)) users.set(parent, (users.get(parent) ?? 0) + 1);
  }
  return users;
}

/** What we have set ourselves is known; a dump of hundreds of virtual interfaces must not read the rest for each. */
function settingsOf({ name }: Link, users: number, uses: Uses): Pick<InterfaceRuntime, 'settings'> {
  if (uses.made4.has(name)) return { settings: ofVirtualInterface };
  const promotes = uses.promoting.has(name);
  if (users === 0 && !promotes) return {};
  const value = (key: string): number => Number(readSysctl(`net/ipv4/conf/${name}/${key}`) ?? 0);
  return {
    settings: {
      users,
      promotes,
      arpIgnore: value('arp_ignore'),
      arpFilter: value('arp_filter'),
      ...(users > 0 && { rpFilter: value('rp_filter') }),
      promoteSecondaries: value('promote_secondaries'),
    },
  };
}

function usesOf(config: Config): Uses {
  const { instances, syncGroups } = config;
  const virtual = new Set<IpAddress>(config.staticAddresses.map(({ address }) => address));
  const announcing = new Set<string>();
  const made = new Set<string>();
  const made4 = new Set<string>();
  const promoting = new Set(instances.filter((one) => one.promoteSecondaries).map((one) => one.interface));
  const tracking = new Map<string, Tracking[number][]>();
  const groups = new Map(syncGroups.flatMap((group) => group.members.map((member) => [member, group] as const)));
  for (const instance of instances) {
    for (const { address, interface: name, base } of [...instance.virtualAddresses, ...instance.excludedAddresses]) {
      virtual.add(address);
      if (base !== undefined) made.add(name);
      if (base !== undefined && addressFamily(address) === 4) made4.add(name);
      if (addressFamily(address) === 6) announcing.add(name);
    }
    if (instance.vmac) made.add(instance.vmac.name);
    if (instance.vmac && instance.family === 4) made4.add(instance.vmac.name);
    const followed = new Map(impliedTracking(instance, config));
    for (const { kind, item } of trackedBy(instance, groups.get(instance.name))) {
      const { name, weight, reverse } = item;
      if (kind === 'interface') followed.set(name, { name: instance.name, weight, reverse });
    }
    for (const [name, entry] of followed) tracking.set(name, [...(tracking.get(name) ?? []), entry]);
  }
  return { virtual, tracking, made, made4, promoting, announcing };
}

/** An instance follows its own interfaces and those it cannot work without, by no weight. */
function impliedTracking(instance: VrrpInstance, config: Config): (readonly [string, Tracking[number]])[] {
  const weights = new Map(impliedInterfaces(instance, config, 'virtual').map((name) => [name, 0]));
  if (instance.trackPrimaryInterface) weights.set(instance.interface, 0);
  else if (!weights.has(instance.interface)) weights.set(instance.interface, NOT_TRACKED);
  if (instance.vmac) weights.set(instance.vmac.name, 0);
  return [...weights].map(([name, weight]) => [name, { name: instance.name, weight, reverse: false }]);
}

/** While a change has to hold for its time, the link is shown as it was. */
function describeState({ name, up, running }: Link, states: LinkStates) {
  const delayed = states.delayed(name);
  const polling = states.pollingOf(name);
  return {
    delayed: delayed !== undefined,
    ...(polling && { polling }),
    up: delayed?.up ?? up,
    running: delayed?.up ?? running,
  };
}

function describeLink(link: Link, interfaces: Interfaces, uses: Uses) {
  const { name, type, loopback, broadcast, multicast, pointToPoint, noArp, mtu, group } = link;
  const forwardsIpv6 = uses.announcing.has(name) ? knownForwarding(name) : undefined;
  const below = link.parent === undefined ? undefined : interfaces.at(link.parent);
  const kind = link.kind === 'macvlan' ? ('VMAC' as const) : link.kind === 'ipvlan' ? ('IPVLAN' as const) : undefined;
  return {
    name,
    type,
    loopback,
    broadcast,
    multicast,
    pointToPoint,
    noArp,
    mtu,
    group,
    index: link.ifindex,
    mac: link.hardwareAddress,
    macBroadcast: link.hardwareBroadcast,
    ...(forwardsIpv6 && { forwardsIpv6 }),
    ...(kind && {
      virtual: {
        kind,
        ...(below && { parent: below.name }),
        parentUp: below?.up === true,
        parentRunning: below?.running === true,
        ...(link.parent !== undefined && { parentIndex: link.parent }),
        ours: uses.made.has(name),
      },
    }),
  };
}
