import type { VirtualAddress } from '../config/types.ts';
import { assertNever } from '../lib/assert-never.ts';
import { inMillis } from '../lib/duration.ts';
import { errnoText } from '../lib/errno.ts';
import type { LogLine } from '../lib/log.ts';
import type { VrrpLogEvent } from '../vrrp/log-event.ts';
import { secondsFixed } from './dump-text.ts';
import { printComplaint } from './packet-complaint.ts';

/** The sentence for what a virtual router says, in keepalived's words, which scripts grep for. */
export function printVrrpEvent(name: string, event: VrrpLogEvent): LogLine {
  switch (event.event) {
    case 'enteringMaster':
      return always(name, 'Entering MASTER STATE');
    case 'enteringBackup':
      return always(name, `Entering BACKUP STATE${event.initial ? ' (init)' : ''}`);
    case 'enteringFault':
      return always(name, event.initial ? 'entering FAULT state' : 'Entering FAULT STATE');
    case 'receiveTimeout':
      return detail(name, 'Receive advertisement timeout');
    case 'sentPriorityZero':
      return detail(name, 'sent 0 priority');
    case 'backupReceivedPriorityZero':
      return detail(name, 'Backup received priority 0 advertisement');
    case 'masterReceivedPriorityZero':
      return detail(name, 'Master received priority 0 message');
    case 'discardedLowerPriority':
      return always(name, `received lower priority (${event.priority}) advert from ${event.from} - discarding`);
    case 'receivedLowerPriority':
      return always(
        name,
        `Received advert from ${event.from} with lower priority ${event.priority}, ours ${event.ours}${event.forcingElection ? ', forcing new election' : ''}`,
      );
    case 'receivedHigherPriority':
      return always(
        name,
        `Master received advert from ${event.from} with higher priority ${event.priority}, ours ${event.ours}`,
      );
    case 'receivedHigherAddress':
      return always(
        name,
        `Master received advert from ${event.from} with same priority ${event.priority} but higher IP address than ours`,
      );
    case 'receivedOwnAddress':
      return always(name, 'WARNING - equal priority advert received from remote host with our IP address.');
    case 'sequenceSkipped':
      return always(name, 'IPSEC-AH : Syncing seq_num - Increment seq');
    case 'masterSet':
      return detail(name, `master set to ${event.to}`);
    case 'masterChanged':
      return detail(name, `master changed from ${event.from} to ${event.to}`);
    case 'preemptDelayStarted':
      return always(name, `start preempt delay (${secondsFixed(event.delay)})`);
    case 'preemptDelayStopped':
      return detail(name, 'stop preempt delay');
    case 'advertIntervalUpdated':
      return detail(
        name,
        `advertisement interval updated from ${inMillis(event.from)}ms to ${inMillis(event.to)}ms by master`,
      );
    case 'advertIntervalRestored':
      return detail(
        name,
        `changing advert interval from ${inMillis(event.from)}ms to locally configured ${inMillis(event.to)}ms`,
      );
    case 'priorityChanged':
      return always(name, `Changing effective priority from ${event.from} to ${event.to}`);
    case 'prioritySet':
      return detail(name, `Setting effective priority to ${event.to}`);
    case 'timerExpiredLate':
      return { level: 'info', message: `VRRP thread timer expired ${secondsFixed(event.late)} seconds ago` };
    case 'twoOwners':
      return always(
        name,
        `CONFIGURATION ERROR: local instance and ${event.other} are both configured as address owner, please resolve`,
      );
    case 'otherOwnerPersists':
      return always(
        name,
        `${event.other} is still advertising as address owner, please resolve - reducing our priority`,
      );
    case 'otherOwnerStopped':
      return { level: 'info', message: `(${name}): rogue address owner appears to have stopped advertising` };
    case 'ownerPriorityRestored':
      return always(
        name,
        event.reason === 'otherOwnerGone'
          ? 'Restoring our priority to 255 since other address owner has disappeared'
          : 'Restoring our priority to 255 since received advert with lower priority',
      );
    case 'sendError':
      return {
        level: 'info',
        message:
          event.peer === undefined
            ? `(${name}): send advert error ${event.errno} (${errnoText(event.errno)})`
            : `(${name}) Cant send advert to ${event.peer} (${errnoText(event.errno)})`,
      };
    case 'oldChecksumDetected':
      return always(name, 'Setting unicast VRRPv3 checksum to old version');
    case 'addressGone':
      return always(name, `ip address ${goneAddressText(event.address)}, no longer exist`);
    case 'initialFault':
      return printInitialFault(name, event);
    case 'settingAddresses':
      return detail(name, event.excluded ? 'setting E-VIPs.' : 'setting VIPs.');
    case 'removingAddresses':
      return detail(name, event.excluded ? 'removing E-VIPs.' : 'removing VIPs.');
    case 'settingDropRule':
      return detail(name, 'setting firewall drop rule');
    case 'removingDropRule':
      return detail(name, 'removing firewall drop rule');
    default:
      return always(name, printComplaint(event));
  }
}

function printInitialFault(name: string, event: VrrpLogEvent & { event: 'initialFault' }): LogLine {
  switch (event.reason) {
    case 'interfaceDown':
      return { level: 'info', message: `(${name}): entering FAULT state (interface ${event.subject} down)` };
    case 'noSourceAddress':
      return always(name, `entering FAULT state (no ${event.subject} address for interface)`);
    case 'sourceAddressAbsent':
      return { level: 'info', message: `(${name}): entering FAULT state (src address not configured)` };
    case 'script':
      return { level: 'info', message: `(${name}): entering FAULT state due to script ${event.subject}` };
    case 'file':
      return {
        level: 'info',
        message: `(${name}): entering FAULT state (tracked file ${event.subject} has status ${event.status})`,
      };
    case 'process':
      return always(name, `entering FAULT state (tracked process ${event.subject} quorum not achieved)`);
    default:
      return assertNever(event.reason);
  }
}

/** How the log names an address that a reload takes away. */
export function goneAddressText({
  address,
  prefixLength,
  interface: name,
}: Pick<VirtualAddress, 'address' | 'prefixLength' | 'interface'>): string {
  return `${address}/${prefixLength} dev ${name}`;
}

function always(name: string, sentence: string): LogLine {
  return { level: 'info', message: `(${name}) ${sentence}` };
}

function detail(name: string, sentence: string): LogLine {
  return { level: 'info', message: `(${name}) ${sentence}`, detail: true };
}
