import type { AddressLine } from '../../grammar/address-line.ts';
import type { ConfigClass } from '../lib/diagnostic.ts';
import { type Duration, seconds } from '../lib/duration.ts';
import { type AddressFamily, addressFamily, type IpAddress } from '../lib/ip.ts';
import type { InterfaceFacts } from './environment.ts';
import type { RawInstance } from './raw.ts';
import type { GlobalConfig, GlobalDefaults } from './types.ts';

/** An instance on its way from what was written to what is in force. Rules change it in keepalived's order. */
export interface InstanceDraft {
  readonly raw: RawInstance;
  readonly name: string;
  readonly interface: string;
  /** The interface as it is now, if it exists. */
  readonly facts: InterfaceFacts | undefined;
  family: AddressFamily;
  version: 2 | 3;
  strict: boolean;
  priority: number;
  wantsMaster: boolean;
  password: string | undefined;
  preempt: boolean;
  preemptDelay: Duration;
  advertisementInterval: Duration;
  downTimerAdverts: number;
  accept: boolean;
  lowerPriorityDelay: Duration;
  lowerPriorityRepeat: number;
  lowerPriorityNoAdvert: boolean;
  higherPrioritySendAdvert: boolean;
  ownerIgnoreAdverts: boolean;
  sourceAddress: IpAddress | undefined;
  addresses: readonly AddressLine[];
  excluded: readonly AddressLine[];
  configurationFault: boolean;
}

export interface RuleContext {
  readonly global: GlobalConfig;
  readonly defaults: GlobalDefaults;
  report(problem: ConfigClass, message: string): void;
  log(message: string): void;
  /** The whole of VRRP gives up. */
  fatal(message: string): void;
}

export type InstanceRule = (draft: InstanceDraft, context: RuleContext) => void;

export function draftInstance(
  raw: RawInstance,
  facts: InterfaceFacts | undefined,
  context: RuleContext,
): InstanceDraft {
  const { defaults, global } = context;
  const first = raw.virtual_ipaddress?.[0]?.address ?? raw.mcast_src_ip;
  return {
    raw,
    name: raw.name,
    interface: raw.interface ?? '',
    facts,
    family: raw.native_ipv6 || (first !== undefined && addressFamily(first) === 6) ? 6 : 4,
    version: (raw.version ?? global.vrrpVersion) as 2 | 3,
    strict: raw.strict_mode ?? defaults.strict,
    priority: raw.priority ?? 0,
    wantsMaster: raw.state === 'MASTER',
    password: undefined,
    preempt: raw.nopreempt !== true,
    preemptDelay: raw.preempt_delay ?? seconds(0),
    advertisementInterval: raw.advert_int ?? seconds(1),
    downTimerAdverts: raw.down_timer_adverts ?? defaults.downTimerAdverts,
    accept: false,
    lowerPriorityDelay: defaults.garp.lowerPriorityDelay,
    lowerPriorityRepeat: defaults.garp.lowerPriorityRepeat,
    lowerPriorityNoAdvert: defaults.lowerPriorityNoAdvert,
    higherPrioritySendAdvert: defaults.higherPrioritySendAdvert,
    ownerIgnoreAdverts: false,
    sourceAddress: raw.mcast_src_ip,
    addresses: raw.virtual_ipaddress ?? [],
    excluded: raw.virtual_ipaddress_excluded ?? [],
    configurationFault: false,
  };
}
