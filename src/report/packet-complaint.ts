import { assertNever } from '../lib/assert-never.ts';
import { hostIsLittleEndian } from '../lib/byte-order.ts';
import type { PacketComplaint } from '../vrrp/complaint.ts';

/** Why a received packet is doubted or refused, in keepalived's words. */
export function printComplaint(event: PacketComplaint): string {
  const { from } = event;
  switch (event.event) {
    case 'packetAhUnexpected':
      return `Received AH header but auth type not AH from ${from}`;
    case 'packetAhAbsent':
      return `No AH header but auth type is AH from ${from}`;
    case 'packetLength':
      return `vrrp packet from ${from} too ${event.received > event.expected ? 'long' : 'short'}, length ${event.received} and expect ${event.expected}`;
    case 'packetTtl':
      return `invalid TTL/HL from ${from}. Received ${event.received} and expect 255`;
    case 'packetVersion':
      return `wrong VRRP version from ${from}. Received ${event.received} and expect ${event.expected}`;
    case 'packetAuthTypeInvalid':
      return `Invalid auth type from ${from}: ${event.received}`;
    case 'packetAuthTypeMismatch':
      return `received a ${event.received} auth from ${from}, expecting ${event.expected}!`;
    case 'packetPassword':
      return `received an invalid passwd from ${from}!`;
    case 'packetAhIndex':
      return `IPSEC AH : invalid IPSEC SPI value. ${hostNumber(event.sender)} and expect ${hostNumber(event.index)}`;
    case 'packetAhDigest':
      return 'IPSEC-AH : invalid IPSEC HMAC-MD5 value. Due to fields mutation or bad password !';
    case 'packetAhSequence':
      return `IPSEC-AH : sequence number ${event.received} already processed. Packet dropped. Local(${event.ours})`;
    case 'trailerMissing':
      return `missing authentication trailer from ${from}`;
    case 'trailerMalformed':
      return `malformed authentication trailer from ${from}`;
    case 'trailerStale':
      return `stale authentication trailer from ${from}, clock skew ${event.skew} sec exceeds window ${event.window} sec`;
    case 'trailerSkew':
      return `authentication clock skew ${event.skew} sec from ${from} approaching window ${event.window} sec`;
    case 'trailerUnknownKey':
      return `unknown authentication key id ${event.keyId} from ${from}`;
    case 'trailerInvalid':
      return `invalid authentication HMAC from ${from}`;
    case 'trailerReplayed':
      return `replayed authentication trailer from ${from}`;
    case 'packetInterval':
      return event.version === 2
        ? `advertisement interval mismatch with ${from} mine=${event.expected} sec rcv'd=${event.received} sec`
        : `advertisement interval mismatch ours = ${event.expected} centi-sec rcv'd=${event.received} centi-sec`;
    case 'packetType':
      return `Invalid packet type from ${from}. ${event.received} and expect 1`;
    case 'packetTotalLength':
      return `ip_tot_len mismatch against received length from ${from}. ${event.declared} and received ${event.received}`;
    case 'packetChecksum':
      return `Invalid VRRPv${event.version} checksum from ${from}`;
    case 'packetDestination':
      return `Expected ${event.receivedMulticast ? 'un' : 'mult'}icast packet but received ${event.receivedMulticast ? 'mult' : 'un'}icast packet from ${from}`;
    case 'packetForOwner':
      return `Dropping packet(s) from ${from} since we are address owner`;
    case 'packetAddressCount':
      return `expected ${event.expected} VIPs but received ${event.received}`;
    case 'packetAddressMissing':
      return `ip address associated with VRID ${event.virtualRouterId} not present in advert from ${from}: ${event.missing}`;
    case 'packetNotPeer':
      return `unicast source address ${from} not a unicast peer`;
    case 'packetPeerTtl':
      return `TTL/HL ${event.received} not in range ${event.minimum} - ${event.maximum}`;
    default:
      return assertNever(event);
  }
}

/** Four bytes as keepalived prints them, in the machine's own order. */
function hostNumber(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, hostIsLittleEndian);
}
