import type { InstanceDraft, InstanceRule, RuleContext } from '../instance-draft.ts';
import type { RawInstance } from '../raw.ts';
import {
  acceptMode,
  addressesFit,
  firstAddressIsLinkLocal,
  hasAddresses,
  placedAddresses,
  usableInterface,
  withoutArp,
} from './instance-addresses.ts';
import { keyedHash } from './instance-hmac.ts';
import { authentication, ownerIgnoresAdverts, preemption, priorityAndState, version } from './instance-identity.ts';
import { advertAnswers, advertisementInterval, downTimer, lowerPriorityGarp, timerExpired } from './instance-timing.ts';
import { ownInterfaceTracked, weightlessTracking } from './instance-tracking.ts';
import {
  hopLimit,
  multicastGroup,
  sourceWithoutInterface,
  strictMulticast,
  trackedSource,
  unicast,
  vrf,
} from './instance-unicast.ts';
import {
  addressesWithVmac,
  ethernetBase,
  extraAnnouncements,
  ipvlanAddress,
  macAddress,
  virtualInterfaceOptions,
} from './instance-vmac.ts';

/** One sequence, in keepalived's order: each rule sees what the ones before it decided. */
export const instanceRules: readonly InstanceRule[] = [
  version,
  priorityAndState,
  authentication,
  keyedHash,
  unicast,
  hopLimit,
  strictMulticast,
  sourceWithoutInterface,
  macAddress,
  ethernetBase,
  usableInterface,
  withoutArp,
  firstAddressIsLinkLocal,
  vrf,
  addressesFit,
  preemption,
  downTimer,
  timerExpired,
  acceptMode,
  multicastGroup,
  lowerPriorityGarp,
  advertAnswers,
  ownerIgnoresAdverts,
  advertisementInterval,
  trackedSource,
  virtualInterfaceOptions,
  ipvlanAddress,
  ownInterfaceTracked,
  addressesWithVmac,
  placedAddresses,
  extraAnnouncements,
  hasAddresses,
  weightlessTracking,
];

/** What an instance cannot be without; looked at before anything else. */
export function isComplete(raw: RawInstance, { fatal }: RuleContext): boolean {
  if (raw.virtual_router_id === undefined) fatal(`(${raw.name}) the virtual router id must be set`);
  else if (raw.interface === undefined && !raw.unicast) fatal(`(${raw.name}) Unknown interface!`);
  else return true;
  return false;
}

/**
 * Two virtual routers of one family and identifier must not hear each other's adverts as their own. Where interfaces may
 * change, what clashes now need not clash later: one of the two is in the fault state.
 */
export function distinctVirtualRouters(drafts: readonly InstanceDraft[], context: RuleContext): void {
  for (const [i, draft] of drafts.entries()) {
    for (const other of drafts.slice(i + 1)) {
      if (!clash(draft, other, context)) continue;
      const { virtual_router_id: vrid } = draft.raw;
      if (!draft.peers && context.defaults.dynamicInterfaces === 'changeable') {
        context.log(
          `(${draft.name}) - warning, VRID ${vrid} for IPv${draft.family} is currently duplicated on ${other.name}`,
        );
        draft.configurationFault = true;
        continue;
      }
      context.fatal(
        draft.peers
          ? `(${draft.name}) duplicate VRID conflict with ${other.name} VRID ${vrid}`
          : `${draft.name} and ${other.name} both use VRID ${vrid} with IPv${draft.family} on interface ${draft.interface}`,
      );
    }
  }
}

function clash(one: InstanceDraft, other: InstanceDraft, context: RuleContext): boolean {
  if (one.raw.virtual_router_id !== other.raw.virtual_router_id || one.family !== other.family) return false;
  if (!one.peers && !other.peers) {
    const base = baseOf(one, context);
    return base !== undefined && base === baseOf(other, context) && one.multicastGroup === other.multicastGroup;
  }
  if (!one.peers || !other.peers || one.sourceAddress !== other.sourceAddress) return false;
  if (one.interface !== '' && other.interface !== '' && one.interface !== other.interface) return false;
  const peers = other.peers.map(({ address }) => address);
  return one.peers.some(({ address }) => peers.includes(address));
}

/** The interface below a macvlan or the like, of those that exist now. */
function baseOf(draft: InstanceDraft, context: RuleContext): string | undefined {
  const { facts } = draft;
  if (!facts) return undefined;
  const stacked = facts.kind === 'macvlan' || facts.kind === 'ipvlan';
  return stacked && facts.base !== undefined && context.interfaceFacts(facts.base) ? facts.base : draft.interface;
}
