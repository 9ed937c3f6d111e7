import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../support/machine.ts';

export interface ServicesRun {
  /** Seconds from exec to the last real server in IPVS, one a round. */
  readonly start: readonly number[];
  /** Seconds from SIGHUP with one weight changed until IPVS has it. */
  readonly reload: readonly number[];
  /** Seconds from SIGTERM to the end. */
  readonly stop: readonly number[];
  readonly memory: readonly { readonly process: string; readonly rssKib: number; readonly pssKib: number }[];
}

/** The memory of a process after so many reloads and dumps. */
export interface ChurnMemory {
  readonly times: number;
  readonly process: string;
  readonly kind: 'RSS' | 'PSS';
  readonly kib: number;
}

/** Runs test/bench/churn.sh in the lab kernel. Throws with what it printed if it fails. */
export function churn(daemon: string): ChurnMemory[] {
  const text = execFileSync(join(projectRoot, 'test/lab/kernel.sh'), [join(projectRoot, 'test/bench/churn.sh')], {
    encoding: 'utf8',
    env: { LAB_TIMES: '1000', LAB_LIMIT: '900', ...process.env, DAEMON: daemon },
  });
  const lines = text.split('\n').map((line) => line.split(' '));
  const memory = lines.filter((words) => words[0] === 'memory');
  if (memory.length === 0) throw new Error(text);
  return memory.flatMap(([, times, process = '', rss, pss]) => [
    { times: Number(times), process, kind: 'RSS', kib: Number(rss) },
    { times: Number(times), process, kind: 'PSS', kib: Number(pss) },
  ]);
}

/** Runs test/bench/services.sh in the lab kernel. Throws with what it printed if it fails. */
export function programServices(daemon: string): ServicesRun {
  const text = execFileSync(join(projectRoot, 'test/lab/kernel.sh'), [join(projectRoot, 'test/bench/services.sh')], {
    encoding: 'utf8',
    env: { ...process.env, DAEMON: daemon },
  });
  const lines = text.split('\n').map((line) => line.split(' '));
  const numbers = (word: string) => lines.filter((words) => words[0] === word).map((words) => Number(words[1]));
  const start = numbers('start');
  if (start.length === 0) throw new Error(text);
  const memory = lines
    .filter((words) => words[0] === 'memory')
    .map((words) => ({ process: words[1] ?? '', rssKib: Number(words[2]), pssKib: Number(words[3]) }));
  return { start, reload: numbers('reload'), stop: numbers('stop'), memory };
}
