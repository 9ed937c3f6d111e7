import type { IncludeCheckChange, IncludeProblem, Statement, ValueKind } from './keyword.ts';

const problems: ReadonlyMap<string, IncludeProblem> = new Map([
  ['read', 'read'],
  ['match', 'match'],
  ['wildcard_match', 'wildcardMatch'],
  ['brace_match', 'braceMatch'],
]);

/** All problems without a word; a first word without sign begins anew, others add to or take from what counts. */
export const includeCheck: ValueKind<IncludeCheckChange> = {
  syntax: 'read, match, wildcard_match and brace_match, each after the first with + or -',
  example: 'read +match',
  words: {
    read: 'Files that cannot be read.',
    match: 'A name that no file has.',
    wildcard_match: 'A pattern that matches nothing.',
    brace_match: 'One of the alternatives in braces matches nothing.',
  },
  read(statement) {
    const words = statement.words.slice(1);
    if (words.length === 0) return { replaces: true, add: [...problems.values()], remove: [] };
    const change = { replaces: false, add: [] as IncludeProblem[], remove: [] as IncludeProblem[] };
    for (const [i, word] of words.entries()) readWord(change, word, i + 1, statement);
    return change;
  },
  print: () => undefined,
};

function readWord(
  change: { replaces: boolean; readonly add: IncludeProblem[]; readonly remove: IncludeProblem[] },
  word: string,
  position: number,
  statement: Statement,
): void {
  const signed = word.startsWith('+') || word.startsWith('-');
  const name = signed ? word.slice(1) : word;
  const problem = problems.get(name);
  if ((!signed && position > 1) || problem === undefined) {
    const message =
      !signed && position > 1
        ? `Duplicate include_check '${name}' specified - ignoring`
        : `Unknown include_check type '${name}' - ignoring`;
    statement.report('general-error', message, position, 'read, match, wildcard_match or brace_match');
    return;
  }
  if (word.startsWith('-')) change.remove.push(problem);
  else change.add.push(problem);
  if (signed) return;
  change.replaces = true;
  change.add.push('read');
}
