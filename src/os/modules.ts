import { builtin } from './builtin.ts';
import { readFileSync } from 'node:fs';

const DEFAULT_PROGRAM = '/sbin/modprobe';
const LIMIT_MILLISECONDS = 10_000;

/**
 * Has the kernel's own module loader (/proc/sys/kernel/modprobe) load `name`; waits for it. False when it cannot be
 * run or reports failure, which a kernel with the module built in also may.
 */
export function loadModule(name: string): boolean {
  const result = builtin
    .childProcess()
    .spawnSync(loader(), ['-s', name], { stdio: 'ignore', timeout: LIMIT_MILLISECONDS });
  return result.status === 0;
}

function loader(): string {
  try {
    return readFileSync('/proc/sys/kernel/modprobe', 'utf8').trim() || DEFAULT_PROGRAM;
  } catch {
    return DEFAULT_PROGRAM;
  }
}
