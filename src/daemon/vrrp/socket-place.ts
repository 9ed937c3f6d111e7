import type { GlobalConfig, VrrpInstance } from '../../config/types.ts';
import type { IpAddress } from '../../lib/ip.ts';
import type { Device, VrrpSocketPlace } from '../../os/sockets/vrrp-socket-options.ts';
import { PROTOCOL_AH, AH_LENGTH } from '../../vrrp/authentication-header.ts';
import { AUTHENTICATION_LENGTH, IPV4_HEADER_LENGTH, PROTOCOL_VRRP, VRRP_HEADER_LENGTH } from '../../vrrp/packet.ts';
import { TRAILER_LENGTH } from '../../vrrp/trailer.ts';
import { advertInterface } from '../../vrrp/virtual-mac.ts';
import type { Interfaces } from './interfaces.ts';

/** Instances of one place share a socket pair. */
export interface SharedPlace extends VrrpSocketPlace {
  readonly protocol: number;
}

const IPV6_HEADER_LENGTH = 40;
/** Where the interface does not tell its own. */
const USUAL_MTU = 1500;

/** Where an instance hears and sends; undefined while its interface, or the address it hears on, does not exist. */
export function socketPlace(
  instance: VrrpInstance,
  sourceAddress: IpAddress | undefined,
  interfaces: Interfaces,
): SharedPlace | undefined {
  const { family, multicastGroup: group } = instance;
  const protocol = family === 4 && instance.authentication.type === 'ah' ? PROTOCOL_AH : PROTOCOL_VRRP;
  const name = instance.interface === '' ? instance.vrf : advertInterface(instance);
  const device = name === undefined ? undefined : deviceOf(name, interfaces);
  if (name !== undefined && device === undefined) return undefined;
  const devices = device && { listen: device, transmit: device };
  if (instance.unicast === undefined) return { family, protocol, ...devices, local: { group } };
  return sourceAddress === undefined ? undefined : { family, protocol, ...devices, local: { address: sourceAddress } };
}

export function placeKey({ family, protocol, listen, transmit, local }: SharedPlace): string {
  const at = (device: Device | undefined) => (device ? `${device.interface}#${device.ifindex}` : '');
  const what = 'group' in local ? `group ${local.group}` : `address ${local.address}`;
  return `${family} ${protocol} ${at(listen)} ${at(transmit)} ${what}`;
}

function deviceOf(name: string, interfaces: Interfaces): Device | undefined {
  const ifindex = interfaces.named(name)?.ifindex;
  return ifindex === undefined ? undefined : { interface: name, ifindex };
}

/**
 * Bytes that an instance adds to its socket's receive buffer: kernel_rx_buf_size, or what vrrp_rx_bufs_policy says; 0 leaves the
 * system's default.
 */
export function receiveBufferShare(instance: VrrpInstance, global: GlobalConfig, interfaces: Interfaces): number {
  if (instance.kernelReceiveBufferSize > 0) return instance.kernelReceiveBufferSize;
  const { vrrpPolicy, vrrpMultiplier } = global.receiveBuffers;
  if (vrrpPolicy === undefined) return 0;
  if (vrrpPolicy.bytes !== undefined) return vrrpPolicy.bytes;
  const mtu = interfaces.named(instance.interface)?.mtu ?? USUAL_MTU;
  return (vrrpPolicy.mtu ? mtu : advertLength(instance)) * vrrpMultiplier;
}

function advertLength({ family, version, virtualAddresses, authentication, authHmac }: VrrpInstance): number {
  const [header, size] = family === 4 ? [IPV4_HEADER_LENGTH, 4] : [IPV6_HEADER_LENGTH, 16];
  return (
    header +
    (authentication.type === 'ah' ? AH_LENGTH : 0) +
    VRRP_HEADER_LENGTH +
    virtualAddresses.length * size +
    (version === 2 && family === 4 ? AUTHENTICATION_LENGTH : 0) +
    (authHmac ? TRAILER_LENGTH : 0)
  );
}
