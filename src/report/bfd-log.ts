import type { SessionAction, Session } from '../bfd/session.ts';
import { detectionTime, desiredTransmit, transmitInterval } from '../bfd/session.ts';
import { diagnostics } from '../bfd/packet.ts';
import type { BfdInstance } from '../config/types.ts';
import type { LogLine } from '../lib/log.ts';

const stateNames = { down: 'Down', init: 'Init', up: 'Up', adminDown: 'AdminDown' } as const;

/** The lines that a step of a session gives, in keepalived's words. `session` is as the step left it. */
export function printBfdAction(parameters: BfdInstance, session: Session, action: SessionAction): readonly LogLine[] {
  const { name } = parameters;
  switch (action.type) {
    case 'entered':
      return action.state === 'init'
        ? []
        : [always(`(${name}) Entering ${stateNames[action.state]} state${reason(session)}`)];
    case 'pollStarted':
      return [detail(`(${name}) Starting poll sequence`)];
    case 'expired': {
      const overdue = `${Math.round(action.late)} usec overdue`;
      return [detail(`(${name}) Expired after ${Math.round(action.after / 1000)} ms (${overdue})`)];
    }
    case 'parameters':
      return parameterLines(parameters, session, action.detectionTimeBefore).map(detail);
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

function parameterLines(parameters: BfdInstance, session: Session, before: number): readonly string[] {
  const { remote } = session;
  const { minimumReceive, multiplier } = parameters;
  const detection = detectionTime(parameters, session);
  const row = (end: string, ...[minTx, minRx, interval, multiple, time]: readonly number[]): string =>
    `${' '.repeat(13)}${end.padStart(6)} ${column(minTx, 9)} ${column(minRx, 7)} ${column(interval, 8)} ${column(multiple, 5)} ${column(time, 12)}`;
  const desired = desiredTransmit(parameters, session);
  const here = transmitInterval(parameters, session);
  const there = Math.max(remote.minimumTransmit, minimumReceive);
  return [
    `(${parameters.name}) ---------------< Session parameters >--------------`,
    '              min_tx  min_rx  tx_intv  mult  detect_time',
    row('local', desired, minimumReceive, here, multiplier, detection),
    row('remote', remote.minimumTransmit, remote.minimumReceive, there, remote.detectMultiplier, multiplier * here),
    `             Detection time is ${detection} us (was ${before} us)`,
  ];
}

function column(value: number | undefined, width: number): string {
  return String(value ?? 0).padStart(width);
}

function always(message: string): LogLine {
  return { level: 'info', message };
}

function detail(message: string): LogLine {
  return { level: 'info', message, detail: true };
}
