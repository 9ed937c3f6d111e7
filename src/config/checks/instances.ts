import type { InstanceDraft, InstanceRule, RuleContext } from '../instance-draft.ts';
import {
  acceptMode,
  addressesFit,
  firstAddressIsLinkLocal,
  hasAddresses,
  usableInterface,
} from './instance-addresses.ts';
import { authentication, ownerIgnoresAdverts, preemption, priorityAndState, version } from './instance-identity.ts';
import { advertAnswers, advertisementInterval, downTimer, lowerPriorityGarp } from './instance-timing.ts';

/** One sequence, in keepalived's order: each rule sees what the ones before it decided. */
export const instanceRules: readonly InstanceRule[] = [
  version,
  priorityAndState,
  authentication,
  usableInterface,
  firstAddressIsLinkLocal,
  addressesFit,
  preemption,
  downTimer,
  acceptMode,
  lowerPriorityGarp,
  advertAnswers,
  ownerIgnoresAdverts,
  advertisementInterval,
  hasAddresses,
];

/** Two multicast instances may not share interface, family, group and virtual router identifier. */
export function distinctVirtualRouters(drafts: readonly InstanceDraft[], { fatal }: RuleContext): void {
  const seen = new Map<string, InstanceDraft>();
  for (const draft of drafts) {
    if (!draft.facts) continue;
    const key = `${draft.interface} ${draft.family} ${draft.raw.virtual_router_id}`;
    const other = seen.get(key);
    if (other) {
      const where = `VRID ${draft.raw.virtual_router_id} with IPv${draft.family} on interface ${draft.interface}`;
      fatal(`${other.name} and ${draft.name} both use ${where}`);
      return;
    }
    seen.set(key, draft);
  }
}
