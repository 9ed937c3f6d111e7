import { ownerPriority } from '../../lib/priority.ts';
import { type InstanceDraft, type RuleContext, type TrackedLists, trackedLists } from '../instance-draft.ts';
import type { RawInstance, RawSyncGroup } from '../raw.ts';
import type { TrackedItem } from '../types.ts';

/** A group and those of its members that are its own. */
export interface Membership {
  readonly group: RawSyncGroup;
  readonly members: readonly string[];
}

type Report = (message: string) => void;

/** Which group each instance belongs to. Groups without a member are left out. */
export function assignMembers(
  groups: readonly RawSyncGroup[],
  instances: readonly RawInstance[],
  report: Report,
): readonly Membership[] {
  const assigned = new Set<string>();
  return groups.flatMap((group) => {
    const members = (group.group ?? []).filter((member) => {
      if (!instances.some(({ name }) => name === member)) {
        report(`Virtual router ${member} specified in sync group ${group.name} doesn't exist - ignoring`);
        return false;
      }
      if (assigned.has(member)) {
        report(`Virtual router ${member} cannot exist in more than one sync group; ignoring ${group.name}`);
        return false;
      }
      assigned.add(member);
      return true;
    });
    if (members.length === 0) {
      const message = `Sync group ${group.name}, no matching virtual router found in group declaration - removing`;
      report(message);
      return [];
    }
    if (members.length === 1) {
      report(`Sync group ${group.name} has only 1 virtual router(s) - this probably isn't what you want`);
    } else complainOfMixture(group, members, instances, report);
    return [{ group, members }];
  });
}

/** An owner is always master, and then the others would have to be. */
function complainOfMixture(
  { name }: RawSyncGroup,
  members: readonly string[],
  instances: readonly RawInstance[],
  report: Report,
): void {
  let ownerBefore = false;
  for (const member of members) {
    const instance = instances.find((one) => one.name === member);
    if (instance?.state === 'MASTER' && instance.priority === ownerPriority) ownerBefore = true;
    else if (instance?.state === 'BACKUP' && ownerBefore) {
      const message = `Sync group ${name} has some member(s) as address owner and some not as address owner. This won't work.`;
      report(message);
      return;
    }
  }
}

/** What a group tracks must have no weight beside a member whose priority is fixed. */
export function groupTracking(
  { group, members }: Membership,
  drafts: readonly InstanceDraft[],
  { tracked, report }: RuleContext,
): TrackedLists {
  const lists = trackedLists(group, tracked);
  if (!drafts.some(({ name, priority }) => priority === ownerPriority && members.includes(name))) return lists;
  const clear = (items: readonly TrackedItem[], what: string, effect: string): TrackedItem[] =>
    items.map((item) => {
      if (item.weight === 0) return item;
      const message = `(${group.name}) Cannot have weighted track ${what} '${item.name}' with member having priority 255 - ${effect}`;
      report('general-error', message);
      return { ...item, weight: 0 };
    });
  return {
    trackScripts: clear(lists.trackScripts, 'script', 'clearing weight'),
    trackProcesses: clear(lists.trackProcesses, 'process', 'clearing weight'),
    trackBfds: clear(lists.trackBfds, 'bfd', 'clearing weight'),
    trackInterfaces: clear(lists.trackInterfaces, 'interface', 'clearing weight'),
    trackFiles: clear(lists.trackFiles, 'file', 'setting weight 0'),
  };
}

const kinds = [
  { list: 'trackInterfaces', keyword: 'track_interface', problem: 'general-error' },
  { list: 'trackScripts', keyword: 'track_script' },
  { list: 'trackFiles', keyword: 'track_file' },
] as const;

function twice({ name }: InstanceDraft, keyword: string, item = ''): string {
  return `(${name}) ${keyword} ${item} is configured on VRRP instance and sync group. Remove vrrp instance or sync group config`;
}

/** What an instance and its group both track has the weight of the group, unless the instance gave it none. */
export function trackedTwice(draft: InstanceDraft, group: TrackedLists, { report, log }: RuleContext): void {
  const own = draft.raw.dont_track_primary ? undefined : draft.interface;
  if (group.trackInterfaces.some(({ name }) => name === own))
    report('general-error', twice(draft, 'track_interface', own));
  for (const kind of kinds) {
    draft[kind.list] = draft[kind.list].map((item) => {
      const twin = group[kind.list].find(({ name }) => name === item.name);
      if (!twin) return item;
      const message = twice(draft, kind.keyword, item.name);
      if ('problem' in kind) report(kind.problem, message);
      else log(message);
      return item.weight === 0 ? item : { ...item, weight: twin.weight };
    });
  }
}
