import type { ServiceKey } from '../config/types.ts';
import { hostIsLittleEndian } from '../lib/byte-order.ts';
import { type AddressFamily, type IpAddress, printIp } from '../lib/ip.ts';
import type { Attributes } from '../netlink/attribute.ts';
import { familyOf, transportProtocols } from '../netlink/shared-numbers.ts';
import type { destinationAttributes, serviceAttributes } from './attributes.ts';
import { forwardingMethods, tunnelTypes } from './numbers.ts';
import type { Destination, Service, Tunnel } from './types.ts';

/** IP_VS_CONN_F_FWD_MASK */
const FORWARDING_MASK = 0x7;

/** A service as the kernel reports it; undefined when it lacks what every service has. */
export function decodeService(attributes: Attributes<typeof serviceAttributes>): Service | undefined {
  const { scheduler, flags, timeout, netmask } = attributes;
  const family = attributes.family === undefined ? undefined : familyOf(attributes.family);
  if (family === undefined || scheduler === undefined || flags === undefined || netmask === undefined) return undefined;
  const key = decodeKey(attributes, family);
  if (!key) return undefined;
  return {
    key,
    scheduler,
    flags: flags.flags,
    timeout: timeout ?? 0,
    netmask: decodeNetmask(netmask, family),
    ...(attributes.persistenceEngine !== undefined && { persistenceEngine: attributes.persistenceEngine }),
  };
}

/** A destination as the kernel reports it; kernels before 3.18 leave the family to that of the service. */
export function decodeDestination(
  attributes: Attributes<typeof destinationAttributes>,
  serviceFamily: AddressFamily,
): Destination | undefined {
  const { address, port, weight, upperThreshold = 0, lowerThreshold = 0 } = attributes;
  const family = attributes.family === undefined ? serviceFamily : familyOf(attributes.family);
  const forwardingMethod = keyOf(forwardingMethods, (attributes.forwardingMethod ?? 0) & FORWARDING_MASK);
  if (!address || port === undefined || weight === undefined || !family || !forwardingMethod) return undefined;
  const tunnel = forwardingMethod === 'TUN' ? decodeTunnel(attributes) : undefined;
  return {
    address: inetAddress(address, family),
    port,
    forwardingMethod,
    weight,
    upperThreshold,
    lowerThreshold,
    ...(tunnel && { tunnel }),
  };
}

function decodeKey(attributes: Attributes<typeof serviceAttributes>, family: AddressFamily): ServiceKey | undefined {
  const { fwmark, address, port } = attributes;
  if (fwmark !== undefined && fwmark !== 0) return { kind: 'fwmark', fwmark, family };
  const protocol = keyOf(transportProtocols, attributes.protocol);
  if (!address || port === undefined || protocol === undefined) return undefined;
  return { kind: 'address', address: inetAddress(address, family), port, protocol };
}

/** IP in IP is what a destination without tunnel attributes does, so it is left out. */
function decodeTunnel(attributes: Attributes<typeof destinationAttributes>): Tunnel | undefined {
  const type = keyOf(tunnelTypes, attributes.tunnelType ?? 0);
  if (type === undefined || type === 'ipip') return undefined;
  return { type, port: attributes.tunnelPort ?? 0, flags: attributes.tunnelFlags ?? 0 };
}

function decodeNetmask(bytes: Uint8Array, family: AddressFamily): IpAddress | number {
  if (family === 4) return printIp(bytes);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, hostIsLittleEndian);
}

function inetAddress(bytes: IpAddress | Uint8Array, family: AddressFamily): IpAddress {
  if (typeof bytes === 'string') return bytes;
  return printIp(family === 4 ? bytes.subarray(0, 4) : bytes);
}

/** The name that a table gives to a kernel number. */
function keyOf<K extends string>(table: Readonly<Record<K, number>>, value: number | undefined): K | undefined {
  return (Object.keys(table) as K[]).find((name) => table[name] === value);
}
