import type { AddressFamily } from './ip.ts';

/** A virtual router's MAC address: 00-00-5E-00-01-{VRID}, of IPv6 -02- (RFC 5798, section 7.3). */
export function virtualRouterMac(family: AddressFamily, virtualRouterId: number): Uint8Array {
  return Uint8Array.of(0x00, 0x00, 0x5e, 0x00, family === 4 ? 1 : 2, virtualRouterId);
}
