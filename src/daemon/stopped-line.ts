import type { LogLine } from '../lib/log.ts';
import { processorTimes } from '../os/processes/processes.ts';

/** A child's last line; with -D what it cost, and its scripts if there were any. */
export function stoppedLine(logDetail: boolean): LogLine {
  if (!logDetail) return { level: 'info', message: 'Stopped' };
  const { self, children } = processorTimes();
  if (children.user + children.system === 0) {
    const used = `${self.user.toFixed(6)} user time, ${self.system.toFixed(6)} system time`;
    return { level: 'info', message: `Stopped - used ${used}` };
  }
  const pair = (kind: 'user' | 'system'): string =>
    `${self[kind].toFixed(6)}/${children[kind].toFixed(6)} ${kind} time`;
  return { level: 'info', message: `Stopped - used (self/children) ${pair('user')}, ${pair('system')}` };
}
