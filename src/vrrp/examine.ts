import type { VrrpInstance } from '../config/types.ts';
import { internetChecksum } from '../lib/checksum.ts';
import { inSeconds } from '../lib/duration.ts';
import { type IpAddress, ipBytes, isMulticast, printIp } from '../lib/ip.ts';
import { ownerPriority } from '../lib/priority.ts';
import { AH_LENGTH } from './authentication-header.ts';
import { authenticationHeaderAsConfigured, authenticationType, password, trailer } from './check-authentication.ts';
import { type Check, type Finding, isUnicast, refuse, type Subject, type Surroundings } from './checks.ts';
import type { PacketComplaint } from './complaint.ts';
import { ADVERTISEMENT, AUTHENTICATION_LENGTH, pseudoHeaderSum, VRRP_HEADER_LENGTH } from './packet.ts';
import type { Parameters } from './parameters.ts';
import type { ReceivedPacket } from './received.ts';
import type { Counter } from './statistics.ts';
import { TRAILER_LENGTH } from './trailer.ts';
import type { WireState } from './wire-state.ts';

/** An advert that passed every check. */
export interface AcceptedAdvert {
  readonly source: IpAddress;
  readonly priority: number;
  /** Version 3: the sender's interval in centiseconds. */
  readonly intervalCentiseconds?: number;
}

/**
 * A refused packet, which has no `advert`, changes nothing but counters. A complaint may also accompany an accepted
 * advert: a different address list or version 3 interval is only reported.
 */
export interface Examination {
  readonly advert?: AcceptedAdvert;
  readonly counters: readonly Counter[];
  readonly complaints: readonly PacketComplaint[];
  readonly wire: WireState;
  readonly oldChecksumDetected: boolean;
}

/** Shortest Ethernet payload: shorter datagrams arrive padded. */
const ETHERNET_MINIMUM_PAYLOAD = 46;
const HOP_LIMIT = 255;

/** Receive checks (RFC 3768 and RFC 5798, section 7.1) in keepalived's order; the first refusal ends them. */
export function examine(parameters: Parameters, packet: ReceivedPacket, surroundings: Surroundings): Examination {
  const counters: Counter[] = [];
  const complaints: PacketComplaint[] = [];
  let oldChecksumDetected = false;
  let subject = subjectOf(parameters, packet, surroundings);
  for (const check of checks) {
    const finding = check(subject);
    if (!finding) continue;
    const { refusal, doubt, wire } = finding;
    if (doubt) complaints.push(doubt);
    if (wire) subject = { ...subject, wire };
    oldChecksumDetected ||= finding.oldChecksumDetected === true;
    if (!refusal) continue;
    if (refusal.counter) counters.push(refusal.counter);
    if (refusal.complaint) complaints.push(refusal.complaint);
    return { counters, complaints, wire: subject.wire, oldChecksumDetected };
  }
  counters.push('advertReceived');
  const doubts = addressListComplaints(subject);
  complaints.push(...doubts);
  for (const _ of doubts) counters.push('addressListError');
  const stranger = checkedPeer(subject);
  if (stranger) return { counters, complaints: [...complaints, stranger], wire: subject.wire, oldChecksumDetected };
  if (packet.priority === 0) counters.push('priorityZeroReceived');
  const advert: AcceptedAdvert = {
    source: packet.source,
    priority: packet.priority,
    ...(parameters.instance.version === 3 ? { intervalCentiseconds: version3Interval(packet) } : {}),
  };
  return { advert, counters, complaints, wire: subject.wire, oldChecksumDetected };
}

/** Lengths go by the packet's own version: one of another version is refused for that, not for its length. */
function subjectOf(parameters: Parameters, packet: ReceivedPacket, surroundings: Surroundings): Subject {
  const authentication = packet.version === 2 && packet.family === 4 ? AUTHENTICATION_LENGTH : 0;
  const pduLength = VRRP_HEADER_LENGTH + packet.addressCount * addressSize(packet) + authentication;
  const hasTrailer = parameters.instance.authHmac !== undefined && packet.pdu.length === pduLength + TRAILER_LENGTH;
  return { ...surroundings, parameters, packet, pduLength, hasTrailer };
}

