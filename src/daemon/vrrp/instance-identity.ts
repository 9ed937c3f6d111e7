import type { VrrpInstance } from '../../config/types.ts';
import type { IpAddress } from '../../lib/ip.ts';

/**
 * What makes two instances of different configurations the same virtual router; the name does not. Those with the same source
 * and other peers are told apart by their order. `sourceOf`: what an instance's adverts leave with, configured or not.
 */
export function identities(
  instances: readonly VrrpInstance[],
  sourceOf: (instance: VrrpInstance) => IpAddress | undefined,
): ReadonlyMap<VrrpInstance, string> {
  const seen = new Map<string, number>();
  return new Map(
    instances.map((instance) => {
      const identity = identityOf(instance, sourceOf);
      const position = seen.get(identity) ?? 0;
      seen.set(identity, position + 1);
      return [instance, `${identity} ${position}`];
    }),
  );
}

function identityOf(instance: VrrpInstance, sourceOf: (instance: VrrpInstance) => IpAddress | undefined): string {
  const { virtualRouterId, family, interface: name, unicast, multicastGroup, vmac } = instance;
  const where = unicast === undefined ? `group ${multicastGroup}` : `unicast ${sourceOf(instance) ?? ''}`;
  const below = vmac?.kind ?? 'bare';
  return `${virtualRouterId} ${family} ${name} ${below} ${where}`;
}
