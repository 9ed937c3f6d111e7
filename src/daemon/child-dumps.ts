import type { Config } from '../config/types.ts';
import type { Log } from '../lib/log.ts';
import { writeDataFileLater } from '../os/data-file.ts';
import { ctime } from '../os/log-sinks.ts';
import { processId, temporaryDirectory } from '../os/system-facts.ts';
import type { PrintTime } from '../report/runtime.ts';
import type { ChildContext } from './child.ts';
import { type DumpOwner, dataPath, reportPaths } from './dump-files.ts';

/** JSON is for its reader only, whatever the creation mask. */
const PRIVATE = 0o600;

/** Wall time in microseconds as ctime(3) prints it. */
export const printTime: PrintTime = (at, fraction) => ctime(at / 1000, fraction);

/** Writes what operators ask a child for. The disk is never waited for, and one that is full is only logged. */
export class ChildDumps {
  readonly #owner: DumpOwner;
  readonly #context: ChildContext;

  constructor(owner: DumpOwner, context: ChildContext) {
    this.#owner = owner;
    this.#context = context;
  }

  /** SIGUSR1: keepalived.data and its like. */
  writeData(config: Config, lines: readonly string[]): void {
    const path = dataPath(config.global.dumps, this.#context.options, this.#owner, temporaryDirectory());
    write(path, `${lines.join('\n')}\n`, this.#context.log);
  }

  /** config_save_dir: what a reload found and what it made of it; `serial` counts them. */
  save(config: Config, lines: readonly string[], serial: number, when: 'pre' | 'post'): void {
    const directory = config.global.dumps.saveDirectory;
    if (directory === undefined) return;
    const names = { parent: '', vrrp: '_vrrp', checker: '_check', bfd: '_bfd' };
    const name = `keepalived${names[this.#owner]}.${processId()}.${serial}.${when}`;
    write(`${directory}/${name}`, `${lines.join('\n')}\n`, this.#context.log);
  }

  writeStatistics(config: Config, text: string): void {
    for (const path of this.#paths(config, 'stats')) write(path, text, this.#context.log);
  }

  writeJson(config: Config, text: string): void {
    for (const path of this.#paths(config, 'json')) write(path, text, this.#context.log, PRIVATE);
  }

  #paths({ global }: Config, kind: 'stats' | 'json'): readonly string[] {
    return reportPaths(global.dumps, this.#context.options, kind, temporaryDirectory());
  }
}

function write(path: string, text: string, log: Log, mode?: number): void {
  writeDataFileLater(path, text, mode).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    log({ level: 'info', message: `Can't write dump file ${path}: ${reason}` });
  });
}
