import { addressFamily } from '../../../src/lib/ip.ts';
import { type AddressLine, addressLine } from '../../address-line.ts';
import type { Scope, ValueKind } from '../../keyword.ts';
import { settleFamily } from './family.ts';

export const virtualAddress: ValueKind<AddressLine> = {
  ...addressLine,
  read(statement) {
    const line = addressLine.read(statement);
    if (!line) return undefined;
    const { scope, words } = statement;
    if (!settleFamily(scope, addressFamily(line.address))) {
      const message = `(${scope.name}): address family must match VRRP instance [${words[0]}] - ignoring`;
      return statement.refuse(message, 0);
    }
    if (!addresses(scope, 'virtual_ipaddress').some((other) => other.address === line.address)) return line;
    return statement.refuse(`(${scope.name}): VIP duplicates a VIP ${line.address} - ignoring`, 0);
  },
};

export const excludedAddress: ValueKind<AddressLine> = {
  ...addressLine,
  read(statement) {
    const line = addressLine.read(statement);
    if (!line) return undefined;
    const { scope } = statement;
    const others = [...addresses(scope, 'virtual_ipaddress'), ...addresses(scope, 'virtual_ipaddress_excluded')];
    if (!others.some((other) => other.address === line.address && other.interface === line.interface)) return line;
    return statement.refuse(`(${scope.name}): eVIP duplicates a VIP ${line.address} - ignoring`, 0);
  },
};

function addresses(scope: Scope, keyword: string): readonly AddressLine[] {
  return (scope.values[keyword] ?? []) as readonly AddressLine[];
}
