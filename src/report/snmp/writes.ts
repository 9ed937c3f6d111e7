import type { Config } from '../../config/types.ts';
import type { ObserverRequest } from '../../ipc/observation.ts';
import { INSTANCE_ENTRY } from './instances.ts';
import { REAL_SERVER_ENTRY, realServerAt, WEIGHT_COLUMN } from './real-servers.ts';
import type { Oid } from './values.ts';

/** Error statuses of RFC 2741, section 7.2.4.1. */
const NOT_WRITABLE = 17;
const WRONG_TYPE = 7;
const WRONG_VALUE = 10;

const PRIORITY = 7;
const PREEMPT = 13;
const LARGEST_WEIGHT = 65535;

export type Write = { readonly request: ObserverRequest } | { readonly refusal: number };

/**
 * What it means to set `oid`: base priority and preemption of an instance, and the weight of a real server, can be set.
 * `value` is undefined where it is no INTEGER.
 */
export function writeOf(config: Config, oid: Oid, value: number | undefined): Write {
  const { snmp } = config.global;
  const within = (entry: Oid): boolean => entry.every((part, at) => oid[at] === part);
  if (snmp.vrrp && within(INSTANCE_ENTRY)) return instanceWrite(config, oid.slice(INSTANCE_ENTRY.length), value);
  if (snmp.checker && within(REAL_SERVER_ENTRY)) return weightWrite(config, oid.slice(REAL_SERVER_ENTRY.length), value);
  return { refusal: NOT_WRITABLE };
}

function instanceWrite({ instances }: Config, [column, index = 0, ...more]: Oid, value: number | undefined): Write {
  const instance = more.length === 0 ? instances[index - 1]?.name : undefined;
  if (instance === undefined || (column !== PRIORITY && column !== PREEMPT)) return { refusal: NOT_WRITABLE };
  if (value === undefined) return { refusal: WRONG_TYPE };
  if (column === PRIORITY) {
    if (value < 1 || value > 255) return { refusal: WRONG_VALUE };
    return { request: { type: 'adjust', instance, priority: value } };
  }
  if (value !== 1 && value !== 2) return { refusal: WRONG_VALUE };
  return { request: { type: 'adjust', instance, preempt: value === 1 } };
}

function weightWrite(config: Config, [column, virtual = 0, index = 0, ...more]: Oid, value: number | undefined): Write {
  const realServer = more.length === 0 ? realServerAt(config, virtual, index) : undefined;
  if (column !== WEIGHT_COLUMN || realServer === undefined) return { refusal: NOT_WRITABLE };
  if (value === undefined) return { refusal: WRONG_TYPE };
  if (value < 0 || value > LARGEST_WEIGHT) return { refusal: WRONG_VALUE };
  return { request: { type: 'weigh', virtualServer: virtual - 1, realServer, weight: value } };
}
