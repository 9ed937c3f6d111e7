import type { AddressFamily } from '../lib/ip.ts';

/** AF_INET, AF_INET6 */
export const addressFamilies: Readonly<Record<AddressFamily, number>> = { 4: 2, 6: 10 };

/** The family that a header tells; undefined for one that is neither of IP's. */
export function familyOf(number: number): AddressFamily | undefined {
  if (number === addressFamilies[4]) return 4;
  return number === addressFamilies[6] ? 6 : undefined;
}

/** IPPROTO_* */
export const transportProtocols = { TCP: 6, UDP: 17, SCTP: 132 } as const;
