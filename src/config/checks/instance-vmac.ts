import type { AddressLine } from '../../../grammar/address-line.ts';
import { micros } from '../../lib/duration.ts';
import { addressFamily, printPrefix } from '../../lib/ip.ts';
import type { InstanceRule } from '../instance-draft.ts';

/** A configured MAC address is not that of RFC 5798, section 7.3; five octets are completed by the identifier. */
export const macAddress: InstanceRule = (draft, { report }) => {
  const line = draft.virtualInterface;
  if (!line?.mac) return;
  if (draft.strict) {
    report('general-error', `(${draft.name}): cannot specify MAC address with strict mode - clearing`);
    const { mac: _, ...rest } = line;
    draft.virtualInterface = rest;
  } else if (line.mac.length === 5) {
    draft.virtualInterface = { ...line, mac: [...line.mac, draft.raw.virtual_router_id as number] };
  }
};

export const ethernetBase: InstanceRule = (draft, { report }) => {
  if (!draft.virtualInterface || !draft.facts || draft.facts.ethernet) return;
  const message = `(${draft.name}) interface ${draft.interface} is not an Ethernet interface - VMAC/ipvlan cannot be used`;
  report('general-error', message);
  draft.virtualInterface = undefined;
  draft.vmacAddresses = false;
  draft.vmacTransmitBase = false;
  draft.configurationFault = true;
};

/** What an ipvlan or the base interface cannot do, and what a macvlan does anyway. */
export const virtualInterfaceOptions: InstanceRule = (draft, { report }) => {
  const { virtualInterface: line, name } = draft;
  const complain = (message: string): void => report('general-error', `(${name}) ${message}`);
  if (line?.kind === 'macvlan' && draft.strict && draft.vmacTransmitBase) {
    complain('xmit_base is incompatible with strict mode - resetting');
    draft.vmacTransmitBase = false;
  }
  if (line && draft.promoteSecondaries) {
    complain('promote_secondaries is automatically set for vmacs - ignoring');
    draft.promoteSecondaries = false;
  }
  if (line?.kind !== 'macvlan' && draft.vmacTransmitBase) {
    complain('vmac_xmit_base is only valid with a vmac');
    draft.vmacTransmitBase = false;
  }
};

/** An ipvlan has the MAC address of its base: only an address of its own sets it apart. */
export const ipvlanAddress: InstanceRule = (draft, { report }) => {
  const { virtualInterface: line, name } = draft;
  if (line?.kind !== 'ipvlan') return;
  if (!line.address) {
    if (draft.family === 6) return;
    report(
      'general-error',
      `(${name}) IPv4 ipvlan requires a source ip address to be configured. setting instance to fault state`,
    );
  } else if (addressFamily(line.address.address) !== draft.family) {
    report(
      'general-error',
      `(${name}) ipvlan address must be of the family of the instance. setting instance to fault state`,
    );
  } else {
    draft.sourceAddress ??= line.address.address;
    return;
  }
  draft.configurationFault = true;
};

/** What the instance does for its addresses anyway need not be asked for by each. */
export const addressesWithVmac: InstanceRule = (draft, { report }) => {
  const ownVmac = draft.virtualInterface?.kind === 'macvlan';
  const settle = (line: AddressLine): AddressLine => {
    if (!line.useVmac) return line;
    const elsewhere = line.interface !== undefined && line.interface !== draft.interface;
    const implied = elsewhere || addressFamily(line.address) !== draft.family ? draft.vmacAddresses : ownVmac;
    if (!implied) return line;
    const which = `use_vmac specified for VIP/eVIP ${printPrefix(line)}`;
    const message = elsewhere ? `use_vmac_addr specified and ${which}` : `${which} and vrrp instance`;
    report('general-error', `(${draft.name}) ${message}`);
    const { useVmac: _, ...rest } = line;
    return rest;
  };
  draft.addresses = draft.addresses.map(settle);
  draft.excluded = draft.excluded.map(settle);
};

/** An address on another interface is what further announcements are for. */
export const extraAnnouncements: InstanceRule = (draft) => {
  const elsewhere = [...draft.addresses, ...draft.excluded].some(
    ({ interface: name, useVmac }) => useVmac || (name !== undefined && name !== draft.interface),
  );
  if (!elsewhere) draft.extra = { ...draft.extra, interval: micros(0) };
};
