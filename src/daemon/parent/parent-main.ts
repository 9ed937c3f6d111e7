import { absolutePath } from '../../os/program.ts';
import type { Options } from '../command/options.ts';
import { Parent } from './parent.ts';
import { openSystemLog, systemWorld } from './system-world.ts';

/** Runs the daemon in this process; the exit status. `words` is the command line with the program's name. */
export async function runParent(options: Options, words: readonly string[]): Promise<number> {
  // A daemon leaves the directory that the caller's relative names are relative to.
  const settled = options.dontFork ? options : { ...options, configFile: absolutePath(options.configFile) };
  const log = openSystemLog(settled);
  const status = await new Parent(settled, systemWorld(settled, words, log)).run();
  await log.close();
  return status;
}
