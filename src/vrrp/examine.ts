import { timingSafeEqualBytes } from '../lib/bytes-equal.ts';
import { internetChecksum } from '../lib/checksum.ts';
import { type IpAddress, ipBytes, printIp } from '../lib/ip.ts';
import type { PacketComplaint } from './log-event.ts';
import {
  ADVERTISEMENT,
  AUTHENTICATION_LENGTH,
  AUTHENTICATION_TYPE,
  passwordBytes,
  pseudoHeaderSum,
  VRRP_HEADER_LENGTH,
} from './packet.ts';
import type { Parameters } from './parameters.ts';
import type { ReceivedPacket } from './received.ts';
import type { Counter } from './statistics.ts';

/** An advert that passed every check. */
export interface AcceptedAdvert {
  readonly source: IpAddress;
  readonly priority: number;
  /** Version 3: the sender's interval in centiseconds. */
  readonly intervalCentiseconds?: number;
}

/**
 * `refused` packets change nothing but counters. A complaint may also accompany an accepted advert: a different
 * address list or version 3 interval is only reported.
 */
export interface Examination {
  readonly advert?: AcceptedAdvert;
  readonly counters: readonly Counter[];
  readonly complaints: readonly PacketComplaint[];
}

/** Shortest Ethernet payload: shorter datagrams arrive padded. */
const ETHERNET_MINIMUM_PAYLOAD = 46;

/**
 * Receive checks (RFC 3768 and RFC 5798, section 7.1) in keepalived's order; the first refusal ends them.
 * `lastMaster` is the sender whose address list was checked before (skip_check_adv_addr).
 */
export function examine(
  parameters: Parameters,
  packet: ReceivedPacket,
  lastMaster: IpAddress | undefined,
): Examination {
  const refusal = refuse(parameters, packet);
  if (refusal)
    return {
      counters: refusal.counter ? [refusal.counter] : [],
      complaints: refusal.complaint ? [refusal.complaint] : [],
    };
  const counters: Counter[] = ['advertReceived'];
  const complaints: PacketComplaint[] = [];
  const { instance } = parameters;
  const from = packet.source;
  if (instance.version === 3 && version3Interval(packet) * 10_000 !== instance.advertisementInterval) {
    complaints.push({
      event: 'packetInterval',
      from,
      version: 3,
      received: version3Interval(packet),
      expected: instance.advertisementInterval / 10_000,
    });
  }
  if (!(instance.skipCheckAdvertAddresses && from === lastMaster)) {
    const doubts = addressListComplaints(parameters, packet);
    complaints.push(...doubts);
    if (doubts.length > 0) counters.push('addressListError');
  }
  if (packet.priority === 0) counters.push('priorityZeroReceived');
  return {
    advert: {
      source: from,
      priority: packet.priority,
      ...(instance.version === 3 ? { intervalCentiseconds: version3Interval(packet) } : {}),
    },
    counters,
    complaints,
  };
}

interface Refusal {
  readonly counter?: Counter;
  readonly complaint?: PacketComplaint;
}

function refuse(parameters: Parameters, packet: ReceivedPacket): Refusal | undefined {
  const { instance } = parameters;
  const from = packet.source;
  const expected = expectedLength(packet);
  if (packet.receivedLength !== expected && !isPadded(packet.receivedLength, expected)) {
    return {
      counter: 'packetLengthError',
      complaint: { event: 'packetLength', from, received: packet.receivedLength, expected },
    };
  }
  if (packet.ttl !== 255)
    return { counter: 'ipTtlError', complaint: { event: 'packetTtl', from, received: packet.ttl } };
  if (packet.version !== instance.version) {
    return {
      counter: 'versionError',
      complaint: { event: 'packetVersion', from, received: packet.version, expected: instance.version },
    };
  }
  const authentication = instance.version === 2 ? refuseVersion2(parameters, packet) : undefined;
  if (authentication) return authentication;
  if (packet.type !== ADVERTISEMENT) {
    return { counter: 'invalidTypeReceived', complaint: { event: 'packetType', from, received: packet.type } };
  }
  if (packet.declaredLength !== packet.receivedLength && !isPadded(packet.receivedLength, packet.declaredLength)) {
    return {
      counter: 'packetLengthError',
      complaint: { event: 'packetTotalLength', from, declared: packet.declaredLength, received: packet.receivedLength },
    };
  }
  if (!checksumHolds(parameters, packet)) {
    return { counter: 'checksumError', complaint: { event: 'packetChecksum', from, version: instance.version } };
  }
  if (!isMulticast(packet.destination)) {
    return { counter: 'addressListError', complaint: { event: 'packetDestination', from, receivedMulticast: false } };
  }
  if (instance.ownerIgnoreAdverts && parameters.effectivePriority === 255)
    return { complaint: { event: 'packetForOwner', from } };
  return undefined;
}

