import type { SyncGroup, VrrpInstance } from '../config/types.ts';
import type { ScriptCommand } from '../lib/script.ts';
import type { ToldState } from '../lib/vrrp-words.ts';
import { groupMail, instanceMail, type Mail } from './mail.ts';

type FifoWord = ToldState | 'MASTER_RX_LOWER_PRI' | 'MASTER_PRIORITY' | 'BACKUP_PRIORITY';

/** A script to start, with the words appended to its own. */
export interface ScriptCall {
  readonly command: ScriptCommand;
  readonly arguments: readonly string[];
}

export interface Notification {
  readonly scripts: readonly ScriptCall[];
  /** Line for every notify FIFO, its newline included; empty for none. */
  readonly fifoLine: string;
  /** An alert for smtp_alert. */
  readonly mail?: Mail;
  /** The new state, for those who watch from outside. */
  readonly change?: StateChange;
}

export interface StateChange {
  readonly object: 'instance' | 'group';
  readonly name: string;
  readonly state: ToldState;
}

/**
 * What a new state of a virtual router calls for: its own script, then the generic one, then the FIFO (keepalived.conf(5)).
 * The end that a reload brings is told as a fault unless notify_deleted asks otherwise, though not by notify_fault.
 */
export function notifyState(instance: VrrpInstance, state: ToldState, priority: number): Notification {
  const own = { MASTER: 'master', BACKUP: 'backup', FAULT: 'fault', STOP: 'stop', DELETED: 'deleted' } as const;
  const reported = state === 'DELETED' && !instance.notify.reportDeleted ? 'FAULT' : state;
  const command = instance.notify[own[state]];
  const scripts: ScriptCall[] = command ? [{ command, arguments: [] }] : [];
  if (instance.notify.any) {
    scripts.push({ command: instance.notify.any, arguments: ['INSTANCE', instance.name, reported, String(priority)] });
  }
  return {
    scripts,
    fifoLine: instanceLine(instance, reported, priority),
    ...(instance.smtpAlert && { mail: instanceMail(instance.name, reported) }),
    change: { object: 'instance', name: instance.name, state: reported },
  };
}

/** A master heard a lower priority master. */
export function notifyLowerPriority(instance: VrrpInstance, priority: number): Notification {
  const command = instance.notify.masterRxLowerPriority;
  return {
    scripts: command ? [{ command, arguments: [] }] : [],
    fifoLine: instanceLine(instance, 'MASTER_RX_LOWER_PRI', priority),
  };
}

/** The effective priority changed: only FIFOs are told, and only where the instance asks for it. */
export function notifyPriority(instance: VrrpInstance, master: boolean, priority: number): Notification {
  const state = master ? 'MASTER_PRIORITY' : 'BACKUP_PRIORITY';
  return { scripts: [], fifoLine: instance.notifyPriorityChanges ? instanceLine(instance, state, priority) : '' };
}

/** A new state of a whole sync group; its priority is always told as 0. */
export function notifyGroup(
  { name, notify, smtpAlert }: SyncGroup,
  state: Exclude<ToldState, 'DELETED'>,
): Notification {
  const own = { MASTER: 'master', BACKUP: 'backup', FAULT: 'fault', STOP: 'stop' } as const;
  const command = notify[own[state]];
  const scripts: ScriptCall[] = command ? [{ command, arguments: [] }] : [];
  if (notify.any) scripts.push({ command: notify.any, arguments: ['GROUP', name, state, '0'] });
  const fifoLine = `GROUP "${name}" ${state} 0\n`;
  const change = { object: 'group', name, state } as const;
  return { scripts, fifoLine, ...(smtpAlert && { mail: groupMail(name, state) }), change };
}

function instanceLine(instance: VrrpInstance, state: FifoWord, priority: number): string {
  return `INSTANCE "${instance.name}" ${state} ${priority}\n`;
}
