import { builtin } from '../builtin.ts';
import { type IpAddress, parseIp } from '../../lib/ip.ts';

/** Milliseconds; a mail relay that does not resolve must not hold up a start for longer. */
const PATIENCE = 5000;

/** The first address of `name` by the system's own resolver (getent(1)); undefined when there is none in time. */
export function resolveHost(name: string): IpAddress | undefined {
  const numeric = parseIp(name);
  if (numeric !== undefined || name === '' || name.startsWith('-')) return numeric;
  const { status, stdout } = builtin
    .childProcess()
    .spawnSync('getent', ['ahosts', name], { encoding: 'latin1', timeout: PATIENCE });
  return status === 0 ? parseIp(stdout.split(/\s/, 1)[0] ?? '') : undefined;
}
