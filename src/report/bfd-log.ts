import type { SessionAction, Session } from '../bfd/session.ts';
import { detectionTime, desiredTransmit } from '../bfd/session.ts';
import { diagnostics, type Refusal } from '../bfd/packet.ts';
import type { BfdInstance } from '../config/types.ts';
import type { AddressFamily } from '../lib/ip.ts';
import type { Duration } from '../lib/duration.ts';
import type { LogLine } from '../lib/log.ts';

export const sessionStateNames = { down: 'Down', init: 'Init', up: 'Up', adminDown: 'AdminDown' } as const;

/** The lines that a step of a session gives, in keepalived's words. `session` is as the step left it. */
export function printBfdAction(parameters: BfdInstance, session: Session, action: SessionAction): readonly LogLine[] {
  const { name } = parameters;
  switch (action.type) {
    case 'entered':
      return action.state === 'up' || action.from === 'up'
        ? [always(`(${name}) Entering ${sessionStateNames[action.state]} state${reason(session)}`)]
        : [];
    case 'pollStarted':
      return [detail(`(${name}) Starting poll sequence`)];
    case 'expired': {
      const overdue = `${Math.round(action.late)} usec overdue`;
      return [always(`(${name}) Expired after ${Math.round(action.after / 1000)} ms (${overdue})`)];
    }
    case 'parameters':
      return parameterLines(parameters, action.session).map(detail);
    case 'detectionTime':
      return [always(`${indent(name)}Detection time is ${action.now} us (was ${action.before} us)`)];
    default:
      return [];
  }
}

function reason({ state, diagnostic, remote }: Session): string {
  if (state === 'up') return '';
  return ` (Local diagnostic - ${diagnosticText(diagnostic)}, Remote diagnostic - ${diagnosticText(remote.diagnostic)})`;
}

export function diagnosticText(code: number): string {
  return diagnostics[code] ?? `Unknown diagnostic ${code}`;
}

function indent(name: string): string {
  return ' '.repeat(name.length + 3);
}

function parameterLines(parameters: BfdInstance, session: Session): readonly string[] {
  const { remote, transmitInterval: here, receiveInterval: there } = session;
  const { name, minimumReceive, multiplier } = parameters;
  const row = (end: string, ...[minTx, minRx, interval, multiple, time]: readonly number[]): string =>
    `${indent(name)}${end.padEnd(6)} ${column(minTx, 8)} ${column(minRx, 7)} ${column(interval, 8)} ${column(multiple, 5)} ${column(time, 12)}`;
  const desired = desiredTransmit(parameters, session);
  return [
    `(${name}) ---------------< Session parameters >--------------`,
    `${indent(name)}         min_tx  min_rx  tx_intv  mult  detect_time`,
    row('local', desired, minimumReceive, here, multiplier, detectionTime(session)),
    row('remote', remote.minimumTransmit, remote.minimumReceive, there, remote.detectMultiplier, multiplier * here),
  ];
}

function column(value: number | undefined, width: number): string {
  return String(value ?? 0).padStart(width);
}

/** Why a packet belongs to no session. `sender` is an address with a port; `bytes` the packet. */
export function printBfdRefusal(refusal: Refusal, bytes: Uint8Array, sender: string): readonly LogLine[] {
  return [detail(refusalText(refusal, bytes)), detail(`Discarding bogus packet from ${sender}`)];
}

function refusalText(refusal: Refusal, bytes: Uint8Array): string {
  switch (refusal) {
    case 'tooSmall':
      return `Packet is too small: ${bytes.length} bytes`;
    case 'sizeMismatch':
      return `Packet size mismatch: length field: ${bytes[3]} bytes, buffer size: ${bytes.length} bytes`;
    case 'version':
      return `Packet is of unsupported version: ${(bytes[0] ?? 0) >> 5}`;
    case 'detectMultiplier':
      return "Packet 'detection multiplier' field is zero";
    case 'multipoint':
      return "Packet has 'multipoint' flag";
    case 'myDiscriminator':
      return "Packet 'my discriminator' field is zero";
    case 'yourDiscriminator':
      return "Packet 'your discriminator' field is zero and 'state' field is not Down or AdminDown";
    default:
      return 'Packet has both poll and final  flags set';
  }
}

/** Why a packet that is in order is not for its session. */
export type BfdDiscard =
  | { readonly kind: 'noSession'; readonly yourDiscriminator: number }
  | { readonly kind: 'tooFar'; readonly family: AddressFamily; readonly ttl: number; readonly least: number }
  | { readonly kind: 'authenticated' };

/** `sender` is an address with a port. */
export function printBfdDiscard(discard: BfdDiscard, sender: string): LogLine {
  switch (discard.kind) {
    case 'noSession': {
      const field = `0x${discard.yourDiscriminator.toString(16).padStart(8, '0')}`;
      return detail(`Discarding packet from ${sender} (session is not found - your discriminator field is ${field})`);
    }
    case 'tooFar': {
      const name = discard.family === 4 ? 'ttl' : 'hop_limit';
      return detail(`Packet ${name}(${discard.ttl}) < ${discard.least} - discarding`);
    }
    default:
      return detail(`Discarding packet from ${sender} (auth bit is set, but no authentication  is in use)`);
  }
}

/** What a listener of sessions says of each event. */
export function printBfdEvent(name: string, up: boolean, delay: Duration): LogLine {
  return detail(`Received BFD event: instance ${name} is in state ${up ? 'Up' : 'Down'} (delivered in ${delay} usec)`);
}

function always(message: string): LogLine {
  return { level: 'info', message };
}

function detail(message: string): LogLine {
  return { level: 'info', message, detail: true };
}
