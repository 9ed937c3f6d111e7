/** States as scripts, FIFOs, mails and the log call them. */
export type ToldState = 'MASTER' | 'BACKUP' | 'FAULT' | 'STOP' | 'DELETED';

/** States as dumps and those who watch from outside show them. */
export type ShownState = 'INIT' | ToldState;

/** The states of routers and groups as they are told. */
export const toldStates = { master: 'MASTER', backup: 'BACKUP', fault: 'FAULT' } as const;

/** The same as they are shown, with the one before the first that is told. */
export const shownStates = { initialize: 'INIT', ...toldStates } as const;

/** Why an instance became master (RFC 6527, vrrpv3StatisticsNewMasterReason). */
export type NewMasterReason = 'priority' | 'preempted' | 'masterNoResponse';

/** Why a packet was refused (RFC 6527, vrrpv3StatisticsProtoErrReason). */
export type ProtocolError = 'ipTtlError' | 'versionError' | 'checksumError';

/** The same where it was about authentication (RFC 2787, vrrpTrapAuthErrorType). */
export type AuthenticationError = 'invalidAuthType' | 'authTypeMismatch' | 'authFailure';
