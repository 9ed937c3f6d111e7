/** linux/rtnetlink.h: RTM_* */
export const routeMessage = {
  newLink: 16,
  deleteLink: 17,
  getLink: 18,
  newAddress: 20,
  deleteAddress: 21,
  getAddress: 22,
  newRoute: 24,
  deleteRoute: 25,
  getRoute: 26,
  newRule: 32,
  deleteRule: 33,
  getRule: 34,
} as const;

/** linux/rtnetlink.h: RTNLGRP_*, to be joined by a socket that listens for events. */
export const routeGroup = { link: 1, ipv4Address: 5, ipv6Address: 9 } as const;

/** linux/rtnetlink.h: RTNLGRP_*; only joined where somebody's routes or rules matter, for there may be many. */
export const routingGroup = { ipv4Route: 7, ipv4Rule: 8, ipv6Route: 11, ipv6Rule: 19 } as const;

/** linux/if.h: IFF_* */
export const linkFlag = {
  up: 0x1,
  broadcast: 0x2,
  loopback: 0x8,
  pointToPoint: 0x10,
  running: 0x40,
  noArp: 0x80,
  multicast: 0x1000,
} as const;

/** linux/if_link.h: MACVLAN_MODE_PRIVATE */
export const MACVLAN_PRIVATE = 1;
