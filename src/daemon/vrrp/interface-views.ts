import type { AddressFamily, IpAddress } from '../../lib/ip.ts';
import type { InterfaceView } from './interface-changes.ts';
import type { Interfaces } from './interfaces.ts';
import type { LinkStates } from './link-states.ts';
import { advertInterface } from '../../vrrp/virtual-mac.ts';
import { ownAddress } from './advert-source.ts';
import type { VirtualRouter } from './virtual-router.ts';

/** What virtual routers see of their own interfaces and of those they track besides. */
export function interfaceViews(
  routers: readonly VirtualRouter[],
  tracked: readonly string[],
  interfaces: Interfaces,
  links: LinkStates,
): Map<string, InterfaceView> {
  const views = new Map<string, InterfaceView>();
  const view = (name: string, addressOf: (family: AddressFamily) => IpAddress | undefined): void => {
    if (name === '' || views.has(name)) return;
    const addresses = { 4: addressOf(4), 6: addressOf(6) };
    const exists = interfaces.named(name) !== undefined;
    views.set(name, { exists, up: links.isUp(name), polled: links.isPolled(name), addresses });
  };
  for (const { instance } of routers) {
    view(instance.interface, (family) => ownAddress(instance, family, interfaces));
    const virtual = instance.vmac?.name;
    if (virtual === undefined) continue;
    const own = advertInterface(instance) === virtual ? interfaces.sourceAddress(virtual, 6) : undefined;
    // Its coming and going is told by whoever makes it.
    views.set(virtual, { exists: true, up: links.isUp(virtual), addresses: { 4: undefined, 6: own } });
  }
  for (const name of tracked) {
    view(name, (family) => interfaces.sourceAddress(name, family));
  }
  return views;
}
