import { isOwner } from '../../lib/priority.ts';
import type { InstanceDraft, InstanceRule } from '../instance-draft.ts';
import type { TrackedItem } from '../types.ts';

export const ownInterfaceTracked: InstanceRule = (draft, { report }) => {
  if (draft.interface === '') return;
  draft.trackInterfaces = draft.trackInterfaces.filter(({ name }) => {
    if (name !== draft.interface) return true;
    report('general-error', `(${draft.name}) Ignoring track_interface ${name} since own interface`);
    return false;
  });
};

/** Members of a group change state together, and an owner has its priority for good: no weight may come between. */
export const weightlessTracking: InstanceRule = (draft, { report }) => {
  const owner = isOwner(draft);
  const grouped = draft.group !== undefined && !draft.group.sync_group_tracking_weight;
  if (!owner && !grouped) return;
  const because = grouped ? 'SYNC group' : 'address_owner';
  const complain = (message: string): void => report('general-error', `(${draft.name}) ignoring ${message}`);
  const unweighted = (items: readonly TrackedItem[], of: (item: TrackedItem) => string) =>
    items.filter((item) => {
      if (item.weight !== 0) complain(`${of(item)} due to ${because}`);
      return item.weight === 0;
    });
  draft.trackInterfaces = draft.trackInterfaces.flatMap((item) => {
    if (item.weight === 0) return [item];
    complain(
      !grouped
        ? `${item.name} tracked interface due to address owner`
        : `${item.name} tracked interface weight due to SYNC group`,
    );
    return grouped ? [{ ...item, weight: 0 }] : [];
  });
  draft.trackScripts = unweighted(draft.trackScripts, ({ name }) => `tracked script ${name} with weights`);
  draft.trackFiles = withoutDefaultWeight(draft, because, complain);
  draft.trackFiles = unweighted(draft.trackFiles, ({ name, weight }) => `tracked file ${name} with weight ${weight}`);
  draft.trackBfds = unweighted(draft.trackBfds, ({ name, weight }) => `tracked bfd ${name} with weight ${weight}`);
};

/** 1 is what a file has that nobody gave a weight. */
function withoutDefaultWeight(
  draft: InstanceDraft,
  because: string,
  complain: (message: string) => void,
): TrackedItem[] {
  return draft.trackFiles.map((item) => {
    if (item.weight !== 1) return item;
    complain(`weight from tracked file ${item.name} due to ${because}. specify weight 0`);
    return { ...item, weight: 0 };
  });
}
