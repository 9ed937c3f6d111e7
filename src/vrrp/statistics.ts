/** Counters of one virtual router, in the order keepalived prints them (RFC 2787, vrrpRouterStatsTable). */
export interface Statistics {
  readonly advertReceived: number;
  readonly advertSent: number;
  readonly becomeMaster: number;
  readonly releaseMaster: number;
  readonly packetLengthError: number;
  readonly advertIntervalError: number;
  readonly ipTtlError: number;
  readonly invalidTypeReceived: number;
  readonly addressListError: number;
  readonly invalidAuthType: number;
  readonly authTypeMismatch: number;
  readonly authFailure: number;
  /** The auth_hmac extension's. */
  readonly authExtMissing: number;
  readonly authExtMalformed: number;
  readonly authExtUnknownKey: number;
  readonly authExtInvalidHmac: number;
  readonly authExtStale: number;
  readonly authExtReplay: number;
  readonly versionError: number;
  readonly checksumError: number;
  readonly priorityZeroReceived: number;
  readonly priorityZeroSent: number;
}

export type Counter = keyof Statistics;

export const noStatistics: Statistics = {
  advertReceived: 0,
  advertSent: 0,
  becomeMaster: 0,
  releaseMaster: 0,
  packetLengthError: 0,
  advertIntervalError: 0,
  ipTtlError: 0,
  invalidTypeReceived: 0,
  addressListError: 0,
  invalidAuthType: 0,
  authTypeMismatch: 0,
  authFailure: 0,
  authExtMissing: 0,
  authExtMalformed: 0,
  authExtUnknownKey: 0,
  authExtInvalidHmac: 0,
  authExtStale: 0,
  authExtReplay: 0,
  versionError: 0,
  checksumError: 0,
  priorityZeroReceived: 0,
  priorityZeroSent: 0,
};

export function count(statistics: Statistics, ...counters: readonly Counter[]): Statistics {
  const next: Record<Counter, number> = { ...statistics };
  for (const counter of counters) next[counter]++;
  return next;
}
