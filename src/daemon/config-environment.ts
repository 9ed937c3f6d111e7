import type { ConfigEnvironment, InterfaceFacts } from '../config/environment.ts';
import type { Prefix } from '../config/types.ts';
import { macText } from '../lib/mac-text.ts';
import { NetlinkConnection } from '../netlink/connection.ts';
import { native } from '../os/native.ts';
import { type InterfaceReader, systemEnvironment } from '../os/config-environment.ts';
import { inNetworkNamespace } from '../os/network-namespace.ts';
import { answered } from './kernel-answer.ts';
import { namespacePath } from './namespace.ts';
import { openNetlinkSocket } from '../os/sockets/netlink-socket.ts';
import { SystemError } from '../os/system-error.ts';
import { addressesRequest, decodeAddress, type KernelAddress } from '../rtnetlink/address.ts';
import { decodeLink, type Link, linksRequest } from '../rtnetlink/link.ts';

const { NETLINK_ROUTE } = native.constants;
/** ARPHRD_ETHER (linux/if_arp.h) */
const ETHERNET = 1;

/**
 * The world a configuration is read in. Links and addresses are those of the network namespace at the first question
 * about them, so every reading of a configuration takes a new environment.
 */
export function openConfigEnvironment(): ConfigEnvironment {
  return systemEnvironment(kernelInterfaces());
}

interface Snapshot {
  readonly links: ReadonlyMap<string, Link>;
  readonly names: ReadonlyMap<number, string>;
  /** Names of private macvlans by the index of what they sit on and their MAC address. */
  readonly macvlans: ReadonlyMap<string, readonly string[]>;
  readonly addresses: readonly KernelAddress[];
}

/** Throws a SystemError at the first question if the kernel refuses to say. */
function kernelInterfaces(taken?: Snapshot): InterfaceReader {
  let known = taken;
  const snapshot = () => {
    known ??= takeSnapshot();
    return known;
  };
  return {
    facts: (name) => {
      const link = snapshot().links.get(name);
      return link && factsOf(link, snapshot());
    },
    privateMacvlans: (base, mac) => macvlansOn(snapshot(), base, mac),
    networks: (name) => networksOf(snapshot(), name),
    inNamespace(name) {
      try {
        return kernelInterfaces(inNetworkNamespace(namespacePath(name), takeSnapshot));
      } catch (error) {
        if (error instanceof SystemError) return undefined;
        throw error;
      }
    },
  };
}

function factsOf(link: Link, { names }: Snapshot): InterfaceFacts {
  const { mtu, loopback, multicast, noArp, type, kind, privateMacvlan, vrfTable, parent, parentElsewhere } = link;
  const base = parent === undefined || parentElsewhere ? undefined : names.get(parent);
  return {
    mtu,
    loopback,
    multicast,
    arp: !noArp,
    ethernet: type === ETHERNET,
    ...(kind !== undefined && { kind }),
    ...(kind === 'macvlan' && { isPrivate: privateMacvlan ?? false }),
    ...(base !== undefined && { base }),
    ...(vrfTable !== undefined && { vrfTable }),
  };
}

function macvlansOn({ links, macvlans }: Snapshot, base: string, mac: string): readonly string[] {
  return macvlans.get(`${links.get(base)?.ifindex} ${mac}`) ?? [];
}

function privateMacvlans(links: readonly Link[]): Snapshot['macvlans'] {
  const found = new Map<string, string[]>();
  for (const { privateMacvlan, parentElsewhere, parent, hardwareAddress, name } of links) {
    if (!privateMacvlan || parentElsewhere) continue;
    const key = `${parent} ${macText(hardwareAddress)}`;
    found.set(key, [...(found.get(key) ?? []), name]);
  }
  return found;
}

function networksOf({ links, addresses }: Snapshot, name: string): readonly Prefix[] {
  const link = links.get(name);
  return addresses
    .filter(({ ifindex }) => ifindex === link?.ifindex)
    .map(({ address, prefixLength }) => ({ address, prefixLength }));
}

function takeSnapshot(): Snapshot {
  const connection = new NetlinkConnection(openNetlinkSocket({ protocol: NETLINK_ROUTE }));
  try {
    const links = answered('link dump', connection.dump(linksRequest(), decodeLink));
    const addresses = answered('address dump', connection.dump(addressesRequest(), decodeAddress));
    return {
      links: new Map(links.map((link) => [link.name, link])),
      names: new Map(links.map((link) => [link.ifindex, link.name])),
      macvlans: privateMacvlans(links),
      addresses,
    };
  } finally {
    connection.close();
  }
}
