import { dotted, keywordEntries } from '../../grammar/keyword-entries.ts';
import type { Advice } from '../config/advice/advice.ts';
import type { PairFinding } from '../config/advice/pair.ts';
import type { PlaceIndex, WordPlace } from '../config/places.ts';
import type { ConfigClass, Diagnostic } from '../lib/diagnostic.ts';
import { BlockFinder, blockName } from './block-finder.ts';
import { nearestWord } from './nearest-word.ts';

export type Severity = 'error' | 'warning' | 'advice';

/** One thing to tell the writer of a configuration. */
export interface Finding extends Partial<WordPlace> {
  readonly severity: Severity;
  /** What kind of mistake it is, for machines. */
  readonly rule: string;
  readonly message: string;
  readonly expected?: string;
  /** The keyword that was probably meant, or where this one belongs. */
  readonly hint?: string;
  /** Where else to look: the definition of a macro, the include that brought the file in. */
  readonly related?: readonly RelatedPlace[];
  /** What the keyword at this place is for. */
  readonly documentation?: string;
}

export interface RelatedPlace {
  readonly message: string;
  readonly file: string;
  readonly line: number;
}

const warnings: ReadonlySet<ConfigClass> = new Set(['warning', 'deprecated', 'security-error']);

/** A check of the whole says what is done instead: the configuration works, if not as written. */
const repaired = /\b(defaulting|resetting|setting|clearing|reducing|rounding|using)\b/i;

/** What reading and its checks complained about, placed as well as it can be; the same of the same line only once. */
export function findingsOf(diagnostics: readonly Diagnostic[], places: PlaceIndex): readonly Finding[] {
  const blocks = new BlockFinder(places);
  const said = new Set<string>();
  const fresh = ({ message, file, line }: Diagnostic): boolean => {
    const size = said.size;
    return line === undefined || said.add(`${file}:${line} ${message}`).size > size;
  };
  return diagnostics
    .filter(saidBetter)
    .filter(fresh)
    .map((diagnostic) => findingOf(diagnostic, blocks));
}

function findingOf(diagnostic: Diagnostic, blocks: BlockFinder): Finding {
  const { class: rule, message, expected, logOnly, within, keyword } = diagnostic;
  const repairs = diagnostic.line === undefined && repaired.test(message);
  const severity = logOnly ? 'advice' : warnings.has(rule) || repairs ? 'warning' : 'error';
  const unknown = within === undefined ? undefined : unknownKeyword(message);
  const hint = unknown === undefined ? undefined : hintFor(unknown, within as string);
  const place = diagnostic.line === undefined ? blocks.placeOf(message) : placeIn(diagnostic);
  const meaning =
    unknown === undefined
      ? keyword !== undefined && place && documentationAt(keyword, place, blocks)
      : hint?.meant !== undefined && documentationOf(hint.meant, within as string);
  return {
    severity,
    rule: rule === 'ok' ? 'note' : rule,
    message,
    ...place,
    ...(expected !== undefined && { expected }),
    ...(hint && { hint: hint.text }),
    ...relatedTo(diagnostic),
    ...(meaning && { documentation: meaning }),
  };
}

function relatedTo({ definition, includedFrom }: Diagnostic): { related?: readonly RelatedPlace[] } {
  const related: RelatedPlace[] = [];
  if (definition) {
    const { name, file, line } = definition;
    related.push({ message: `in the value of $${name}, defined`, file, line });
  }
  if (includedFrom) related.push({ message: 'in a file included', ...includedFrom });
  return related.length === 0 ? {} : { related };
}

/** A refused number is followed by what the keyword says of it. */
function saidBetter({ class: rule, file, line, column }: Diagnostic, at: number, all: readonly Diagnostic[]): boolean {
  const next = all[at + 1];
  return !(rule === 'invalid-number' && next && next.file === file && next.line === line && next.column === column);
}

function placeIn({ file, line, column, length }: Diagnostic): Partial<WordPlace> {
  return {
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...(length !== undefined && { length }),
  };
}

/** Advice with the places of what it is about. */
export function findingsOfAdvice(advice: readonly Advice[], places: PlaceIndex): readonly Finding[] {
  return advice.map(({ rule, message, block, name, keyword }) => {
    return {
      severity: 'advice',
      rule,
      message: `(${name || block}) ${message}`,
      ...placed(places, block, name, keyword),
    };
  });
}

/** What two files disagree about, at its place in the first. */
export function findingsOfPair(findings: readonly PairFinding[], places: ReadonlyMap<string, PlaceIndex>): Finding[] {
  return findings.map(({ rule, severity, message, file, instance, keyword }) => {
    const index = places.get(file);
    const place = index ? placed(index, 'vrrp_instance', instance, keyword) : {};
    return { severity, rule, message: `(${instance}) ${message}`, ...(place ?? { file }) };
  });
}

function placed(places: PlaceIndex, block: string, name: string, keyword?: string): WordPlace | undefined {
  const found = places.blocks.find((candidate) => candidate.block === block && blockName(candidate.values) === name);
  if (!found) return undefined;
  return (keyword === undefined ? undefined : places.keywords(found.values).get(keyword)) ?? found.place;
}

function unknownKeyword(message: string): string | undefined {
  return /^Unknown keyword '(.+)'$/.exec(message)?.[1];
}

interface Hint {
  readonly meant?: string;
  readonly text: string;
}

/** The nearest keyword of the block, or the blocks where this one may stand. */
function hintFor(keyword: string, within: string): Hint | undefined {
  const entries = keywordEntries();
  const here = entries.filter(({ path }) => (path.at(-2) ?? '') === within).map(({ path }) => path.at(-1) as string);
  const best = nearestWord(keyword, here);
  if (best !== undefined) return { meant: best, text: `did you mean '${best}'?` };
  const homes = new Set(
    entries.filter(({ path }) => path.at(-1) === keyword).map(({ path }) => dotted(path.slice(0, -1))),
  );
  if (homes.size === 0) return undefined;
  const names = [...homes].slice(0, 4).map((home) => (home === '' ? 'outside of every block' : `in ${home}`));
  return { text: `it belongs ${names.join(' or ')}` };
}

function documentationOf(keyword: string, within: string): string | undefined {
  const found = keywordEntries().find(({ path }) => path.at(-1) === keyword && (path.at(-2) ?? '') === within);
  return found && `${keyword}: ${found.row.documentation}`;
}

/** Of the blocks opened before a line, the nearest one that knows the keyword. */
function documentationAt(keyword: string, place: Partial<WordPlace>, blocks: BlockFinder): string | undefined {
  for (const block of blocks.before(place)) {
    const found = documentationOf(keyword, block);
    if (found !== undefined) return found;
  }
  return documentationOf(keyword, '');
}
