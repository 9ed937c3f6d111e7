import type { Counter, Statistics } from '../vrrp/statistics.ts';
import { object } from './json-text.ts';

/** keepalived's names, in its order. */
const NAMES: readonly (readonly [string, Counter])[] = [
  ['advert_rcvd', 'advertReceived'],
  ['advert_sent', 'advertSent'],
  ['become_master', 'becomeMaster'],
  ['release_master', 'releaseMaster'],
  ['packet_len_err', 'packetLengthError'],
  ['advert_interval_err', 'advertIntervalError'],
  ['ip_ttl_err', 'ipTtlError'],
  ['invalid_type_rcvd', 'invalidTypeReceived'],
  ['addr_list_err', 'addressListError'],
  ['invalid_authtype', 'invalidAuthType'],
  ['authtype_mismatch', 'authTypeMismatch'],
  ['auth_failure', 'authFailure'],
  ['auth_ext_missing', 'authExtMissing'],
  ['auth_ext_malformed', 'authExtMalformed'],
  ['auth_ext_unknown_key', 'authExtUnknownKey'],
  ['auth_ext_invalid_hmac', 'authExtInvalidHmac'],
  ['auth_ext_stale', 'authExtStale'],
  ['auth_ext_replay', 'authExtReplay'],
  ['pri_zero_rcvd', 'priorityZeroReceived'],
  ['pri_zero_sent', 'priorityZeroSent'],
];

/** The counters of one instance. */
export function statisticsJson(counted: Statistics): string {
  return object(NAMES.map(([name, counter]) => [name, `${counted[counter]}`]));
}
