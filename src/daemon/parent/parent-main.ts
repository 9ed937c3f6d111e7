import { passOnDescriptorLimit } from '../../os/processes/started-with.ts';
import { absolutePath } from '../../os/program.ts';
import { processId } from '../../os/processes/this-process.ts';
import type { Options } from '../command/options.ts';
import { crashLines, firstCrash } from '../crash.ts';
import { exitStatus } from '../../lib/exit-status.ts';
import type { DaemonLog } from './logger.ts';
import { Parent } from './parent.ts';
import { openSystemLog, systemWorld } from './system-world.ts';

const IDENT = 'Keepalived';

/** Runs the daemon in this process; the exit status. `words` is the command line with the program's name. */
export async function runParent(options: Options, words: readonly string[]): Promise<number> {
  // A daemon leaves the directory that the caller's relative names are relative to.
  const settled = options.dontFork ? options : { ...options, configFile: absolutePath(options.configFile) };
  passOnDescriptorLimit();
  const log = openSystemLog(settled);
  const crashed = crashes(log);
  const status = await Promise.race([new Parent(settled, systemWorld(settled, words, log)).run(), crashed]);
  await log.close();
  return status;
}

/** A broken promise of our own ends the daemon, whose children then clean up; a daemon has no standard error to say it on. */
async function crashes(log: DaemonLog): Promise<number> {
  const error = await firstCrash();
  for (const line of crashLines(IDENT, error)) log.write(line, { ident: IDENT, pid: processId() });
  return exitStatus.programError;
}
