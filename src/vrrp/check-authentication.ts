import { timingSafeEqualBytes } from '../lib/bytes-equal.ts';
import { integrityCheckValue } from './authentication-header.ts';
import { type Check, type Finding, isUnicast, refuse, type Subject } from './checks.ts';
import { AUTHENTICATION_LENGTH, AUTHENTICATION_TYPE, PROTOCOL_VRRP, passwordBytes } from './packet.ts';
import { clockSkew, markSequence, windowSeconds } from './replay.ts';
import { decodeTrailer, TRAILER_LENGTH, trailerHmac } from './trailer.ts';

/** An authentication header is there exactly where it is configured. */
export const authenticationHeaderAsConfigured: Check = ({ parameters, packet }) => {
  if (packet.family === 6) return undefined;
  const wanted = parameters.instance.authentication.type === 'ah';
  if (wanted === (packet.authenticationHeader !== undefined)) return undefined;
  const event = wanted ? 'packetAhAbsent' : 'packetAhUnexpected';
  return refuse('authTypeMismatch', { event, from: packet.source });
};

/** The auth_hmac trailer: presence, sender, form, freshness, key, code, replay, in this order. */
export const trailer: Check = (subject) => {
  const { parameters, packet } = subject;
  const settings = parameters.instance.authHmac;
  if (!settings) return undefined;
  const from = packet.source;
  if (!subject.hasTrailer) {
    return settings.mode === 'enforce' ? refuse('authExtMissing', { event: 'trailerMissing', from }) : undefined;
  }
  const peers = parameters.instance.unicast?.peers;
  if (peers && !peers.some(({ address }) => address === from))
    return refuse(undefined, { event: 'packetNotPeer', from });
  const { pdu } = packet;
  const found = decodeTrailer(pdu.subarray(subject.pduLength, subject.pduLength + TRAILER_LENGTH));
  if (!found.wellFormed) return refuse('authExtMalformed', { event: 'trailerMalformed', from });
  const window = windowSeconds(settings);
  const skew = settings.antiReplay === 'time' ? clockSkew(found.seconds, subject.wallClock) : 0;
  if (Math.abs(skew) > window) return refuse('authExtStale', { event: 'trailerStale', from, skew, window });
  const key = settings.keys.find(({ id }) => id === found.keyId)?.key;
  if (!key) return refuse('authExtUnknownKey', { event: 'trailerUnknownKey', from, keyId: found.keyId });
  const expected = trailerHmac(pdu.subarray(0, subject.pduLength), packet, found.signed, key, subject.hashes);
  if (!timingSafeEqualBytes(found.hmac, expected)) {
    return refuse('authExtInvalidHmac', { event: 'trailerInvalid', from });
  }
  const heard = { sender: from, sequence: found.sequence };
  const marked = markSequence(settings, subject.wire.senders, heard, {
    wallClock: subject.wallClock,
    peers: peers?.length,
  });
  if (!marked) return refuse('authExtReplay', { event: 'trailerReplayed', from });
  const wire = { ...subject.wire, senders: marked };
  return Math.abs(skew) * 2 > window ? { wire, doubt: { event: 'trailerSkew', from, skew, window } } : { wire };
};

/** The authentication type of version 2 (RFC 2338, section 5.3.6). */
export const authenticationType: Check = ({ parameters, packet }) => {
  const { authentication, version } = parameters.instance;
  if (version === 3) return undefined;
  const from = packet.source;
  const received = packet.pdu[4] as number;
  if (received > AUTHENTICATION_TYPE.ah) {
    return refuse('invalidAuthType', { event: 'packetAuthTypeInvalid', from, received });
  }
  const expected = AUTHENTICATION_TYPE[authentication.type];
  if (received === expected) return undefined;
  return refuse('authTypeMismatch', { event: 'packetAuthTypeMismatch', from, received, expected });
};

/** The password of version 2 over IPv4, in clear or as the key of an authentication header. */
export const password: Check = (subject) => {
  const { authentication, version } = subject.parameters.instance;
  if (version === 3 || subject.packet.family === 6 || authentication.type === 'none') return undefined;
  if (authentication.type === 'ah') return authenticationHeader(subject, authentication.password);
  const { packet, pduLength } = subject;
  const theirs = packet.pdu.subarray(pduLength - AUTHENTICATION_LENGTH, pduLength);
  if (timingSafeEqualBytes(theirs, passwordBytes(authentication.password))) return undefined;
  return refuse('authFailure', { event: 'packetPassword', from: packet.source });
};

/** Each sequence number is heard once: what was sent later counts from it. */
function authenticationHeader(subject: Subject, key: string): Finding | undefined {
  const { packet, parameters, wire } = subject;
  const header = packet.authenticationHeader;
  if (!header) return undefined;
  const from = packet.source;
  if (header.nextHeader !== PROTOCOL_VRRP) return refuse(undefined);
  const sender = packet.datagram.subarray(12, 16);
  if (!timingSafeEqualBytes(header.securityParametersIndex, sender)) {
    return refuse('authFailure', { event: 'packetAhIndex', from, sender, index: header.securityParametersIndex });
  }
  const covered = packet.datagram.subarray(0, packet.datagram.length - packet.pdu.length + subject.pduLength);
  const security = { password: key, unicast: isUnicast(parameters) };
  const expected = integrityCheckValue(covered, packet.ipHeaderLength, security, subject.hashes);
  if (!timingSafeEqualBytes(header.integrityCheckValue, expected)) {
    return refuse('authFailure', { event: 'packetAhDigest', from });
  }
  if (!wire.ahCycled && header.sequence <= wire.ahSequence) {
    const complaint = { event: 'packetAhSequence', from, received: header.sequence, ours: wire.ahSequence } as const;
    return refuse('authFailure', complaint);
  }
  return { wire: { ...wire, ahSequence: header.sequence } };
}
