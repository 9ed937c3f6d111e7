import type { Statement as KeywordStatement, Scope, Surroundings } from '../../grammar/keyword.ts';
import type { ConfigClass, Diagnostic } from '../lib/diagnostic.ts';
import type { Cursor, Statement } from './cursor.ts';
import type { WordPlace } from './places.ts';
import type { Report, SourceLine } from './source-line.ts';

/**
 * The statement at hand, as the keyword tables see it. One object serves a whole reading: it is pointed at each
 * statement in turn, which keeps large files free of short-lived garbage.
 */
export interface StatementReader extends KeywordStatement {
  words: readonly string[];
  scope: Scope;
  readonly aborted: boolean;
  readonly interfaceMissing: boolean;
  /** Complaints made so far. */
  readonly complaints: number;
  useStatement(statement: Statement, scope: Scope): void;
  /** Points at a line without words, for complaints about a block as it closes. */
  useLine(words: readonly string[], source: string, scope: Scope): void;
  reportOffset(problem: ConfigClass, message: string, offset: number, length: number): void;
  unmatchedQuote(statement: Statement, scope: Scope): void;
  /** `within` is the keyword of the block that does not know it; empty outside of blocks. */
  unknownKeyword(name: string, within: string): void;
  /** Where a word of the statement stands. */
  place(word: number): WordPlace | undefined;
  /** The next item is not the `{` that this block needs. */
  missingOpenBrace(logOnly: boolean): void;
}

function placeOf({ file, line, definition, includedFrom }: SourceLine): Partial<Diagnostic> {
  return { file, line, ...(definition && { definition }), ...(includedFrom && { includedFrom }) };
}

export function statementReader(
  cursor: Cursor,
  surroundings: Surroundings,
  strict: boolean,
  report: Report,
): StatementReader {
  let current: Statement | undefined;
  let aborted = false;
  let interfaceMissing = false;
  let complaints = 0;

  const emit = (diagnostic: Diagnostic): void => {
    const { line } = cursor;
    if (!diagnostic.logOnly) complaints++;
    report(line ? { ...placeOf(line), ...diagnostic } : diagnostic);
  };
  const columnOf = (word: number | undefined): { column: number; length: number } | undefined => {
    const place = word === undefined ? undefined : current?.words[word];
    return place && cursor.line?.verbatim ? { column: place.offset + 1, length: place.length } : undefined;
  };

  const reader: StatementReader & { source: string } = {
    words: [],
    source: '',
    scope: { name: '', values: {}, facts: new Map(), parent: undefined },
    surroundings,
    strict,
    get aborted() {
      return aborted;
    },
    get interfaceMissing() {
      return interfaceMissing;
    },
    get complaints() {
      return complaints;
    },
    useStatement(statement, scope) {
      current = statement;
      reader.words = statement.texts;
      reader.source = statement.source;
      reader.scope = scope;
    },
    useLine(words, source, scope) {
      current = undefined;
      reader.words = words;
      reader.source = source;
      reader.scope = scope;
    },
    report(problem, message, word, expected) {
      const [keyword] = reader.words;
      const about = { ...(keyword !== undefined && { keyword }), ...(expected !== undefined && { expected }) };
      emit({ class: problem, message, ...columnOf(word), ...about });
    },
    refuse(message, word, expected) {
      reader.report('general-error', message, word, expected);
      return undefined;
    },
    reportOffset(problem, message, offset, length) {
      emit({ class: problem, message, ...(cursor.line?.verbatim && { column: offset + 1, length }) });
    },
    log(message) {
      emit({ class: 'ok', message, logOnly: true });
    },
    missing(position) {
      const before = reader.words[position - 1] ?? '';
      const message = `*** Configuration line starting \`${reader.words[0] ?? ''}\` is missing a parameter after keyword \`${before}\` at word position ${position + 1}`;
      emit({ class: 'missing-parameter', message });
      aborted = true;
      return undefined;
    },
    badInterface() {
      interfaceMissing = true;
    },
    unknownKeyword(name, within) {
      emit({ class: 'unknown-keyword', message: `Unknown keyword '${name}'`, within, ...columnOf(0) });
    },
    place(word) {
      const { line } = cursor;
      return line && { file: line.file, line: line.line, ...columnOf(word) };
    },
    unmatchedQuote(statement, scope) {
      reader.useStatement(statement, scope);
      emit({
        class: 'unmatched-quote',
        message: `Unmatched quote: '${statement.source}'`,
        expected: 'a closing quote',
      });
    },
    missingOpenBrace(logOnly) {
      const message = "Missing '{' at beginning of configuration block";
      const next = cursor.nextLine;
      const place = next && { file: next.file, line: next.line };
      emit({ class: 'missing-open-brace', message, expected: '{', ...place, ...(logOnly && { logOnly }) });
    },
  };
  return reader;
}
