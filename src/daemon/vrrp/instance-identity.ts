import type { VrrpInstance } from '../../config/types.ts';

/**
 * What makes two instances of different configurations the same virtual router; the name does not. Those with the same source
 * and other peers are told apart by their order.
 */
export function identities(instances: readonly VrrpInstance[]): ReadonlyMap<VrrpInstance, string> {
  const seen = new Map<string, number>();
  return new Map(
    instances.map((instance) => {
      const identity = identityOf(instance);
      const position = seen.get(identity) ?? 0;
      seen.set(identity, position + 1);
      return [instance, `${identity} ${position}`];
    }),
  );
}

function identityOf({
  virtualRouterId,
  family,
  interface: name,
  unicast,
  sourceAddress,
  multicastGroup,
  vmac,
  vmacTransmitBase,
}: VrrpInstance) {
  const where = unicast === undefined ? `group ${multicastGroup}` : `unicast ${sourceAddress ?? ''}`;
  const below = vmac === undefined ? 'bare' : `${vmac.kind} ${vmacTransmitBase}`;
  return `${virtualRouterId} ${family} ${name} ${below} ${where}`;
}
