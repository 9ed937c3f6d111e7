import type { VrrpInstance } from '../../../src/config/types.ts';
import { type Instant, seconds } from '../../../src/lib/duration.ts';
import type { IpAddress } from '../../../src/lib/ip.ts';
import { initialMemory } from '../../../src/vrrp/memory.ts';
import { encapsulateIpv4, encodeAdvert } from '../../../src/vrrp/packet.ts';
import type { Parameters } from '../../../src/vrrp/parameters.ts';
import type { Action, Initialize } from '../../../src/vrrp/state.ts';
import { nothingMore } from '../../fakes/plain-instance.ts';

export const ip = (text: string) => text as IpAddress;
export const at = (secondsSinceBoot: number) => Math.round(secondsSinceBoot * 1e6) as Instant;

export function instance(changes: Partial<VrrpInstance> = {}): VrrpInstance {
  return {
    name: 'V',
    version: 2,
    family: 4,
    interface: 'eth0',
    virtualRouterId: 7,
    priority: 120,
    initialState: 'backup',
    advertisementInterval: seconds(1),
    preempt: true,
    preemptDelay: seconds(0),
    authentication: { type: 'none' },
    multicastGroup: ip('224.0.0.18'),
    virtualAddresses: [
      {
        address: ip('10.20.0.5'),
        prefixLength: 24,
        interface: 'eth0',
        scope: 0,
        noDad: false,
        flags: 0,
        noTrack: false,
      },
    ],
    excludedAddresses: [],
    garp: {
      delay: seconds(5),
      repeat: 5,
      refresh: seconds(0),
      refreshRepeat: 1,
      lowerPriorityDelay: seconds(5),
      lowerPriorityRepeat: 5,
    },
    downTimerAdverts: 3,
    skipCheckAdvertAddresses: false,
    lowerPriorityNoAdvert: false,
    higherPrioritySendAdvert: false,
    ownerIgnoreAdverts: false,
    strict: false,
    accept: true,
    trackPrimaryInterface: true,
    promoteSecondaries: false,
    notify: { reportDeleted: false },
    smtpAlert: false,
    notifyPriorityChanges: false,
    ...nothingMore,
    ...changes,
  };
}

export function parameters(changes: Partial<VrrpInstance> = {}, source = '10.20.0.1'): Parameters {
  const configured = instance(changes);
  return { instance: configured, effectivePriority: configured.priority, sourceAddress: ip(source) };
}

export function initialize(p: Parameters): Initialize {
  return { name: 'initialize', memory: initialMemory(p.instance.advertisementInterval) };
}

/** One word an action, so that an expected order reads as a line. */
export function words(actions: readonly Action[]): string {
  return actions
    .filter((action) => action.type !== 'log')
    .map((action) => {
      if (action.type === 'sendAdvert') return `advert:${action.priority}`;
      return action.type === 'notify' ? `notify:${action.state}` : action.type;
    })
    .join(' ');
}

export function logs(actions: readonly Action[]): string {
  return actions.flatMap((action) => (action.type === 'log' ? [action.event.event] : [])).join(' ');
}

/** A datagram as another router would send it. */
export function datagram(
  changes: {
    priority?: number;
    source?: string;
    ttl?: number;
    version?: 2 | 3;
    interval?: number;
    password?: string;
    vips?: string[];
  } = {},
): Uint8Array {
  const source = ip(changes.source ?? '10.20.0.2');
  const pdu = encodeAdvert({
    version: changes.version ?? 2,
    virtualRouterId: 7,
    priority: changes.priority ?? 100,
    interval: changes.interval ?? 1,
    addresses: (changes.vips ?? ['10.20.0.5']).map(ip),
    source,
    destination: ip('224.0.0.18'),
    ...(changes.password === undefined ? {} : { password: changes.password }),
  });
  return encapsulateIpv4(pdu, { source, destination: ip('224.0.0.18'), identification: 1, ttl: changes.ttl ?? 255 });
}
