import type { VirtualAddress, Vmac, VrrpInstance } from '../config/types.ts';
import { type AddressFamily, addressFamily, type IpAddress } from '../lib/ip.ts';
import { virtualRouterMac } from '../lib/virtual-router-mac.ts';
import { virtualMac } from './virtual-mac.ts';

/** A virtual interface that an instance runs on, or that some of its addresses need. */
export interface WantedInterface {
  readonly name: string;
  /** The instance that needs it, the first of them. */
  readonly instance: string;
  readonly kind: Vmac['kind'];
  /** Name of the interface below. */
  readonly base: string;
  /** The family of its addresses; of the instance where it is the instance's own. */
  readonly family: AddressFamily;
  /** It gets IPv6 addresses, or its instance has some somewhere. */
  readonly carriesIpv6: boolean;
  /** As {@link carriesIpv6}, of IPv4. */
  readonly carriesIpv4: boolean;
  /** Of a macvlan. */
  readonly mac?: Uint8Array;
  readonly linkGroup?: number;
  readonly ipvlanFlags?: NonNullable<Vmac['ipvlanFlags']>;
  /** An ipvlan's own. */
  readonly address?: NonNullable<Vmac['address']>;
  /** It needs an IPv6 link-local address: not where adverts leave by the interface below. */
  readonly hasLinkLocal: boolean;
  /** IPv6 adverts leave with it. */
  readonly sourceAddress?: IpAddress;
}

/** Each once, in the order in which they are made: an instance's own comes before those of its addresses. */
export function wantedInterfaces(instances: readonly VrrpInstance[]): readonly WantedInterface[] {
  const wanted = new Map<string, WantedInterface>();
  for (const instance of instances) {
    const addresses = [...instance.virtualAddresses, ...instance.excludedAddresses];
    if (instance.vmac) {
      const own = ownInterface(instance, instance.vmac, addresses);
      if (!wanted.has(own.name)) wanted.set(own.name, own);
    }
    for (const address of addresses) {
      const { interface: name, base } = address;
      if (base !== undefined && !wanted.has(name)) wanted.set(name, ofAddress(instance, address, base));
    }
  }
  return [...wanted.values()];
}

/** Whether an interface made as `made` serves: a reload that moves addresses of one family must not take those of the other away. */
export function sameLink(wanted: WantedInterface, made: WantedInterface): boolean {
  return sameButMac(wanted, made) && wanted.mac?.join() === made.mac?.join();
}

/** Whether it serves with another MAC address. */
export function sameButMac(wanted: WantedInterface, made: WantedInterface): boolean {
  const key = ({ instance: _, mac: __, carriesIpv4: ___, carriesIpv6: ____, ...rest }: WantedInterface) =>
    JSON.stringify(rest);
  return key(wanted) === key(made);
}

function ownInterface(instance: VrrpInstance, vmac: Vmac, addresses: readonly VirtualAddress[]): WantedInterface {
  const { name, kind, linkGroup, ipvlanFlags, address } = vmac;
  const { family, sourceAddress } = instance;
  const hasFamily = (wanted: AddressFamily): boolean =>
    family === wanted || addresses.some((one) => addressFamily(one.address) === wanted);
  return {
    name,
    kind,
    family,
    instance: instance.name,
    base: instance.interface,
    carriesIpv4: hasFamily(4),
    carriesIpv6: hasFamily(6),
    hasLinkLocal: family === 6 && !instance.vmacTransmitBase,
    ...(kind === 'macvlan' && { mac: virtualMac(instance) }),
    ...(linkGroup !== undefined && { linkGroup }),
    ...(ipvlanFlags && { ipvlanFlags }),
    ...(address && { address }),
    ...(family === 6 && sourceAddress !== undefined && { sourceAddress }),
  };
}

function ofAddress(
  instance: VrrpInstance,
  { address, interface: name }: VirtualAddress,
  base: string,
): WantedInterface {
  const family = addressFamily(address);
  return {
    name,
    kind: 'macvlan',
    family,
    base,
    instance: instance.name,
    carriesIpv4: family === 4,
    carriesIpv6: family === 6,
    hasLinkLocal: family === 6,
    mac: instance.vmac?.mac ?? virtualRouterMac(family, instance.virtualRouterId),
  };
}
