import type { AddressFamily } from '../lib/ip.ts';
import type { TransportProtocol } from '../config/types.ts';
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

/** IP_VS_SVC_F_*, by the words of keepalived.conf where it has them. */
export const serviceFlags = {
  persistent: 0x1,
  /** The kernel's own mark for what it holds. */
  hashed: 0x2,
  onePacket: 0x4,
  /** Also IP_VS_SVC_F_SCHED_SH_FALLBACK and _MH_FALLBACK. */
  scheduler1: 0x8,
  /** Also IP_VS_SVC_F_SCHED_SH_PORT and _MH_PORT. */
  scheduler2: 0x10,
  scheduler3: 0x20,
} as const;

/** Schedulers of the kernel, each the module ip_vs_NAME. Others are passed on as they are named. */
export const schedulers = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'lblc',
  'lblcr',
  'dh',
  'sh',
  'mh',
  'sed',
  'nq',
  'fo',
  'ovf',
  'twos',
] as const;
