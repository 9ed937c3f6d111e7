import type { AddressLine } from '../../../grammar/address-line.ts';
import { isLinkLocal } from '../../lib/ip.ts';
import { isOwner } from '../../lib/priority.ts';
import type { InstanceDraft, InstanceRule, RuleContext } from '../instance-draft.ts';

export const usableInterface: InstanceRule = (draft, { report }) => {
  const { facts } = draft;
  if (!facts) return;
  if (!facts.multicast && !draft.peers) {
    const message = `(${draft.name}) interface ${draft.interface} does not support multicast - instance stays in fault state`;
    report('general-error', message);
    draft.configurationFault = true;
  }
};

/** Worth knowing, but no mistake; keepalived counts it as one all the same. */
export const withoutArp: InstanceRule = ({ name, facts }, { detailed, report }) => {
  if (detailed && facts && !facts.arp)
    report('general-error', `(${name}) disabling ARP since interface does not support it`);
};

/** RFC 5798, section 5.2.9: the first IPv6 address is the link-local one. */
export const firstAddressIsLinkLocal: InstanceRule = (draft, { report, log }) => {
  const first = draft.addresses[0]?.address;
  if (draft.family !== 6 || draft.peers || first === undefined || isLinkLocal(first)) return;
  if (draft.strict) report('general-error', `(${draft.name}) the first IPv6 VIP address must be link local`);
  else log(`(${draft.name}) the first IPv6 VIP address should be link local`);
};

/** What an advert has room for, and no more than its count field can say; the rest is held but not named. */
export const addressesFit: InstanceRule = (draft, { report }) => {
  const most = maximumAddresses(draft);
  if (draft.addresses.length <= most) return;
  const message = `(${draft.name}) Number of VIPs (${draft.addresses.length}) exceeds maximum/space available in packet (max ${most} addresses) - excess moved to eVIPs`;
  report('general-error', message);
  draft.excluded = [...draft.addresses.slice(most), ...draft.excluded];
  draft.addresses = draft.addresses.slice(0, most);
};

const ethernetHeader = 14;
const vrrpHeader = 8;
const version2Authentication = 8;
/** RFC 2402 with the 96 bits of RFC 2403. */
const authenticationHeader = 24;
const keyedHashTrailer = 28;

function maximumAddresses({ family, version, facts, authentication, authHmac }: InstanceDraft): number {
  const ipHeader = family === 4 ? 20 : 40;
  const overhead =
    ethernetHeader +
    ipHeader +
    vrrpHeader +
    (version === 2 ? version2Authentication : 0) +
    (authentication.type === 'ah' ? authenticationHeader : 0) +
    (authHmac ? keyedHashTrailer : 0);
  return Math.min(255, Math.floor(((facts?.mtu ?? 1500) - overhead) / (family === 4 ? 4 : 16)));
}

export const acceptMode: InstanceRule = (draft, { report }) => {
  const { accept, no_accept: refused } = draft.raw;
  const owner = isOwner(draft);
  draft.accept = accept ?? (refused === undefined && (owner || !draft.strict));
  if (draft.accept && accept && !owner && draft.strict && draft.version === 2) {
    const message = `(${draft.name}) warning - accept mode for VRRP version 2 does not comply with RFC3768 - resetting`;
    report('general-error', message);
    draft.accept = false;
  }
};

/** Said once when instances need the packet filter that nobody configured. */
export function packetFilter(drafts: readonly InstanceDraft[], { global, log }: RuleContext): void {
  if (global.nftables || global.iptables) return;
  if (!drafts.some(({ accept, virtualInterface }) => !accept || virtualInterface?.kind === 'macvlan')) return;
  log('use_vmac or no_accept/strict specified, but no firewall configured - using nftables');
}

/** Without an interface of its own or of the instance an address has no place. */
export const placedAddresses: InstanceRule = (draft, { report }) => {
  if (draft.interface !== '') return;
  const placed = (lines: readonly AddressLine[]) =>
    lines.filter((line) => {
      if (line.interface !== undefined) return true;
      report('general-error', `(${draft.name}) no interface for ip address ${line.address} - removing`);
      return false;
    });
  draft.addresses = placed(draft.addresses);
  draft.excluded = placed(draft.excluded);
};

export const hasAddresses: InstanceRule = (draft, { report, fatal }) => {
  if (draft.raw.no_virtual_ipaddress && draft.strict) {
    report('warning', `(${draft.name}) no_virtual_ipaddress is incompatible with strict mode - clearing`);
  } else if (draft.raw.no_virtual_ipaddress) return;
  if (draft.addresses.length > 0) return;
  if (draft.version === 3 || draft.strict) fatal(`(${draft.name}) No VIP specified; at least one is required`);
  else report('warning', `(${draft.name}) No VIP specified; at least one is sensible`);
};
