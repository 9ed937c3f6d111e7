import type { AuthenticationError, ProtocolError } from '../lib/vrrp-words.ts';
import type { PacketComplaint } from './complaint.ts';

const PROTOCOL_ERRORS: Readonly<Partial<Record<PacketComplaint['event'], ProtocolError>>> = {
  packetTtl: 'ipTtlError',
  packetVersion: 'versionError',
  packetChecksum: 'checksumError',
};
const AUTHENTICATION_ERRORS: Readonly<Partial<Record<PacketComplaint['event'], AuthenticationError>>> = {
  packetAuthTypeInvalid: 'invalidAuthType',
  packetAuthTypeMismatch: 'authTypeMismatch',
  packetPassword: 'authFailure',
  packetAhDigest: 'authFailure',
};

export function protocolErrorOf({ event }: PacketComplaint): ProtocolError | undefined {
  return PROTOCOL_ERRORS[event];
}

export function authenticationErrorOf({ event }: PacketComplaint): AuthenticationError | undefined {
  return AUTHENTICATION_ERRORS[event];
}
