import type { Scope, Statement, ValueKind } from './keyword.ts';

/** A command keyword's words: what to run, and as whom. Users and groups are names still. */
export interface Command {
  /** The command as written, for messages. */
  readonly written: string;
  readonly argv: readonly string[];
  readonly user?: string;
  readonly group?: string;
}

interface Split {
  readonly words: readonly string[];
  /** The quote that was never closed. */
  readonly unclosed?: string;
  readonly danglingBackslash?: boolean;
}

/**
 * Splits at blanks; `"` and `'` both quote, and quoted and plain parts that touch are one word. Backslash pairs hide
 * their second character; they stay as written unless `resolve` asks for what they stand for.
 */
export function splitQuoted(text: string, resolve: boolean): Split {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    if (character === '\\') {
      if (i + 1 >= text.length) return { words, danglingBackslash: true };
      const pair = readEscape(text, i);
      word = (word ?? '') + (resolve ? pair.value : text.slice(i, i + pair.length));
      i += pair.length - 1;
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/[ \t\f\n\r\v]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (word !== undefined) words.push(word);
  return quote === '' ? { words } : { words, unclosed: quote };
}

const named: Readonly<Record<string, string | undefined>> = {
  a: '\x07',
  b: '\b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function readEscape(text: string, at: number): { value: string; length: number } {
  const rest = text.slice(at + 1, at + 4);
  const hexadecimal = /^x([0-9a-fA-F]{1,2})/.exec(rest);
  if (hexadecimal) return { value: code(hexadecimal[1], 16), length: hexadecimal[0].length + 1 };
  const octal = /^[0-7]{1,3}/.exec(rest);
  if (octal) return { value: code(octal[0], 8), length: octal[0].length + 1 };
  if (rest[0] === 'c' && rest[1] !== undefined) {
    return { value: String.fromCharCode(rest.charCodeAt(1) & 0x1f), length: 3 };
  }
  return { value: named[rest[0] as string] ?? (rest[0] as string), length: 2 };
}

function code(digits: string | undefined, base: number): string {
  return String.fromCharCode(Number.parseInt(digits ?? '0', base) & 0xff);
}

/** Complains of a quote that is never closed. */
export function reportUnclosed(statement: Statement, text: string, quote: string): undefined {
  const message = `String '${text}': missing terminating ${quote}`;
  statement.report('unmatched-quote', message, 1, 'a closing quote');
  return undefined;
}

function logDangling(statement: Statement, text: string): undefined {
  statement.log(`String '${text}' ends in a backslash - ignoring`);
}

/** A command in quotes, then optionally the user and the group to run it as. What cannot be split is lost. */
export const command: ValueKind<Command> = {
  syntax: 'a command in double quotes, then optionally a user and a group',
  example: '"/usr/local/bin/check.sh 80"',
  read(statement) {
    const outer = splitQuoted(statement.source, false);
    if (outer.unclosed !== undefined) return reportUnclosed(statement, statement.source, outer.unclosed);
    const [, written, user, group] = outer.words;
    if (outer.danglingBackslash) return logDangling(statement, statement.source);
    if (written === undefined) return statement.missing(1);
    const inner = splitQuoted(written, true);
    if (inner.unclosed !== undefined) return reportUnclosed(statement, written, inner.unclosed);
    if (inner.danglingBackslash) return logDangling(statement, written);
    if (inner.words.length === 0) return undefined;
    return { written, argv: inner.words, ...(user !== undefined && { user }), ...(group !== undefined && { group }) };
  },
  print: printCommand,
};

function printCommand({ argv, user, group }: Command): string {
  const words = argv.map((word) => (word === '' ? "''" : escaped(word)));
  return [`"${words.join(' ')}"`, ...(user === undefined ? [] : [user]), ...(group === undefined ? [] : [group])].join(
    ' ',
  );
}

/** Every character that any step of reading could take for something else is written as a number. */
export function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9_./:@%+=,-]/g, (character) => {
    const value = character.charCodeAt(0);
    return value < 0x80 ? `\\x${value.toString(16).padStart(2, '0')}` : character;
  });
}

/** Of several commands of a keyword the first counts; `about` begins the complaint about another. */
export const firstCommand =
  (about: (scope: Scope, keyword: string) => string) =>
  (value: Command, { scope, words, refuse }: Statement): Command | undefined => {
    const keyword = words[0] as string;
    if (scope.values[keyword] === undefined) return value;
    const message = `${about(scope, keyword)} script already specified - ignoring ${value.written}`;
    return refuse(message, 0);
  };
