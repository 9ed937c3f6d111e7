/** linux/rtnetlink.h: RTPROT_KEEPALIVED, which addresses, routes and rules of ours bear, so that an operator sees whose they are. */
export const keepalivedProtocol = 18;

/** linux/rtnetlink.h: RT_TABLE_MAIN */
export const mainTable = 254;

/** linux/rtnetlink.h: RTN_* */
export const routeType = {
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
  nat: 10,
  xresolve: 11,
} as const;

/** linux/rtnetlink.h: RT_SCOPE_*, of addresses as of routes; the first goes by the name `global`, too. */
export const routeScope = { universe: 0, site: 200, link: 253, host: 254, nowhere: 255 } as const;

/** linux/fib_rules.h: FR_ACT_* */
export const ruleAction = { toTable: 1, goto: 2, nop: 3, blackhole: 6, unreachable: 7, prohibit: 8 } as const;

/** linux/if_addr.h: IFA_F_* */
export const addressFlag = {
  noDad: 0x2,
  home: 0x10,
  mngtmpaddr: 0x100,
  noprefixroute: 0x200,
  autojoin: 0x400,
} as const;
