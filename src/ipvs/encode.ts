import { hostIsLittleEndian } from '../lib/byte-order.ts';
import type { AddressFamily, IpAddress } from '../lib/ip.ts';
import { addressFamily, ipBytes } from '../lib/ip.ts';
import type { Attributes } from '../netlink/attribute.ts';
import { addressFamilies, transportProtocols } from '../netlink/shared-numbers.ts';
import type { destinationAttributes, serviceAttributes } from './attributes.ts';
import { forwardingMethods, tunnelTypes } from './numbers.ts';
import type { Destination, Service } from './types.ts';

/** What names a service to the kernel: all that deleting it or reaching its destinations needs. */
export function encodeServiceKey({ key }: Service): Attributes<typeof serviceAttributes> {
  if (key.kind === 'fwmark') return { family: addressFamilies[key.family], fwmark: key.fwmark };
  return {
    family: addressFamilies[addressFamily(key.address)],
    protocol: transportProtocols[key.protocol],
    address: key.address,
    port: key.port,
  };
}

export function encodeService(service: Service): Attributes<typeof serviceAttributes> {
  const { family, fwmark, protocol, address, port } = encodeServiceKey(service);
  return {
    family,
    fwmark,
    protocol,
    address,
    port,
    scheduler: service.scheduler,
    persistenceEngine: service.persistenceEngine,
    flags: { flags: service.flags, mask: 0xffff_ffff },
    timeout: service.timeout,
    netmask: encodeNetmask(service.netmask),
  };
}

/** What names a destination within its service. */
export function encodeDestinationKey({ address, port }: Destination): Attributes<typeof destinationAttributes> {
  return { family: addressFamilies[addressFamily(address)], address, port };
}

export function encodeDestination(destination: Destination): Attributes<typeof destinationAttributes> {
  const { address, port, forwardingMethod, weight, upperThreshold, lowerThreshold, tunnel } = destination;
  return {
    family: addressFamilies[addressFamily(address)],
    address,
    port,
    forwardingMethod: forwardingMethods[forwardingMethod],
    weight,
    tunnelType: forwardingMethod === 'TUN' ? tunnelTypes[tunnel?.type ?? 'ipip'] : undefined,
    tunnelPort: tunnel?.port,
    tunnelFlags: tunnel?.flags,
    upperThreshold,
    lowerThreshold,
  };
}

/** The family of a service, which a firewall mark does not show. */
export function serviceFamily({ key }: Service): AddressFamily {
  return key.kind === 'fwmark' ? key.family : addressFamily(key.address);
}

/** The attribute is __be32 for IPv4 but a plain number for IPv6. */
function encodeNetmask(netmask: IpAddress | number): Uint8Array {
  if (typeof netmask === 'string') return ipBytes(netmask);
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, netmask, hostIsLittleEndian);
  return bytes;
}
