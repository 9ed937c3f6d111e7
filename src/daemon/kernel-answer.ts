import type { LogLine } from '../lib/log.ts';
import type { Result } from '../lib/result.ts';
import type { KernelError } from '../netlink/message.ts';
import { SystemError } from '../os/system-error.ts';

/** What the kernel has answered to `operation`. Throws a SystemError where it has refused. */
export function answered<T>(operation: string, result: Result<T, KernelError>): T {
  if (!result.ok) throw new SystemError(operation, result.error.errno, result.error.text);
  return result.value;
}

/** Said when the kernel had more to tell than the socket could hold. */
export const overrunLine: LogLine = {
  level: 'info',
  message: 'Netlink: Receive buffer overrun on monitor socket - (No buffer space available)',
};
