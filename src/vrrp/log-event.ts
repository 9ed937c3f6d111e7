import type { VirtualAddress } from '../config/types.ts';
import type { Duration } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';

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
  | { readonly event: 'masterSet'; readonly to: IpAddress }
  | { readonly event: 'masterChanged'; readonly from: IpAddress; readonly to: IpAddress }
  | { readonly event: 'preemptDelayStarted'; readonly delay: Duration }
  | { readonly event: 'preemptDelayStopped' }
  | { readonly event: 'advertIntervalUpdated'; readonly from: Duration; readonly to: Duration }
  | { readonly event: 'advertIntervalRestored'; readonly from: Duration; readonly to: Duration }
  | { readonly event: 'priorityChanged'; readonly from: number; readonly to: number }
  | { readonly event: 'timerExpiredLate'; readonly late: Duration }
  | { readonly event: 'twoOwners'; readonly other: IpAddress }
  | { readonly event: 'otherOwnerPersists'; readonly other: IpAddress }
  | { readonly event: 'otherOwnerStopped' }
  | { readonly event: 'ownerPriorityRestored'; readonly reason: 'lowerPriorityAdvert' | 'otherOwnerGone' }
  | { readonly event: 'sendError'; readonly errno: number }
  | { readonly event: 'addressGone'; readonly address: VirtualAddress }
  | {
      readonly event: 'initialFault';
      readonly reason: 'interfaceDown' | 'noSourceAddress' | 'configuration';
      readonly interface: string;
    }
  | { readonly event: 'settingAddresses'; readonly excluded: boolean }
  | { readonly event: 'removingAddresses'; readonly excluded: boolean }
  | PacketComplaint;

/** A reason to doubt or refuse a received packet. */
export type PacketComplaint =
  | { readonly event: 'packetLength'; readonly from: IpAddress; readonly received: number; readonly expected: number }
  | { readonly event: 'packetTtl'; readonly from: IpAddress; readonly received: number }
  | { readonly event: 'packetVersion'; readonly from: IpAddress; readonly received: number; readonly expected: number }
  | { readonly event: 'packetAuthTypeInvalid'; readonly from: IpAddress; readonly received: number }
  | {
      readonly event: 'packetAuthTypeMismatch';
      readonly from: IpAddress;
      readonly received: number;
      readonly expected: number;
    }
  | { readonly event: 'packetPassword'; readonly from: IpAddress }
  | {
      readonly event: 'packetInterval';
      readonly from: IpAddress;
      readonly version: 2 | 3;
      readonly received: number;
      readonly expected: number;
    }
  | { readonly event: 'packetType'; readonly from: IpAddress; readonly received: number }
  | {
      readonly event: 'packetTotalLength';
      readonly from: IpAddress;
      readonly declared: number;
      readonly received: number;
    }
  | { readonly event: 'packetChecksum'; readonly from: IpAddress; readonly version: 2 | 3 }
  | { readonly event: 'packetDestination'; readonly from: IpAddress; readonly receivedMulticast: boolean }
  | { readonly event: 'packetForOwner'; readonly from: IpAddress }
  | {
      readonly event: 'packetAddressCount';
      readonly from: IpAddress;
      readonly received: number;
      readonly expected: number;
    }
  | {
      readonly event: 'packetAddressMissing';
      readonly from: IpAddress;
      readonly virtualRouterId: number;
      readonly missing: IpAddress;
    };
