import type { VrrpInstance } from '../../config/types.ts';
import type { Instant } from '../../lib/duration.ts';
import { lacksTrackedSource, sourceOf } from './advert-source.ts';
import type { Interfaces } from './interfaces.ts';
import type { LinkStates } from './link-states.ts';
import type { VirtualRouter } from './virtual-router.ts';

/** Tells a router at `now` what its interface is like. */
export function showInterface(router: VirtualRouter, links: LinkStates, interfaces: Interfaces, now: Instant): void {
  const { instance } = router;
  const up = carries(instance, links, interfaces) || !instance.trackPrimaryInterface;
  router.setFault('configuration', instance.configurationFault === true, now);
  router.setFault('interfaceDown', !up, now);
  router.setFault('sourceAddressAbsent', lacksTrackedSource(instance, interfaces), now);
  router.useSourceAddress(sourceOf(instance, interfaces), now);
}

/** A virtual interface has the carrier of the one below, and is late to say so. */
function carries({ interface: name, vmac }: VrrpInstance, links: LinkStates, interfaces: Interfaces): boolean {
  return name === '' || (links.isUp(name) && (vmac === undefined || interfaces.named(vmac.name)?.up === true));
}
