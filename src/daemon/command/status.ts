import { err, ok, type Result } from '../../lib/result.ts';
import { glob } from '../../os/files/glob.ts';
import { writeOutput } from '../../os/program.ts';
import { askLocalService } from '../../os/sockets/local-service.ts';
import { codeOf } from '../../os/system-error.ts';
import type { Status } from '../../report/status/status.ts';
import { printStatus } from '../../report/status/text.ts';
import { PID_DIRECTORY, pidPaths, statusSocket } from '../paths.ts';
import { type OptionForm, optionValues } from './getopt.ts';
import { defaultOptions } from './options.ts';

const USAGE =
  'Usage: evenkeel status [--format text|json] [PIDFILE...]\n' +
  '  PIDFILE      of the daemon that is meant; otherwise all of this machine with pid files in the usual places\n' +
  '  --format     json: a line for each daemon';

/** As the Linux Standard Base has them for `service NAME status`. */
const EXIT = { running: 0, wrongCall: 2, notRunning: 3, unknown: 4 } as const;

interface StatusOptions {
  readonly pidFiles: readonly string[];
  readonly format: 'text' | 'json';
  readonly help: boolean;
}

/**
 * `evenkeel status`: asks running daemons for their state and prints it. Exit status: 0 when all that were asked have answered, 3 where
 * none runs, 4 where one cannot be asked, 2 for a wrong call.
 */
export async function status(argv: readonly string[]): Promise<number> {
  const options = parseStatusOptions(argv);
  if (!options.ok) {
    writeOutput('stderr', `${options.error}\n${USAGE}`);
    return EXIT.wrongCall;
  }
  const { pidFiles, format, help } = options.value;
  if (help) {
    writeOutput('stdout', USAGE);
    return EXIT.running;
  }
  const named = pidFiles.length > 0;
  const answers: string[] = [];
  let unasked = false;
  for (const path of named ? pidFiles.map(statusSocket) : usualSockets()) {
    const answer = await ask(path);
    if (answer.ok) answers.push(format === 'json' ? answer.value : textOf(answer.value));
    else {
      unasked ||= !answer.error.gone;
      if (named || !answer.error.gone) writeOutput('stderr', answer.error.message);
    }
  }
  if (answers.length > 0) writeOutput('stdout', answers.join(format === 'json' ? '\n' : '\n\n'));
  else if (!named && !unasked) writeOutput('stderr', 'No daemon is running');
  if (unasked) return EXIT.unknown;
  return answers.length === 0 ? EXIT.notRunning : EXIT.running;
}

const ROWS: readonly OptionForm[] = [
  { long: 'format', argument: 'required' },
  { long: 'help', argument: 'none' },
];

function parseStatusOptions(argv: readonly string[]): Result<StatusOptions, string> {
  const read = optionValues(argv, ROWS);
  if (!read.ok) return read;
  const { values, words: pidFiles } = read.value;
  const format = values.get('format') ?? 'text';
  if (format !== 'text' && format !== 'json') return err(`Unknown format ${format}`);
  return ok({ pidFiles, format, help: values.has('help') });
}

/** Of daemons without a name of their own, with one, and in network namespaces. */
function usualSockets(): string[] {
  const plain = statusSocket(pidPaths(defaultOptions(), {}).parent);
  return [plain, ...glob(`${PID_DIRECTORY}/*.sock`), ...glob(`${PID_DIRECTORY}/*/*.sock`)];
}

/** `gone`: nobody serves there. */
async function ask(path: string): Promise<Result<string, { readonly message: string; readonly gone: boolean }>> {
  try {
    return ok(await askLocalService(path));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const gone = codeOf(error) === 'ENOENT' || codeOf(error) === 'ECONNREFUSED';
    return err({ message: gone ? `No daemon is running at ${path}` : error.message, gone });
  }
}

function textOf(answer: string): string {
  return printStatus(JSON.parse(answer) as Status).join('\n');
}
