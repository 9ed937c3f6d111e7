import type { VirtualAddress } from '../config/types.ts';
import type { Duration } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { PacketComplaint } from './complaint.ts';

/** What a virtual router has to say; src/report/vrrp-log.ts has the sentences. */
export type VrrpLogEvent =
  | { readonly event: 'enteringMaster' }
  | { readonly event: 'enteringBackup'; readonly initial: boolean }
  | { readonly event: 'enteringFault'; readonly initial: boolean }
  | { readonly event: 'receiveTimeout' }
  | { readonly event: 'sentPriorityZero' }
  | { readonly event: 'backupReceivedPriorityZero' }
  | { readonly event: 'masterReceivedPriorityZero' }
  | { readonly event: 'discardedLowerPriority'; readonly from: IpAddress; readonly priority: number }
  | {
      readonly event: 'receivedLowerPriority';
      readonly from: IpAddress;
      readonly priority: number;
      readonly ours: number;
      readonly forcingElection: boolean;
    }
  | {
      readonly event: 'receivedHigherPriority';
      readonly from: IpAddress;
      readonly priority: number;
      readonly ours: number;
    }
  | { readonly event: 'receivedHigherAddress'; readonly from: IpAddress; readonly priority: number }
  | { readonly event: 'receivedOwnAddress' }
  | { readonly event: 'sequenceSkipped' }
  | { readonly event: 'masterSet'; readonly to: IpAddress }
  | { readonly event: 'masterChanged'; readonly from: IpAddress; readonly to: IpAddress }
  | { readonly event: 'preemptDelayStarted'; readonly delay: Duration }
  | { readonly event: 'preemptDelayStopped' }
  | { readonly event: 'advertIntervalUpdated'; readonly from: Duration; readonly to: Duration }
  | { readonly event: 'advertIntervalRestored'; readonly from: Duration; readonly to: Duration }
  | { readonly event: 'priorityChanged'; readonly from: number; readonly to: number }
  | { readonly event: 'prioritySet'; readonly to: number }
  | { readonly event: 'timerExpiredLate'; readonly late: Duration }
  | { readonly event: 'twoOwners'; readonly other: IpAddress }
  | { readonly event: 'otherOwnerPersists'; readonly other: IpAddress }
  | { readonly event: 'otherOwnerStopped' }
  | { readonly event: 'ownerPriorityRestored'; readonly reason: 'lowerPriorityAdvert' | 'otherOwnerGone' }
  /** `peer`: the one that could not be reached by unicast. */
  | { readonly event: 'sendError'; readonly errno: number; readonly peer?: IpAddress }
  | { readonly event: 'oldChecksumDetected' }
  | { readonly event: 'addressGone'; readonly address: VirtualAddress }
  | {
      readonly event: 'initialFault';
      readonly reason: 'interfaceDown' | 'noSourceAddress' | 'sourceAddressAbsent' | 'script' | 'file' | 'process';
      /** The interface, the family without an address, or the tracked object. */
      readonly subject: string;
      /** Of a file. */
      readonly status?: number;
    }
  | { readonly event: 'settingAddresses'; readonly excluded: boolean }
  | { readonly event: 'removingAddresses'; readonly excluded: boolean }
  | { readonly event: 'settingDropRule' }
  | { readonly event: 'removingDropRule' }
  | PacketComplaint;
