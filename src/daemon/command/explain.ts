import { completeKeyword, dotted, findKeyword, keywordEntries } from '../../../grammar/keyword-entries.ts';
import { writeOutput } from '../../os/program.ts';
import { printExplanation } from '../../report/explain.ts';
import { printKeywordReference } from '../../report/keyword-reference.ts';
import { printConfManual } from '../../report/conf-manual.ts';
import { nearestWord } from '../../report/nearest-word.ts';

const USAGE = `Usage: evenkeel explain KEYWORD          what a keyword means, by name or path
       evenkeel explain --complete TEXT  the paths that begin with TEXT
       evenkeel explain --all [--format markdown|man]`;

/** A name that stands in many blocks is explained for so many of them. */
const MOST_SHOWN = 6;

/** `evenkeel explain`: the keyword tables as a manual. Exit status: 0, 1 for an unknown keyword, 2 for a wrong call. */
export function explain(argv: readonly string[]): number {
  const [first, second, third] = argv;
  if (first === undefined || first === '--help') return usage(first === undefined ? 2 : 0);
  if (first === '--complete') {
    for (const path of completeKeyword(second ?? '')) writeOutput('stdout', path);
    return 0;
  }
  if (first === '--all') {
    const format = second === '--format' ? third : second?.replace(/^--format=/, '');
    if (format !== undefined && format !== 'markdown' && format !== 'man') return usage(2);
    writeOutput('stdout', format === 'man' ? printConfManual() : printKeywordReference());
    return 0;
  }
  if (first.startsWith('-') || second !== undefined) return usage(2);
  const found = findKeyword(first);
  if (found.length === 0) {
    writeOutput('stderr', `There is no keyword ${first}${adviceFor(first)}`);
    return 1;
  }
  const different = found.filter(({ row }, position) => found.findIndex((other) => other.row === row) === position);
  const shown = different.slice(0, MOST_SHOWN);
  for (const entry of shown) writeOutput('stdout', `${printExplanation(entry).join('\n')}\n`);
  const others = found.filter((entry) => !shown.includes(entry)).map(({ path }) => dotted(path));
  if (others.length > 0) writeOutput('stdout', `and in ${others.join(', ')}`);
  return 0;
}

function adviceFor(word: string): string {
  const near = completeKeyword(word);
  if (near.length > 0) return `; it may be one of: ${near.slice(0, 12).join(' ')}`;
  const names = keywordEntries().map(({ path }) => path.at(-1) as string);
  const meant = nearestWord(word.split('.').at(-1) as string, names);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

function usage(status: number): number {
  writeOutput(status === 0 ? 'stdout' : 'stderr', USAGE);
  writeOutput(status === 0 ? 'stdout' : 'stderr', `${keywordEntries().length} keywords are known.`);
  return status;
}
