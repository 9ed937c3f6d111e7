import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { missing, projectRoot } from '../support/machine.ts';

/** What the checks of one process cost. */
export interface CheckersRun {
  /** Share of one processor. */
  readonly cores: number;
  readonly rssKib: number;
  /** Seconds from the start until the last server was found dead; 0 when none was. */
  readonly allDead: number;
  /** Milliseconds that checks of servers that do not hang began after their time: 99.9 % of them, and the latest. */
  readonly late: { readonly most: number; readonly latest: number };
}

/** Lateness is to be ours, not that of a machine where others work too. */
const undisturbed = missing(['root', 'program chrt']) === undefined ? ['chrt', '--rr', '1'] : [];

/**
 * Ours on this machine's kernel, without IPVS: `count` checks every `interval` ms of servers that answer, refuse, or
 * never accept; of kind `mixed`, three in twenty of those that answer hang in other ways.
 */
export async function checksHere(
  kind: 'tcp' | 'http' | 'mixed',
  count: number,
  interval: number,
  servers: 'answering' | 'refusing' | 'hanging',
): Promise<CheckersRun> {
  const port = 18_099;
  const script = join(projectRoot, 'test/bench/answering.py');
  const answering = spawn('python3', ['-S', script, String(port), ...(servers === 'hanging' ? ['hang'] : [])], {
    stdio: 'ignore',
  });
  await once(answering, 'spawn');
  const child = join(projectRoot, 'dist/test/bench/checks-child.js');
  const settle = { answering: interval / 1000 + 3, refusing: 0, hanging: 3 }[servers];
  const target = servers === 'refusing' ? 9 : port;
  const words = [process.execPath, child, ...[kind, count, interval, target, settle, 13].map(String)];
  const [program = '', ...others] = [...undisturbed, ...words];
  try {
    const { cores, rssKib, downs, down, late } = JSON.parse(execFileSync(program, others, { encoding: 'utf8' }));
    const hanging = kind === 'mixed' ? (count * 3) / 20 : 0;
    const expected = servers === 'answering' ? hanging : count;
    if (downs !== expected) throw new Error(`${downs} of ${expected} servers were found dead`);
    return { cores, rssKib, allDead: down, late };
  } finally {
    answering.kill();
  }
}

/** Runs test/bench/checkers.sh in the lab kernel: by name, tcp and http. Throws with what it printed if it fails. */
export function checksInLab(daemon: string): ReadonlyMap<string, Pick<CheckersRun, 'cores' | 'rssKib'>> {
  const text = execFileSync(join(projectRoot, 'test/lab/kernel.sh'), [join(projectRoot, 'test/bench/checkers.sh')], {
    encoding: 'utf8',
    env: { ...process.env, DAEMON: daemon },
  });
  const runs = text.split('\n').flatMap((line) => {
    const match = /^(tcp|http) (\S+) (\d+)$/.exec(line.trim());
    return match ? [[match[1] as string, { cores: Number(match[2]), rssKib: Number(match[3]) }] as const] : [];
  });
  if (runs.length !== 2) throw new Error(text);
  return new Map(runs);
}