const receivedLength: Check = (subject) => {
  const { packet } = subject;
  const expected = expectedLength(subject);
  const received = packet.receivedLength;
  if (received === expected || isPadded(received, expected)) return undefined;
  return refuse('packetLengthError', { event: 'packetLength', from: packet.source, received, expected });
};

/** RFC 9568, sections 5.1.1.3 and 5.1.2.3. Unicast adverts may cross routers. */
const timeToLive: Check = ({ parameters, packet }) => {
  if (packet.ttl === HOP_LIMIT || isUnicast(parameters)) return undefined;
  return refuse('ipTtlError', { event: 'packetTtl', from: packet.source, received: packet.ttl });
};

const version: Check = ({ parameters, packet }) => {
  const { version: expected } = parameters.instance;
  if (packet.version === expected) return undefined;
  return refuse('versionError', { event: 'packetVersion', from: packet.source, received: packet.version, expected });
};

/** keepalived drops these without counting them: see docs/wire.md. */
const version2Interval: Check = ({ parameters, packet }) => {
  const { instance } = parameters;
  if (instance.version === 3) return undefined;
  const received = packet.pdu[5] as number;
  const expected = Math.round(inSeconds(instance.advertisementInterval));
  if (received === expected) return undefined;
  return refuse(undefined, { event: 'packetInterval', from: packet.source, version: 2, received, expected });
};

const type: Check = ({ packet }) => {
  if (packet.type === ADVERTISEMENT) return undefined;
  return refuse('invalidTypeReceived', { event: 'packetType', from: packet.source, received: packet.type });
};

const declaredLength: Check = ({ packet: { source: from, declaredLength: declared, receivedLength: received } }) => {
  if (declared === received || isPadded(received, declared)) return undefined;
  return refuse('packetLengthError', { event: 'packetTotalLength', from, declared, received });
};

/** A master at another interval is obeyed all the same (RFC 5798, section 7.1). */
const intervalDiffers: Check = ({ parameters, packet }) => {
  const { version: ours, advertisementInterval } = parameters.instance;
  if (ours === 2 || version3Interval(packet) * 10_000 === advertisementInterval) return undefined;
  const received = version3Interval(packet);
  const expected = advertisementInterval / 10_000;
  return { doubt: { event: 'packetInterval', from: packet.source, version: 3, received, expected } };
};

/** Over IPv6 the kernel has verified it. v3_checksum_as_v2 takes whatever is there. */
const checksum: Check = (subject) => {
  const { parameters, packet, wire } = subject;
  const { instance } = parameters;
  if (packet.family === 6) return undefined;
  const pdu = packet.pdu.subarray(0, subject.pduLength);
  if (instance.version === 2) return internetChecksum(pdu) === 0 ? undefined : wrongChecksum(subject);
  if (instance.v3ChecksumAsV2) return undefined;
  const { datagram } = packet;
  const holds = (destination: Uint8Array) =>
    internetChecksum(pdu, pseudoHeaderSum(datagram.subarray(12, 16), destination, pdu.length)) === 0;
  const mayBeOld = isUnicast(parameters) && instance.oldUnicastChecksum !== 'never';
  const mustBeOld = mayBeOld && (instance.oldUnicastChecksum === 'always' || wire.oldChecksum);
  if (!mustBeOld && holds(datagram.subarray(16, 20))) return undefined;
  if (!mayBeOld || !holds(ipBytes(instance.multicastGroup))) return wrongChecksum(subject);
  if (mustBeOld) return undefined;
  return { wire: { ...wire, oldChecksum: true }, oldChecksumDetected: true };
};

function wrongChecksum({ parameters, packet }: Subject): Finding {
  const { version: ours } = parameters.instance;
  return refuse('checksumError', { event: 'packetChecksum', from: packet.source, version: ours });
}

const destination: Check = ({ parameters, packet }) => {
  const receivedMulticast = isMulticast(packet.destination);
  if (receivedMulticast !== isUnicast(parameters)) return undefined;
  return refuse('addressListError', { event: 'packetDestination', from: packet.source, receivedMulticast });
};

