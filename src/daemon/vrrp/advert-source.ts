import type { VrrpInstance } from '../../config/types.ts';
import type { AddressFamily, IpAddress } from '../../lib/ip.ts';
import { advertInterface } from '../../vrrp/virtual-mac.ts';
import type { Interfaces } from './interfaces.ts';

/**
 * The address adverts leave with: what is configured, or the first of its interface. Over IPv6 a virtual interface that they
 * leave by has one of its own, which is lost when somebody takes it down.
 */
export function sourceOf(instance: VrrpInstance, interfaces: Interfaces): IpAddress | undefined {
  const { sourceAddress, family } = instance;
  const name = family === 6 ? advertInterface(instance) : instance.interface;
  return sourceAddress ?? firstAddress(name, instance, family, interfaces);
}

/** Its socket is bound to whatever address the interface has. */
export function hearsOnOwnAddress({ unicast, sourceAddress }: VrrpInstance): boolean {
  return unicast !== undefined && sourceAddress === undefined;
}

/** The first address of the instance's interface that is none of its virtual ones. */
export function ownAddress(
  instance: VrrpInstance,
  family: AddressFamily,
  interfaces: Interfaces,
): IpAddress | undefined {
  return firstAddress(instance.interface, instance, family, interfaces);
}

function firstAddress(
  name: string,
  { virtualAddresses, excludedAddresses }: VrrpInstance,
  family: AddressFamily,
  interfaces: Interfaces,
): IpAddress | undefined {
  const virtual = new Set<IpAddress>(virtualAddresses.map(({ address }) => address));
  for (const { address } of excludedAddresses) virtual.add(address);
  return interfaces.sourceAddress(name, family, virtual);
}

/**
 * track_src_ip: the configured address of unicast must be there, on the instance's interface if it has one. Of multicast
 * keepalived never looks at it.
 */
export function lacksTrackedSource(instance: VrrpInstance, interfaces: Interfaces): boolean {
  const { trackSourceAddress, sourceAddress, unicast, interface: name } = instance;
  if (!trackSourceAddress || sourceAddress === undefined || unicast === undefined) return false;
  return name === '' ? !interfaces.holdsAnywhere(sourceAddress) : !interfaces.holds(name, sourceAddress);
}
