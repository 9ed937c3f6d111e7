import type { Prefix, VrrpInstance } from '../config/types.ts';
import { type IpAddress, printIp } from '../lib/ip.ts';
import { virtualRouterMac } from '../lib/virtual-router-mac.ts';

/** The virtual router's MAC address: 00-00-5E-00-01-{VRID}, of IPv6 -02- (RFC 5798, section 7.3), unless configured. */
export function virtualMac({ vmac, family, virtualRouterId }: VrrpInstance): Uint8Array {
  return vmac?.mac ?? virtualRouterMac(family, virtualRouterId);
}

/** The interface that adverts leave by and arrive at. */
export function advertInterface({ vmac, vmacTransmitBase, interface: base }: VrrpInstance): string {
  return vmac && !vmacTransmitBase ? vmac.name : base;
}

/** Its link-local address where nothing else gives one: made from a MAC address (RFC 4291, appendix A). */
export function linkLocalOf(mac: Uint8Array): IpAddress {
  const bytes = new Uint8Array(16);
  bytes.set([0xfe, 0x80]);
  bytes.set([(mac[0] as number) ^ 0x02, mac[1] as number, mac[2] as number, 0xff, 0xfe], 8);
  bytes.set(mac.subarray(3, 6), 13);
  return printIp(bytes);
}

/** Every copy of a link-local address has the network of its original. */
export const linkLocalLength: Prefix['prefixLength'] = 64;
