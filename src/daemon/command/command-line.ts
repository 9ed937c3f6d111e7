import type { OptionRow, Reading } from './option-table.ts';
import { complain, OPTION_TABLE } from './option-table.ts';
import type { CommandLine } from './options.ts';
import { defaultOptions } from './options.ts';

/**
 * Reads a command line as getopt_long(3) does: clusters of letters, attached or following arguments, unambiguous
 * beginnings of long names, options after words, `--`. Every word is read before a mistake ends the program with 1;
 * `version`, `help` and `signum` end it at once.
 *
 * @param words the command line without the program's name
 */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const reading: Reading = { options: defaultOptions(), output: [], failed: false, invalidNumber: false };
  const rest: string[] = [];
  for (let at = 0; at < words.length && reading.action === undefined; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') {
      rest.push(...words.slice(at + 1));
      break;
    }
    if (word.startsWith('--')) at += readLong(reading, word.slice(2), words[at + 1]);
    else if (word.startsWith('-') && word.length > 1) at += readCluster(reading, word.slice(1), words[at + 1]);
    else rest.push(word);
  }
  const { options, output, invalidNumber } = reading;
  if (reading.action !== undefined) return { options, output, action: reading.action, invalidNumber };
  if (rest.length > 0) output.push({ stream: 'stdout', text: `Unexpected argument(s): ${rest.join(' ')} ` });
  return { options, output, action: reading.failed ? { exit: 1 } : 'run', invalidNumber };
}

function refuse(reading: Reading, text: string): 0 {
  complain(reading, text);
  reading.failed = true;
  return 0;
}

/** Reads `--name` or `--name=value`; answers how many following words were used. */
function readLong(reading: Reading, text: string, following: string | undefined): 0 | 1 {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const attached = equals < 0 ? undefined : text.slice(equals + 1);
  const row = findLong(name);
  if (row === undefined || (row.argument === 'none' && attached !== undefined)) {
    return refuse(reading, `Unknown option --${text}`);
  }
  if (row.argument !== 'required') {
    row.effect(reading, attached ?? '');
    return 0;
  }
  const value = attached ?? following;
  if (value === undefined || attached === '') return refuse(reading, `Missing parameter for option --${row.long}`);
  row.effect(reading, value);
  return attached === undefined ? 1 : 0;
}

function findLong(name: string): OptionRow | undefined {
  const exact = OPTION_TABLE.find((row) => row.long === name);
  if (exact !== undefined) return exact;
  const candidates = OPTION_TABLE.filter((row) => row.long.startsWith(name));
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Reads the letters after one dash; answers how many following words were used. */
function readCluster(reading: Reading, letters: string, following: string | undefined): 0 | 1 {
  for (let at = 0; at < letters.length && reading.action === undefined; at += 1) {
    const letter = letters[at] ?? '';
    const row = OPTION_TABLE.find((candidate) => candidate.short === letter);
    const attached = letters.slice(at + 1);
    if (row === undefined) {
      refuse(reading, `Unknown option -${letter}`);
    } else if (row.argument === 'none') {
      row.effect(reading, '');
    } else if (row.argument === 'optional' || attached !== '') {
      row.effect(reading, attached);
      return 0;
    } else if (following === undefined) {
      return refuse(reading, `Missing parameter for option -${letter}`);
    } else {
      row.effect(reading, following);
      return 1;
    }
  }
  return 0;
}
