import type { Config, VirtualAddress } from '../../config/types.ts';
import type { VrrpSurvey } from '../../ipc/observation.ts';
import { addressFamily } from '../../lib/ip.ts';
import { holders, VRRP } from './instances.ts';
import { type Columns, numbered, type SnmpTable, snmpTable } from './tree.ts';
import { addressType, addressValue, choice, gauge, given, integer, noAddress, scope, text } from './values.ts';

const ADDRESS_ENTRY = [...VRRP, 6, 1];

interface AddressRow {
  readonly address: VirtualAddress;
  readonly interfaceIndex: number;
  readonly isSet: boolean;
  readonly advertised: boolean;
}

/** Static addresses as those of instance 0, then the instances' own and their excluded ones. */
export function addressTable({ staticAddresses, instances }: Config, survey: VrrpSurvey): SnmpTable {
  const holds = holders(survey);
  const rowOf = (address: VirtualAddress, isSet: boolean, advertised: boolean): AddressRow => ({
    address,
    isSet,
    advertised,
    interfaceIndex: survey.interfaces[address.interface] ?? 0,
  });
  const fixed = staticAddresses.map((address) => rowOf(address, true, false));
  const rows = instances.flatMap(({ name, virtualAddresses, excludedAddresses }, at) => {
    const isSet = holds(name);
    const advertised = virtualAddresses.map((address) => rowOf(address, isSet, true));
    const excluded = excludedAddresses.map((address) => rowOf(address, isSet, false));
    return numbered([...advertised, ...excluded], [at + 1]);
  });
  return snmpTable(ADDRESS_ENTRY, columns, [...numbered(fixed, [0]), ...rows]);
}

const columns: Columns<AddressRow> = {
  2: ({ address }) => addressType(address.address),
  3: ({ address }) => addressValue(address.address),
  4: ({ address: { address, broadcast } }) => {
    if (addressFamily(address) === 6) return undefined;
    return broadcast === undefined ? noAddress(4) : addressValue(broadcast);
  },
  5: ({ address }) => gauge(address.prefixLength),
  6: ({ address }) => scope(address.scope),
  7: ({ interfaceIndex }) => integer(interfaceIndex),
  8: ({ address }) => text(address.interface),
  9: ({ address }) => given(address.label, text),
  10: ({ isSet }) => choice(isSet),
  11: ({ advertised }) => choice(advertised),
  12: ({ address }) => given(address.peer?.address, addressValue),
};
