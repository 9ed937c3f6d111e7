import type { DestinationForwarding, Tunnel } from './types.ts';

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
