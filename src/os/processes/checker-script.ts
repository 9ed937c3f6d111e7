import { micros, seconds } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import type { RunScript, ScriptEnd } from '../../ports/script.ts';
import { type RunningScript, runScript, type ScriptResult } from './exec.ts';
import { native } from '../native.ts';
import { milliseconds } from '../patience.ts';
import { tryOpen } from '../files/tracked-file.ts';

const { SIGTERM } = native.constants;
/** After its limit a script has SIGTERM and SIGKILL behind it; one that even then does not end is not waited for. */
const GIVEN_UP_AFTER = seconds(10);
/** How a command says that a file is to be opened instead. */
const FILE_TEST = '<';

/** Scripts of checks. A command `<path` is good when the file can be opened for reading. */
export function openScripts(log: Log): RunScript {
  return (command, timeout, signal) =>
    new Promise((resolve) => {
      const [word = ''] = command.argv;
      if (word.startsWith(FILE_TEST)) {
        const opened = (errno: number): void => resolve({ kind: 'exit', status: errno === 0 ? 0 : 1, timedOut: false });
        tryOpen(word.slice(FILE_TEST.length), opened);
        return;
      }
      let script: RunningScript | undefined;
      const aborted = (): void => script?.end();
      const limit = setTimeout(
        () => resolve({ kind: 'signal', signal: SIGTERM, timedOut: true }),
        milliseconds(micros(timeout + GIVEN_UP_AFTER)),
      );
      const done = (result: ScriptResult): void => {
        clearTimeout(limit);
        signal.removeEventListener('abort', aborted);
        resolve(endOf(result));
      };
      signal.addEventListener('abort', aborted);
      script = runScript(command, [], log, { timeout, done });
    });
}

function endOf(result: ScriptResult): ScriptEnd {
  return result.kind === 'notStarted' ? { kind: 'notStarted', message: result.error.message } : result;
}