const ownerIgnores: Check = ({ parameters, packet }) => {
  if (!parameters.instance.ownerIgnoreAdverts || parameters.effectivePriority !== ownerPriority) return undefined;
  return refuse(undefined, { event: 'packetForOwner', from: packet.source });
};

const checks: readonly Check[] = [
  authenticationHeaderAsConfigured,
  receivedLength,
  timeToLive,
  version,
  trailer,
  authenticationType,
  password,
  version2Interval,
  type,
  declaredLength,
  intervalDiffers,
  checksum,
  destination,
  ownerIgnores,
];

/** check_unicast_src: the sender must be a peer, and as far away as configured. */
function checkedPeer({ parameters, packet }: Subject): PacketComplaint | undefined {
  const { unicast, checkUnicastSource } = parameters.instance;
  if (!unicast || !checkUnicastSource) return undefined;
  const { source: from, ttl: received } = packet;
  const peer = unicast.peers.find(({ address }) => address === from);
  if (!peer) return { event: 'packetNotPeer', from };
  const { minimumTtl: minimum, maximumTtl: maximum } = peer;
  return received < minimum || received > maximum
    ? { event: 'packetPeerTtl', from, received, minimum, maximum }
    : undefined;
}

function expectedLength({ packet, pduLength, hasTrailer }: Subject): number {
  const protection = packet.authenticationHeader ? AH_LENGTH : 0;
  return packet.ipHeaderLength + protection + pduLength + (hasTrailer ? TRAILER_LENGTH : 0);
}

function isPadded(received: number, expected: number): boolean {
  return (
    expected < ETHERNET_MINIMUM_PAYLOAD &&
    received > expected &&
    received <= ETHERNET_MINIMUM_PAYLOAD &&
    (received - expected) % 4 === 2
  );
}

function addressSize({ family }: ReceivedPacket): number {
  return family === 4 ? 4 : 16;
}

function version3Interval(packet: ReceivedPacket): number {
  return (((packet.pdu[4] as number) & 0xf) << 8) | (packet.pdu[5] as number);
}

function addressListComplaints({ parameters, packet, lastMaster }: Subject): PacketComplaint[] {
  const { virtualAddresses: own, virtualRouterId, skipCheckAdvertAddresses } = parameters.instance;
  const from = packet.source;
  const differs = packet.addressCount !== own.length;
  const complaints: PacketComplaint[] = differs
    ? [{ event: 'packetAddressCount', from, received: packet.addressCount, expected: own.length }]
    : [];
  if (skipCheckAdvertAddresses && from === lastMaster) return complaints;
  const size = addressSize(packet);
  // Nearly every advert repeats our own list, which needs no text.
  const repeated = startsWith(packet.pdu.subarray(VRRP_HEADER_LENGTH), ownAddressBytes(parameters.instance, size));
  if (repeated && !differs) return [];
  const theirs = new Set<IpAddress>();
  for (let i = 0; i < packet.addressCount; i++) {
    const start = VRRP_HEADER_LENGTH + i * size;
    theirs.add(printIp(packet.pdu.subarray(start, start + size)));
  }
  const missing = own.find((virtualAddress) => !theirs.has(virtualAddress.address));
  if (missing) complaints.push({ event: 'packetAddressMissing', from, virtualRouterId, missing: missing.address });
  return complaints;
}

const addressBytes = new WeakMap<VrrpInstance, Uint8Array>();

function ownAddressBytes(instance: VrrpInstance, size: number): Uint8Array {
  const known = addressBytes.get(instance);
  if (known) return known;
  const bytes = new Uint8Array(instance.virtualAddresses.length * size);
  instance.virtualAddresses.forEach(({ address }, i) => {
    bytes.set(ipBytes(address).subarray(0, size), i * size);
  });
  addressBytes.set(instance, bytes);
  return bytes;
}

function startsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  return bytes.length >= beginning.length && beginning.every((byte, i) => byte === bytes[i]);
}
