import { err, ok, type Result } from '../../lib/result.ts';

/** An option as getopt_long(3) knows it. */
export interface OptionForm {
  readonly short?: string;
  readonly long: string;
  readonly argument: 'none' | 'required' | 'optional';
}

/** What a command line is made of, one after the other. `written` is the option as it was called. */
export type Item<Row extends OptionForm> =
  | {
      readonly kind: 'option';
      readonly row: Row;
      readonly value: string;
      readonly written: string;
      readonly at: number;
    }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'mistake'; readonly text: string };

/**
 * Reads a command line as getopt_long(3) does: clusters of letters, attached or following arguments, unambiguous
 * beginnings of long names, options after words, `--`. Mistakes are worded as keepalived words them; reading goes on, which
 * util.parseArgs cannot: it stops at the first, and has neither beginnings nor optional arguments.
 *
 * @param words the command line without the program's name; `at` counts in it
 */
export function* getopt<Row extends OptionForm>(words: readonly string[], rows: readonly Row[]): Generator<Item<Row>> {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const following = words[at + 1];
    if (word === '--') {
      for (const text of words.slice(at + 1)) yield { kind: 'word', text };
      return;
    }
    if (word.startsWith('--')) at += yield* readLong(rows, word.slice(2), following, at);
    else if (word.startsWith('-') && word.length > 1) at += yield* readCluster(rows, word.slice(1), following, at);
    else yield { kind: 'word', text: word };
  }
}

/** Reads `--name` or `--name=value`; answers how many following words were used. */
function* readLong<Row extends OptionForm>(
  rows: readonly Row[],
  text: string,
  following: string | undefined,
  at: number,
): Generator<Item<Row>, 0 | 1> {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const attached = equals < 0 ? undefined : text.slice(equals + 1);
  const row = findLong(rows, name);
  if (row === undefined || (row.argument === 'none' && attached !== undefined)) {
    yield { kind: 'mistake', text: `Unknown option --${text}` };
    return 0;
  }
  const written = `--${row.long}`;
  if (row.argument !== 'required') {
    yield { kind: 'option', row, value: attached ?? '', written, at };
    return 0;
  }
  const value = attached ?? following ?? '';
  if (value === '') yield { kind: 'mistake', text: `Missing parameter for option ${written}` };
  else yield { kind: 'option', row, value, written, at };
  return attached === undefined ? 1 : 0;
}

function findLong<Row extends OptionForm>(rows: readonly Row[], name: string): Row | undefined {
  const exact = rows.find((row) => row.long === name);
  if (exact !== undefined) return exact;
  const candidates = rows.filter((row) => row.long.startsWith(name));
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Reads the letters after one dash; answers how many following words were used. */
function* readCluster<Row extends OptionForm>(
  rows: readonly Row[],
  letters: string,
  following: string | undefined,
  at: number,
): Generator<Item<Row>, 0 | 1> {
  for (let place = 0; place < letters.length; place += 1) {
    const letter = letters[place] ?? '';
    const written = `-${letter}`;
    const row = rows.find((candidate) => candidate.short === letter);
    const attached = letters.slice(place + 1);
    if (row === undefined) {
      yield { kind: 'mistake', text: `Unknown option ${written}` };
    } else if (row.argument === 'none') {
      yield { kind: 'option', row, value: '', written, at };
    } else if (row.argument === 'optional' || attached !== '') {
      yield { kind: 'option', row, value: attached, written, at };
      return 0;
    } else if (following === undefined) {
      yield { kind: 'mistake', text: `Missing parameter for option ${written}` };
    } else {
      yield { kind: 'option', row, value: following, written, at };
      return 1;
    }
  }
  return 0;
}

/**
 * What a command line says where an option counts once: the last value of each by its long name, empty where it takes none, and the
 * words. The first mistake instead.
 */
export function optionValues(
  words: readonly string[],
  rows: readonly OptionForm[],
): Result<{ readonly values: ReadonlyMap<string, string>; readonly words: readonly string[] }, string> {
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (const item of getopt(words, rows)) {
    if (item.kind === 'mistake') return err(item.text);
    if (item.kind === 'word') rest.push(item.text);
    else values.set(item.row.long, item.value);
  }
  return ok({ values, words: rest });
}
