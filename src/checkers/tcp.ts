import type { TcpChecker } from '../config/types.ts';
import { type AttemptResult, bindPostponed, type CheckerPorts, type CheckerTarget, isUnreachable } from './attempt.ts';

/** TCP_CHECK: the server is good when the connection is accepted within connect_timeout; nothing is sent. */
export async function checkTcp(
  target: CheckerTarget<TcpChecker>,
  ports: CheckerPorts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const dialled = await ports.dial.connect(target.checker.connection, signal);
  if (dialled.ok) {
    dialled.value.close();
    return { kind: 'success' };
  }
  if (dialled.error.kind === 'bind')
    return bindPostponed(dialled.error.message, 'TCP socket bind failed. Rescheduling.');
  if (isUnreachable(dialled.error)) return { kind: 'failure' };
  const outcome = dialled.error.kind === 'timeout' ? 'timeout' : 'failed';
  return { kind: 'failure', detail: `TCP connection to ${target.realServer} ${outcome}.` };
}
