import { getopt } from './getopt.ts';
import type { Reading } from './option-table.ts';
import { complain, OPTION_TABLE } from './option-table.ts';
import type { CommandLine } from './options.ts';
import { defaultOptions } from './options.ts';

/**
 * Reads keepalived's command line. Every word is read before a mistake ends the program with 1; `version`, `help`,
 * `genhash` and `signum` end it at once.
 *
 * @param words the command line without the program's name
 */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const reading: Reading = { options: defaultOptions(), output: [], failed: false, invalidNumber: false };
  const { options, output } = reading;
  const rest: string[] = [];
  for (const item of getopt(words, OPTION_TABLE)) {
    if (item.kind === 'word') {
      rest.push(item.text);
    } else if (item.kind === 'mistake') {
      complain(reading, item.text);
      reading.failed = true;
    } else {
      item.row.effect(reading, item.value, { words, at: item.at, written: item.written });
    }
    if (reading.action !== undefined) {
      return { options, output, action: reading.action, invalidNumber: reading.invalidNumber };
    }
  }
  if (rest.length > 0) output.push({ stream: 'stdout', text: `Unexpected argument(s): ${rest.join(' ')} ` });
  return { options, output, action: reading.failed ? { exit: 1 } : 'run', invalidNumber: reading.invalidNumber };
}
