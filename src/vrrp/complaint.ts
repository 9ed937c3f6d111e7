import type { IpAddress } from '../lib/ip.ts';

interface From {
  readonly from: IpAddress;
}

/** A reason to doubt or refuse a received packet. */
export type PacketComplaint = From &
  (
    | { readonly event: 'packetAhUnexpected' | 'packetAhAbsent' }
    | { readonly event: 'packetLength'; readonly received: number; readonly expected: number }
    | { readonly event: 'packetTtl'; readonly received: number }
    | { readonly event: 'packetVersion'; readonly received: number; readonly expected: number }
    | { readonly event: 'trailerMissing' | 'trailerMalformed' | 'trailerInvalid' | 'trailerReplayed' }
    /** Whole seconds. */
    | { readonly event: 'trailerStale' | 'trailerSkew'; readonly skew: number; readonly window: number }
    | { readonly event: 'trailerUnknownKey'; readonly keyId: number }
    | { readonly event: 'packetAuthTypeInvalid'; readonly received: number }
    | { readonly event: 'packetAuthTypeMismatch'; readonly received: number; readonly expected: number }
    | { readonly event: 'packetPassword' }
    /** Four bytes each. */
    | { readonly event: 'packetAhIndex'; readonly sender: Uint8Array; readonly index: Uint8Array }
    | { readonly event: 'packetAhDigest' }
    | { readonly event: 'packetAhSequence'; readonly received: number; readonly ours: number }
    | {
        readonly event: 'packetInterval';
        readonly version: 2 | 3;
        readonly received: number;
        readonly expected: number;
      }
    | { readonly event: 'packetType'; readonly received: number }
    | { readonly event: 'packetTotalLength'; readonly declared: number; readonly received: number }
    | { readonly event: 'packetChecksum'; readonly version: 2 | 3 }
    | { readonly event: 'packetDestination'; readonly receivedMulticast: boolean }
    | { readonly event: 'packetForOwner' }
    | { readonly event: 'packetAddressCount'; readonly received: number; readonly expected: number }
    | { readonly event: 'packetAddressMissing'; readonly virtualRouterId: number; readonly missing: IpAddress }
    | { readonly event: 'packetNotPeer' }
    | {
        readonly event: 'packetPeerTtl';
        readonly received: number;
        readonly minimum: number;
        readonly maximum: number;
      }
  );
