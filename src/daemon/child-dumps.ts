import type { Config } from '../config/types.ts';
import type { Log } from '../lib/log.ts';
import { elapsedMilliseconds } from '../os/clock.ts';
import { dataFileComplaint, writeDataFileLater } from '../os/files/data-file.ts';
import { ctime } from '../os/log-sinks.ts';
import { processId } from '../os/processes/this-process.ts';
import { temporaryDirectory } from '../os/system-facts.ts';
import { atEndOfTurn } from '../os/turn.ts';
import type { PrintTime } from '../report/runtime.ts';
import type { ChildContext } from './child.ts';
import { type DumpOwner, dataPath, nameOfData, reportPaths } from './dump-files.ts';

/** JSON is for its reader only, whatever the creation mask. */
const PRIVATE = 0o600;

/** What a dump may take of one turn. */
const TURN_MILLISECONDS = 1;

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
  writeData(config: Config, parts: Iterable<readonly string[]>): void {
    const temporary = temporaryDirectory();
    const path = dataPath(config.global.dumps, this.#context.options, this.#owner, temporary);
    bitByBit(
      parts,
      (lines) => lines.map((line) => `${line}\n`).join(''),
      (text) => write(path, text, this.#context.log, { called: nameOfData(path, temporary) }),
    );
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

  /** Without any part there is no file. */
  writeJson(config: Config, parts: Iterable<string>): void {
    bitByBit(
      parts,
      (part) => part,
      (text) => {
        if (text === '') return;
        for (const path of this.#paths(config, 'json')) write(path, text, this.#context.log, { mode: PRIVATE });
      },
    );
  }

  #paths({ global }: Config, kind: 'stats' | 'json'): readonly string[] {
    return reportPaths(global.dumps, kind, temporaryDirectory());
  }
}

/** Puts a text together a little in each turn, so that whatever has a deadline comes in between. */
function bitByBit<T>(parts: Iterable<T>, print: (part: T) => string, done: (text: string) => void): void {
  const source = parts[Symbol.iterator]();
  const texts: string[] = [];
  const go = (): void => {
    const end = elapsedMilliseconds() + TURN_MILLISECONDS;
    do {
      const part = source.next();
      if (part.done === true) {
        done(texts.join(''));
        return;
      }
      texts.push(print(part.value));
    } while (elapsedMilliseconds() < end);
    atEndOfTurn(go);
  };
  go();
}

/** `called`: the file's name in complaints. */
function write(
  path: string,
  text: string,
  log: Log,
  { called = path, mode }: { readonly called?: string; readonly mode?: number } = {},
): void {
  writeDataFileLater(path, text, mode).catch((error: unknown) => {
    log({ level: 'info', message: dataFileComplaint(called, error) });
  });
}
