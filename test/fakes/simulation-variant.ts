import type { SyncGroup, TrackedItem, VrrpInstance } from '../../src/config/types.ts';
import { type Duration, micros, seconds } from '../../src/lib/duration.ts';
import type { IpAddress } from '../../src/lib/ip.ts';
import { nothingMore } from './plain-instance.ts';
import type { Random } from './random.ts';

/** What kind of network a simulation is of. */
export interface Variant {
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  readonly unicast: boolean;
  readonly interval: Duration;
  readonly preempt: boolean;
  readonly preemptDelay: Duration;
  /** Of each host, before the weight of the script that all hosts run. */
  readonly priorities: readonly number[];
  readonly addresses: readonly IpAddress[];
  readonly multicastGroup: IpAddress;
  /** Virtual routers of each host; several are a sync group. */
  readonly routers: number;
  readonly groups: readonly SyncGroup[];
  instancesOf(host: number): readonly VrrpInstance[];
}

/** A script that counts while it fails. */
export const weighing: TrackedItem = { name: 'check', weight: -60, reverse: false };

const noTracking = {
  ...{ trackInterfaces: [], trackScripts: [], trackFiles: [], trackProcesses: [], trackBfds: [] },
};

export function drawVariant(random: Random): Variant {
  const version = random.oneOf<2 | 3>(2, 3);
  const family = version === 3 ? random.oneOf<4 | 6>(4, 6) : 4;
  const routers = random.oneOf(1, 1, 1, 2, 3);
  const hosts = random.between(2, 4);
  const priorities = Array.from({ length: hosts }, () => random.between(70, 254));
  const addresses = priorities.map(
    (_, index) => (family === 4 ? `10.9.0.${index + 1}` : `fe80::${index + 1}`) as IpAddress,
  );
  const shape = {
    ...{ version, family, routers, priorities, addresses },
    unicast: random.chance(0.3),
    interval: version === 2 ? seconds(1) : micros(random.between(1, 20) * 50_000),
    preempt: random.chance(0.8),
    preemptDelay: random.chance(0.2) ? seconds(random.between(1, 3)) : seconds(0),
    multicastGroup: (family === 4 ? '224.0.0.18' : 'ff02::12') as IpAddress,
  };
  const instancesOf = (host: number): VrrpInstance[] =>
    Array.from({ length: routers }, (_, position) => instanceOf(shape, host, position));
  const members = instancesOf(0).map(({ name }) => name);
  const group = { name: 'G', members, notify: {}, smtpAlert: false, trackingWeight: true, ...noTracking };
  return { ...shape, groups: routers > 1 ? [group] : [], instancesOf };
}

function instanceOf(shape: Omit<Variant, 'groups' | 'instancesOf'>, host: number, position: number): VrrpInstance {
  const { version, family, interval, preempt, preemptDelay, multicastGroup, unicast, addresses, priorities } = shape;
  const address = (family === 4 ? `10.20.0.${position + 1}` : `fe80::20:${position + 1}`) as IpAddress;
  const peers = addresses
    .filter((_, index) => index !== host)
    .map((peer) => ({ address: peer, minimumTtl: 0, maximumTtl: 255 }));
  return {
    ...{ name: `V${position}`, version, family, interface: 'eth0', virtualRouterId: position + 1 },
    ...{ priority: priorities[host] ?? 100, initialState: 'backup', advertisementInterval: interval },
    ...{ preempt, preemptDelay, authentication: { type: 'none' }, multicastGroup },
    ...{
      virtualAddresses: [
        {
          address,
          prefixLength: family === 4 ? 24 : 64,
          interface: 'eth0',
          scope: 0,
          noDad: false,
          flags: 0,
          noTrack: false,
        },
      ],
    },
    excludedAddresses: [],
    garp: {
      ...{ delay: seconds(5), repeat: 5, refresh: seconds(0), refreshRepeat: 1 },
      ...{ lowerPriorityDelay: seconds(5), lowerPriorityRepeat: 5 },
    },
    ...{ downTimerAdverts: 3, skipCheckAdvertAddresses: false, lowerPriorityNoAdvert: false },
    ...{ higherPrioritySendAdvert: false, ownerIgnoreAdverts: false, strict: false, accept: true },
    ...{ trackPrimaryInterface: true, promoteSecondaries: false, notify: { reportDeleted: false } },
    ...{ smtpAlert: false, notifyPriorityChanges: false },
    ...nothingMore,
    ...(unicast && { unicast: { peers } }),
  };
}
