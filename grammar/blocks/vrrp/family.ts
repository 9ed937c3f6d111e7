import type { AddressFamily } from '../../../src/lib/ip.ts';
import type { Scope } from '../../keyword.ts';

/** The family an instance has by what was read of it so far. */
export function familyOf(scope: Scope): AddressFamily | undefined {
  return scope.facts.get('family') as AddressFamily | undefined;
}

/** The first address of an instance decides its family; true unless a later one differs. */
export function settleFamily(scope: Scope, family: AddressFamily): boolean {
  if (familyOf(scope) === undefined) scope.facts.set('family', family);
  return familyOf(scope) === family;
}
