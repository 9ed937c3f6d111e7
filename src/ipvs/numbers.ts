import type { TransportProtocol } from '../config/types.ts';
import type { AddressFamily } from '../lib/ip.ts';
import type { DestinationForwarding, Tunnel } from './types.ts';

/** AF_INET, AF_INET6 */
export const addressFamilies: Readonly<Record<AddressFamily, number>> = { 4: 2, 6: 10 };

/** IPPROTO_* */
export const transportProtocols: Readonly<Record<TransportProtocol, number>> = { TCP: 6, UDP: 17, SCTP: 132 };

/** IP_VS_CONN_F_MASQ, LOCALNODE, TUNNEL, DROUTE, BYPASS */
export const forwardingMethods: Readonly<Record<DestinationForwarding, number>> = {
  NAT: 0,
  LOCAL: 1,
  TUN: 2,
  DR: 3,
  BYPASS: 4,
};

/** IP_VS_CONN_F_TUNNEL_TYPE_* */
export const tunnelTypes: Readonly<Record<Tunnel['type'], number>> = { ipip: 0, gue: 1, gre: 2 };
