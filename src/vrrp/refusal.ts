import type { PacketComplaint } from './complaint.ts';

/** The last error of RFC 6527's vrrpv3StatisticsProtoErrReason. */
export type ProtocolError = 'ipTtlError' | 'versionError' | 'checksumError';
/** RFC 2787, vrrpTrapAuthErrorType. */
export type AuthenticationError = 'invalidAuthType' | 'authTypeMismatch' | 'authFailure';

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
