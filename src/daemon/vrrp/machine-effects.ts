import type { Instant } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import { wallClock } from '../../os/clock.ts';
import { keyedHashes } from '../../os/keyed-hash.ts';
import type { AddressKernel } from './address-kernel.ts';
import type { Announcer } from './announcer.ts';
import type { Carriers } from './carriers.ts';
import type { Interfaces } from './interfaces.ts';
import type { LinkStates } from './link-states.ts';
import type { RouterEffects } from './router-effects.ts';
import type { VirtualRouter } from './virtual-router.ts';
import type { VrrpSockets } from './vrrp-sockets.ts';

/** What virtual routers act by on this machine. */
export interface MachineParts extends Pick<RouterEffects, 'notify' | 'complained'> {
  readonly now: () => Instant;
  readonly log: Log;
  readonly detailed: boolean;
  readonly kernel: AddressKernel;
  readonly interfaces: Interfaces;
  readonly links: LinkStates;
  readonly sockets: VrrpSockets<VirtualRouter>;
  readonly carriers: Carriers;
  readonly announcer: Announcer;
  /** The announcer has more to do than before. */
  readonly announcing: () => void;
}

/** The effects that all virtual routers share, for the machine that this is. */
export function machineEffects(parts: MachineParts): Omit<RouterEffects, 'routing'> {
  const { now, log, detailed, kernel, interfaces, links, sockets, carriers, announcer } = parts;
  return {
    log,
    detailed,
    now,
    wallClock,
    hashes: keyedHashes,
    linkIsDown: (instance) => !interfaces.carry(instance),
    sendAdvert: (instance, source, datagram) => sockets.send(instance, source, datagram),
    repeatAdvert: (...advert) => sockets.repeat(...advert),
    addAddresses: (addresses) => {
      carriers.guard(addresses);
      kernel.addAddresses(addresses);
    },
    removeAddresses: (addresses, purge) => {
      kernel.deleteAddresses(addresses, { purge });
      carriers.release(addresses);
    },
    announce: (announcements, rounds, at) => {
      announcer.announce(announcements, rounds, at);
      parts.announcing();
    },
    hasVirtualMac: (name) => interfaces.named(name)?.kind === 'macvlan',
    limitLinkDelays: (instance, longest) => links.limit(instance, longest),
    stopAnnouncing: (owner) => announcer.drop(owner),
    notify: parts.notify,
    complained: parts.complained,
  };
}