function refuseVersion2(parameters: Parameters, packet: ReceivedPacket): Refusal | undefined {
  const { authentication, advertisementInterval } = parameters.instance;
  const from = packet.source;
  const type = packet.pdu[4] as number;
  if (type > AUTHENTICATION_TYPE.ah) {
    return { counter: 'invalidAuthType', complaint: { event: 'packetAuthTypeInvalid', from, received: type } };
  }
  const ours = AUTHENTICATION_TYPE[authentication.type];
  if (type !== ours) {
    return {
      counter: 'authTypeMismatch',
      complaint: { event: 'packetAuthTypeMismatch', from, received: type, expected: ours },
    };
  }
  if (authentication.type === 'pass') {
    const start = VRRP_HEADER_LENGTH + packet.addressCount * 4;
    const theirs = packet.pdu.subarray(start, start + AUTHENTICATION_LENGTH);
    if (!timingSafeEqualBytes(theirs, passwordBytes(authentication.password))) {
      return { counter: 'authFailure', complaint: { event: 'packetPassword', from } };
    }
  }
  const interval = packet.pdu[5] as number;
  const expected = Math.round(advertisementInterval / 1_000_000);
  // keepalived drops these without counting them: see docs/wire.md.
  if (interval !== expected)
    return { complaint: { event: 'packetInterval', from, version: 2, received: interval, expected } };
  return undefined;
}

/** By the packet's own version: one of another version is refused for that, not for its length. */
function expectedLength(packet: ReceivedPacket): number {
  const authentication = packet.version === 2 ? AUTHENTICATION_LENGTH : 0;
  return packet.ipHeaderLength + VRRP_HEADER_LENGTH + packet.addressCount * 4 + authentication;
}

function isPadded(received: number, expected: number): boolean {
  return (
    expected < ETHERNET_MINIMUM_PAYLOAD &&
    received > expected &&
    received <= ETHERNET_MINIMUM_PAYLOAD &&
    (received - expected) % 4 === 2
  );
}

function checksumHolds(parameters: Parameters, packet: ReceivedPacket): boolean {
  const length = expectedLength(packet) - packet.ipHeaderLength;
  const pdu = packet.pdu.subarray(0, length);
  if (parameters.instance.version === 2) return internetChecksum(pdu) === 0;
  return internetChecksum(pdu, pseudoHeaderSum(ipBytes(packet.source), ipBytes(packet.destination), length)) === 0;
}

function version3Interval(packet: ReceivedPacket): number {
  return (((packet.pdu[4] as number) & 0xf) << 8) | (packet.pdu[5] as number);
}

function isMulticast(address: IpAddress): boolean {
  return (ipBytes(address)[0] as number) >> 4 === 0xe;
}

function addressListComplaints(parameters: Parameters, packet: ReceivedPacket): PacketComplaint[] {
  const own = parameters.instance.virtualAddresses;
  const from = packet.source;
  const complaints: PacketComplaint[] = [];
  if (packet.addressCount !== own.length) {
    complaints.push({ event: 'packetAddressCount', from, received: packet.addressCount, expected: own.length });
  }
  const theirs = new Set<IpAddress>();
  for (let i = 0; i < packet.addressCount; i++) {
    const start = VRRP_HEADER_LENGTH + i * 4;
    theirs.add(printIp(packet.pdu.subarray(start, start + 4)));
  }
  const missing = own.find((virtualAddress) => !theirs.has(virtualAddress.address));
  if (missing) {
    const { virtualRouterId } = parameters.instance;
    complaints.push({ event: 'packetAddressMissing', from, virtualRouterId, missing: missing.address });
  }
  return complaints;
}
