import { writeOutput } from '../../os/program.ts';

const USAGE = `Usage: evenkeel check FILE...         every mistake with its line; of several files also whether they fit together
       evenkeel status                the live state of the daemons on this machine
       evenkeel explain KEYWORD       what a keyword means, with an example
       evenkeel dump-conf [-f FILE]   the configuration in force, defaults included
       evenkeel OPTION...             the daemon, with the options of keepalived(8), such as -n -l -f FILE
The first four tell more with --help.`;
const USAGE_ERROR = 2;

/**
 * What `evenkeel` answers where no command is named: unlike `keepalived` it starts no daemon then. `word` is the first
 * argument, if any. Exit status: 0 where help was asked for, otherwise 2.
 */
export function showUsage(word: string | undefined): number {
  if (word === '--help' || word === '-h') {
    writeOutput('stdout', USAGE);
    return 0;
  }
  if (word !== undefined) writeOutput('stderr', `There is no command ${word}`);
  writeOutput('stderr', USAGE);
  return USAGE_ERROR;
}
