import type { Instant } from '../../lib/duration.ts';
import { lacksTrackedSource, sourceOf } from './advert-source.ts';
import type { Interfaces } from './interfaces.ts';
import type { LinkStates } from './link-states.ts';
import type { VirtualRouter } from './virtual-router.ts';

/** Tells a router at `now` what its interface is like. */
export function showInterface(router: VirtualRouter, links: LinkStates, interfaces: Interfaces, now: Instant): void {
  const { instance } = router;
  const { interface: name, vmac, trackPrimaryInterface } = instance;
  router.setFault('configuration', instance.configurationFault === true, now);
  const down = trackPrimaryInterface && name !== '' && !links.isUp(name);
  const virtualDown = trackPrimaryInterface && vmac !== undefined && !links.isUp(vmac.name);
  if (virtualDown) router.setFault('virtualInterfaceDown', true, now);
  router.setFault('interfaceDown', down, now);
  if (!virtualDown) router.setFault('virtualInterfaceDown', false, now);
  router.setFault('sourceAddressAbsent', lacksTrackedSource(instance, interfaces), now);
  router.useSourceAddress(sourceOf(instance, interfaces), now);
}
