import { type AddressFamily, addressFamily, type IpAddress } from '../src/lib/ip.ts';
import type { Statement } from './keyword.ts';
import { definedBefore } from './scope.ts';

/** A line of words that each say something, on its way to what it means. */
export interface LineReader<Draft> {
  readonly statement: Statement;
  readonly draft: Draft;
  /** Position of the last word taken. */
  at: number;
  /** Settled by the first address or word that belongs to one of them. */
  family: AddressFamily | undefined;
  /** The line belongs to a static block, not to an instance. */
  readonly ofStaticBlock: boolean;
}

/** One word of a line: what it says, and how it and the words after it are taken. False drops the line. */
export interface LineWord<Draft> {
  readonly documentation: string;
  /** Stands at the word itself; leaves `at` at the last word it took. */
  read(reader: LineReader<Draft>): boolean;
}

export function lineWord<Draft>(documentation: string, read: LineWord<Draft>['read']): LineWord<Draft> {
  return { documentation, read };
}

/** A word that says all by standing there. */
export function lineFlag<Draft extends object>(documentation: string, set: Partial<Draft>): LineWord<Draft> {
  return lineWord(documentation, (reader) => {
    Object.assign(reader.draft, set);
    return true;
  });
}

export type LineWords<Draft> = ReadonlyMap<string, LineWord<Draft>>;

/** The next word; without one reading ends altogether, and `at` is beyond the line. */
export function take(reader: LineReader<unknown>): string | undefined {
  const word = reader.statement.words[reader.at + 1];
  if (word === undefined) reader.statement.missing(reader.at + 1);
  reader.at++;
  return word;
}

/** Reports about the last word taken. */
export function complain(reader: LineReader<unknown>, message: string, expected?: string): false {
  reader.statement.report('general-error', message, reader.at, expected);
  return false;
}

/** Says about the last word taken that it is understood otherwise than written; nothing is lost. */
export function warn(
  reader: LineReader<unknown>,
  message: string,
  problem: 'warning' | 'deprecated' = 'warning',
): void {
  reader.statement.report(problem, message, reader.at);
}

/** Settles the family; false if it was settled otherwise before. */
export function settleFamily(reader: LineReader<unknown>, family: AddressFamily): boolean {
  reader.family ??= family;
  return reader.family === family;
}

/** `inet` and `inet6`: the word after it is skipped with it. */
export function readFamilyWord(reader: LineReader<unknown>, what: 'route' | 'rule'): boolean {
  const word = reader.statement.words[reader.at] as string;
  if (!settleFamily(reader, word === 'inet' ? 4 : 6)) {
    return complain(reader, `${word} specified for IPv${reader.family} ${what}`);
  }
  reader.at++;
  return true;
}

/** For addresses that are not settled yet: of this family, or of none. */
export function matchesFamily(reader: LineReader<unknown>, address: IpAddress): boolean {
  return settleFamily(reader, addressFamily(address));
}

/** `track_group NAME`; a second one ends the line. */
export function readTrackGroup(reader: LineReader<{ trackGroup?: string }>): 'taken' | 'missing' | 'duplicate' {
  const name = take(reader);
  if (name === undefined) return 'missing';
  const { draft, statement } = reader;
  if (!definedBefore(statement.scope, 'track_group', name)) {
    complain(reader, `track_group ${name} not found`, 'a track_group defined before');
  } else if (draft.trackGroup !== undefined) {
    complain(reader, `track_group ${name} is a duplicate`);
    return 'duplicate';
  } else draft.trackGroup = name;
  return 'taken';
}

/** What a table of words says of each, for the manual. */
export function documentationOf(words: LineWords<never>): Readonly<Record<string, string>> {
  return Object.fromEntries([...words].map(([word, { documentation }]) => [word, documentation]));
}
