import type { SyncGroup } from '../config/types.ts';
import { type DumpLines, present, scriptLines, title, yesNo } from './dump-text.ts';
import { trackedLines } from './dump-tracking.ts';
import type { VrrpRuntime } from './runtime.ts';

/** Section "VRRP Sync groups". */
export function syncGroupLines(groups: readonly SyncGroup[], runtime: VrrpRuntime): string[] {
  if (groups.length === 0) return [];
  return [title('VRRP Sync groups'), ...present(groups.flatMap((group) => groupLines(group, runtime)))];
}

function groupLines(group: SyncGroup, runtime: VrrpRuntime): DumpLines {
  const state = runtime.group?.(group);
  const { notify, notifyPriorityChanges } = group;
  const label = (name: string) => `   ${name} state transition`;
  return [
    ` VRRP Sync Group = ${group.name}, ${state?.state ?? 'BACKUP'}`,
    `   Num member fault ${state?.membersInFault ?? 0}, num member init ${state?.membersInInit ?? 0}`,
    '   VRRP member instances :',
    ...group.members.map((member) => `     ${member}`),
    group.trackingWeight && '   sync group tracking weight set',
    `   Using smtp notification = ${yesNo(group.smtpAlert)}`,
    notifyPriorityChanges !== undefined && `   Notify priority changes = ${yesNo(notifyPriorityChanges)}`,
    ...trackedLines(group, 'process'),
    ...scriptLines(label('Backup'), notify.backup),
    ...scriptLines(label('Master'), notify.master),
    ...scriptLines(label('Fault'), notify.fault),
    ...scriptLines(label('Stop'), notify.stop),
    ...scriptLines(label('Generic'), notify.any),
  ];
}
