import type { Statement } from '../../keyword.ts';
import { boolean } from '../../values.ts';

/** The first of several uses counts; `complaint` is made about the others. */
export const once =
  (complaint: (keyword: string, statement: Statement) => string) =>
  <T>(value: T, statement: Statement): T | undefined => {
    const keyword = statement.words[0] as string;
    if (statement.scope.values[keyword] === undefined) return value;
    return statement.refuse(complaint(keyword, statement), 0);
  };

/** For keywords whose complaint shows the word that is refused. */
export const onceNamed = once((keyword, { words }) => `${keyword} already specified - ignoring ${words[1] ?? ''}`);

export const globalBoolean = (keyword: string) => boolean(`Invalid value '%s' for global ${keyword} specified`);
export const plainBoolean = (keyword: string) => boolean(`Invalid value for ${keyword} specified`);

/** Zero is put right to the smallest value there is. */
export const atLeastOne =
  <T extends number>(one: T, unit: number) =>
  (value: T, statement: Statement): T => {
    if (value >= unit) return value;
    const keyword = statement.words[0] === 'smtp_connect_timeout' ? 'smtp_conect_timeout' : statement.words[0];
    statement.report('general-error', `${keyword} must be greater than 0, setting to 1`, 1);
    return one;
  };
