import type { VrrpInstance } from '../config/types.ts';
import type { ScriptCommand } from '../lib/script.ts';

export type NotifiedState = 'MASTER' | 'BACKUP' | 'FAULT' | 'STOP' | 'DELETED' | 'MASTER_RX_LOWER_PRI';

/** A script to start, with the words appended to its own. */
export interface ScriptCall {
  readonly command: ScriptCommand;
  readonly arguments: readonly string[];
}

export interface Notification {
  readonly scripts: readonly ScriptCall[];
  /** Line for every notify FIFO, its newline included. */
  readonly fifoLine: string;
}

/** What a new state of a virtual router calls for: its own script, then the generic one, then the FIFO (keepalived.conf(5)). */
export function notifyState(
  instance: VrrpInstance,
  state: 'MASTER' | 'BACKUP' | 'FAULT' | 'STOP' | 'DELETED',
  priority: number,
): Notification {
  const own = { MASTER: 'master', BACKUP: 'backup', FAULT: 'fault', STOP: 'stop', DELETED: 'deleted' } as const;
  const reported = state === 'DELETED' && !instance.notify.reportDeleted ? 'FAULT' : state;
  const command = instance.notify[own[reported]];
  const scripts: ScriptCall[] = command ? [{ command, arguments: [] }] : [];
  if (instance.notify.any) {
    scripts.push({ command: instance.notify.any, arguments: ['INSTANCE', instance.name, reported, String(priority)] });
  }
  return { scripts, fifoLine: instanceLine(instance, reported, priority) };
}

/** A master heard a lower priority master. */
export function notifyLowerPriority(instance: VrrpInstance, priority: number): Notification {
  const command = instance.notify.masterRxLowerPriority;
  return {
    scripts: command ? [{ command, arguments: [] }] : [],
    fifoLine: instanceLine(instance, 'MASTER_RX_LOWER_PRI', priority),
  };
}

function instanceLine(instance: VrrpInstance, state: NotifiedState, priority: number): string {
  return `INSTANCE "${instance.name}" ${state} ${priority}\n`;
}
