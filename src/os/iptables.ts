import { builtin } from './builtin.ts';
import { codeOf } from './system-error.ts';

/** The lock of other copies is waited for so long. */
const LOCK_SECONDS = '5';
const LIMIT_MILLISECONDS = 20_000;
/** A daemon may have been started with fewer places to look for programs. */
const PLACES = '/usr/sbin:/sbin:/usr/bin:/bin';

export interface IptablesResult {
  readonly ok: boolean;
  /** Why not, in a line. */
  readonly reason: string;
}

/**
 * Runs iptables or ip6tables, with `input` their restore program, and waits for it. The legacy form is preferred: the
 * other one is nftables again.
 */
export function runIptables(family: 'ip' | 'ip6', words: readonly string[], input?: string): IptablesResult {
  const tool = input === undefined ? '' : '-restore';
  for (const name of [`${family}tables-legacy${tool}`, `${family}tables${tool}`]) {
    const result = builtin.childProcess().spawnSync(name, ['-w', LOCK_SECONDS, ...words], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${process.env.PATH ?? ''}:${PLACES}` },
      timeout: LIMIT_MILLISECONDS,
      ...(input !== undefined && { input }),
    });
    if (codeOf(result.error) === 'ENOENT') continue;
    const reason = result.error?.message ?? result.stderr.trim().split('\n')[0] ?? '';
    return { ok: result.status === 0, reason: reason === '' ? `${name} exited with ${result.status}` : reason };
  }
  return { ok: false, reason: `there is no program ${family}tables${tool}` };
}
