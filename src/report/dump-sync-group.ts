import type { SyncGroup } from '../config/types.ts';
import { type DumpLines, present, scriptLine, title, trueFalse, yesNo } from './dump-text.ts';
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
    scriptLine(label('Backup'), notify.backup),
    scriptLine(label('Master'), notify.master),
    scriptLine(label('Fault'), notify.fault),
    scriptLine(label('Stop'), notify.stop),
    scriptLine(label('Generic'), notify.any),
    notifyPriorityChanges !== undefined && `   Notify priority changes = ${trueFalse(notifyPriorityChanges)}`,
    ...trackedLines(group, 'process'),
  ];
}
