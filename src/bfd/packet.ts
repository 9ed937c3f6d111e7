import { type Duration, micros } from '../lib/duration.ts';
import { err, ok, type Result } from '../lib/result.ts';

/** bfd.SessionState as it stands in packets (RFC 5880 section 4.1). */
const sessionStates = ['adminDown', 'down', 'init', 'up'] as const;
export type SessionState = (typeof sessionStates)[number];

/** Diagnostic codes, by number (RFC 5880 section 4.1). */
export const diagnostics = [
  'No Diagnostic',
  'Control Detection Time Expired',
  'Echo Function Failed',
  'Neighbor Signaled Session Down',
  'Forwarding Plane Reset',
  'Path Down',
  'Concatenated Path Down',
  'Administratively Down',
  'Reverse Concatenated Path Down',
] as const;

/** Numbers of the diagnostics that a session of ours gives. */
export const diagnosticCode = { none: 0, timeExpired: 1, neighborDown: 3 } as const;

/** A control packet without authentication (RFC 5880 section 4.1). */
export interface ControlPacket {
  readonly diagnostic: number;
  readonly state: SessionState;
  readonly poll: boolean;
  readonly final: boolean;
  readonly demand: boolean;
  readonly detectMultiplier: number;
  readonly myDiscriminator: number;
  readonly yourDiscriminator: number;
  readonly desiredMinimumTransmit: Duration;
  readonly requiredMinimumReceive: Duration;
  readonly requiredMinimumEchoReceive: Duration;
}

/** As it was received. A session of ours uses no authentication, so that such a packet belongs to none. */
export interface ReceivedPacket extends ControlPacket {
  readonly authenticated: boolean;
}

/** Why a packet is discarded (RFC 5880 section 6.8.6), in the order of the checks. */
export type Refusal =
  | 'tooSmall'
  | 'sizeMismatch'
  | 'version'
  | 'detectMultiplier'
  | 'multipoint'
  | 'myDiscriminator'
  | 'yourDiscriminator'
  | 'pollAndFinal';

const VERSION = 1;
const LENGTH = 24;
const flag = { poll: 0x20, final: 0x10, authentication: 0x04, demand: 0x02, multipoint: 0x01 } as const;

/** 24 bytes. */
export function encodeControlPacket(packet: ControlPacket): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, (VERSION << 5) | packet.diagnostic);
  const flags = (packet.poll ? flag.poll : 0) | (packet.final ? flag.final : 0) | (packet.demand ? flag.demand : 0);
  view.setUint8(1, (sessionStates.indexOf(packet.state) << 6) | flags);
  view.setUint8(2, packet.detectMultiplier);
  view.setUint8(3, LENGTH);
  view.setUint32(4, packet.myDiscriminator);
  view.setUint32(8, packet.yourDiscriminator);
  view.setUint32(12, packet.desiredMinimumTransmit);
  view.setUint32(16, packet.requiredMinimumReceive);
  view.setUint32(20, packet.requiredMinimumEchoReceive);
  return bytes;
}

/** The checks of RFC 5880 section 6.8.6 that need no session, in keepalived's order. */
export function decodeControlPacket(bytes: Uint8Array): Result<ReceivedPacket, Refusal> {
  if (bytes.length < LENGTH) return err('tooSmall');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getUint8(0);
  const second = view.getUint8(1);
  const has = (bit: number): boolean => (second & bit) !== 0;
  const state = sessionStates[second >> 6] as SessionState;
  if (view.getUint8(3) !== bytes.length) return err('sizeMismatch');
  if (first >> 5 !== VERSION) return err('version');
  if (view.getUint8(2) === 0) return err('detectMultiplier');
  if (has(flag.multipoint)) return err('multipoint');
  if (view.getUint32(4) === 0) return err('myDiscriminator');
  if (view.getUint32(8) === 0 && state !== 'down' && state !== 'adminDown') return err('yourDiscriminator');
  if (has(flag.poll) && has(flag.final)) return err('pollAndFinal');
  return ok({
    diagnostic: first & 0x1f,
    state,
    poll: has(flag.poll),
    final: has(flag.final),
    demand: has(flag.demand),
    authenticated: has(flag.authentication),
    detectMultiplier: view.getUint8(2),
    myDiscriminator: view.getUint32(4),
    yourDiscriminator: view.getUint32(8),
    desiredMinimumTransmit: micros(view.getUint32(12)),
    requiredMinimumReceive: micros(view.getUint32(16)),
    requiredMinimumEchoReceive: micros(view.getUint32(20)),
  });
}
