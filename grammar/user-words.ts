import type { Statement, ValueKind } from './keyword.ts';
import { quoteAll } from './values.ts';

/** Whose rights something has, by name; a colon before the group, or alone, asks for supplementary groups. */
export interface UserWords {
  readonly user: string;
  readonly group?: string;
}

/** The words after the keyword; undefined where there are none. */
export function readUser({ words: [, user, group] }: Statement): UserWords | undefined {
  return user === undefined ? undefined : { user, ...(group !== undefined && { group }) };
}

export function printUser({ user, group }: UserWords): string {
  return quoteAll(user, group);
}

/** A user, then optionally a group. */
export const userWords: ValueKind<UserWords> = {
  syntax: 'a user, then optionally a group',
  example: 'nobody',
  read: (statement) => readUser(statement) ?? statement.missing(1),
  print: printUser,
};
