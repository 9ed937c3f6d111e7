import type { LogLine } from '../lib/log.ts';
import { processorTimes } from '../os/processes.ts';

/** A child's last line; with -D what it and its scripts cost. */
export function stoppedLine(logDetail: boolean): LogLine {
  if (!logDetail) return { level: 'info', message: 'Stopped' };
  const { self, children } = processorTimes();
  const pair = (kind: 'user' | 'system'): string =>
    `${self[kind].toFixed(6)}/${children[kind].toFixed(6)} ${kind} time`;
  return { level: 'info', message: `Stopped - used (self/children) ${pair('user')}, ${pair('system')}` };
}
