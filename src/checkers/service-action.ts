import type { RealServer, SorryServer, VirtualServer } from '../config/types.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { LogLine } from '../lib/log.ts';
import type { ScriptCommand } from '../lib/script.ts';
import { realServerName, virtualServerName } from './names.ts';

/** What a change of a virtual server calls for, in order. */
export type ServiceAction =
  | { readonly type: 'log'; readonly line: LogLine }
  /** The kernel's entries of this virtual server are to follow its state. */
  | { readonly type: 'program' }
  | { readonly type: 'script'; readonly command: ScriptCommand }
  /** One write to the notify FIFOs, its terminating NUL included. */
  | { readonly type: 'fifo'; readonly text: string }
  | { readonly type: 'mail'; readonly subject: string; readonly body: string }
  | ServiceChange;

/** For those who watch from outside. */
export interface ServiceChange {
  readonly type: 'change';
  readonly server: VirtualServer;
  /** Real servers that are up after it. */
  readonly serversUp: number;
  readonly change:
    | { readonly object: 'realServer'; readonly address: IpAddress; readonly port: number; readonly up: boolean }
    | { readonly object: 'quorum'; readonly status: 'met' | 'notMet' | 'shutdown' };
}

export function logAction(message: string): ServiceAction {
  return { type: 'log', line: { level: 'info', message } };
}

/** Script and FIFO line of a real server that came up or went down, so that `serversUp` are up now. */
export function realServerNotifications(
  server: VirtualServer,
  real: RealServer,
  up: boolean,
  serversUp: number,
): ServiceAction[] {
  const command = up ? real.notifyUp : real.notifyDown;
  const name = realServerName(server, real);
  const text = `RS ${name} ${virtualServerName(server.key)} ${up ? 'UP' : 'DOWN'}\n\0`;
  return [
    ...(command ? [{ type: 'script', command } as const] : []),
    { type: 'fifo', text },
    realServerObserved(server, real, up, serversUp),
  ];
}

export function realServerObserved(
  server: VirtualServer,
  { address, port }: RealServer,
  up: boolean,
  serversUp: number,
): ServiceChange {
  return { type: 'change', server, serversUp, change: { object: 'realServer', address, port, up } };
}

export function quorumObserved(
  server: VirtualServer,
  status: 'met' | 'notMet' | 'shutdown',
  serversUp: number,
): ServiceChange {
  return { type: 'change', server, serversUp, change: { object: 'quorum', status } };
}

/** How many real servers are up. */
export function serversUp(realServers: readonly { readonly alive: boolean }[]): number {
  return realServers.filter(({ alive }) => alive).length;
}

/** None without a body. */
export function realServerMail(server: VirtualServer, real: RealServer, up: boolean, body: string): ServiceAction[] {
  if (!real.smtpAlert || body === '') return [];
  const names = `${realServerName(server, real)} of virtual server ${virtualServerName(server.key)}`;
  return [{ type: 'mail', subject: `Realserver ${names} - ${up ? 'UP' : 'DOWN'}`, body }];
}

/** Script, FIFO line and mail of a virtual server that gained or lost its quorum. */
export function quorumNotifications(
  server: VirtualServer,
  up: boolean,
  mailBody: string,
  change: ServiceChange,
): ServiceAction[] {
  const command = up ? server.quorumUp : server.quorumDown;
  const name = virtualServerName(server.key);
  const direction = up ? 'UP' : 'DOWN';
  return [
    ...(command ? [{ type: 'script', command } as const] : []),
    { type: 'fifo', text: `VS ${name} ${direction}\n\0` },
    change,
    ...(server.smtpAlert
      ? [{ type: 'mail', subject: `Virtualserver ${name} - ${direction}`, body: mailBody } as const]
      : []),
  ];
}

/** "Adding service A to VS B", or "Enabling service A of VS B" where the entry stays at weight 0 meanwhile. */
export function realServerChange(server: VirtualServer, real: RealServer, up: boolean): ServiceAction {
  const verb = real.inhibitOnFailure ? (up ? 'Enabling' : 'Disabling') : up ? 'Adding' : 'Removing';
  const preposition = real.inhibitOnFailure ? 'of' : up ? 'to' : 'from';
  const name = realServerName(server, real);
  return logAction(`${verb} service ${name} ${preposition} VS ${virtualServerName(server.key)}`);
}

export function sorryServerChange(server: VirtualServer, sorry: SorryServer, active: boolean): ServiceAction {
  const verb = sorry.inhibitOnFailure ? (active ? 'Enabling' : 'Disabling') : active ? 'Adding' : 'Removing';
  const name = realServerName(server, sorry);
  return logAction(`${verb} sorry server ${name} ${active ? 'to' : 'from'} VS ${virtualServerName(server.key)}`);
}
