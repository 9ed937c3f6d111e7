import { configReaders } from '../lib/diagnostic.ts';
import { stripComment } from './comments.ts';
import type { ConfigEnvironment } from './environment.ts';
import { fileProblemMessage, lineReader } from './file-reader.ts';
import {
  directoryOf,
  findMatches,
  fullIncludeCheck,
  type IncludeCheck,
  joinPath,
  noIncludeCheck,
  parseInclude,
} from './includes.ts';
import type { KnownServers } from './known-servers.ts';
import { type Expanded, expandMacros, type MacroLine, type Macros } from './macros.ts';
import { maximumGeneratedLines, parseRepetition } from './repetition.ts';
import { type Definition, type Place, type Report, reportAt, type SourceLine } from './source-line.ts';

export interface PreprocessOptions {
  readonly configId: string;
  /** Every include counts as fully checked (`-e`). */
  readonly includeCheck: boolean;
  /** What earlier readings of this daemon made of virtual servers. */
  readonly known?: KnownServers;
  /** Told of each file that is read, and of its length in characters. */
  readonly fileRead?: (length: number) => void;
}

/** What the reading of files found out besides lines. */
export interface ReadingOutcome {
  filesRead: number;
  /** The file to begin with, where there is one only. */
  mainFile?: string;
  /** An include problem that counts: the daemon gives up after reading, with exit status 6. */
  includeFailed: boolean;
  /** `global_defs include_check` takes effect on the includes that follow in the same file. */
  plainIncludes: IncludeCheck;
}

interface Reading {
  readonly environment: ConfigEnvironment;
  readonly options: PreprocessOptions;
  readonly report: Report;
  readonly outcome: ReadingOutcome;
  readonly known: KnownServers | undefined;
  readonly macros: Macros;
  /** Files being read now, outermost first. */
  readonly open: Set<string>;
  directory: string;
  /** The include that brought in the file being read. */
  includedFrom: Place | undefined;
  depth: number;
  /** Lines made by `~SEQ`, `~LST` and macros so far. */
  generatedLines: number;
  pending: MacroLine[] | undefined;
}

/** Bounds that no honest configuration meets; past them a line is refused instead of filling the memory. */
const maximumDepth = 100;
const maximumFiles = 100_000;

/**
 * The logical lines of every file that `pattern` matches, in order. The steps on one line are those of keepalived's
 * manual: comment, condition, definition, repetition, macros, include; each logical line still knows its file.
 */
export function* preprocess(
  pattern: string,
  environment: ConfigEnvironment,
  options: PreprocessOptions,
  report: Report,
  outcome: ReadingOutcome,
): Generator<SourceLine> {
  const directory = environment.workingDirectory;
  const reading: Reading = {
    environment,
    options,
    report,
    outcome,
    known: options.known,
    macros: new Map(),
    open: new Set(),
    directory,
    includedFrom: undefined,
    depth: 0,
    generatedLines: 0,
    pending: undefined,
  };
  outcome.plainIncludes = options.includeCheck ? fullIncludeCheck : noIncludeCheck;
  const files = mainFiles(reading, pattern);
  if (files.length > 1) {
    const message = `WARNING, multiple configuration file matches of ${pattern}, starting with ${files[0]?.name}`;
    report({ class: 'multiple-files', message });
  }
  const [first, ...others] = files;
  if (first && others.length === 0) outcome.mainFile = first.name;
  for (const { name, text } of files) yield* readText(reading, name, text, undefined);
}

interface MainFile {
  readonly name: string;
  readonly text: string;
}

/** The files to begin with: none when one of them is no file that may be read. */
function mainFiles({ environment, options, report, directory }: Reading, pattern: string): readonly MainFile[] {
  if (pattern === '') return [];
  const { names, missing } = findMatches(pattern, directory, environment);
  if (missing && (options.includeCheck || missing.problem !== 'wildcardMatch')) {
    report({ class: options.includeCheck ? 'file-not-found' : 'ok', message: missing.message });
    if (options.includeCheck) return [];
  }
  const files: MainFile[] = [];
  for (const name of names) {
    const read = environment.readFile(joinPath(directory, name));
    if (read.ok) {
      files.push({ name, text: read.value });
      continue;
    }
    const counts = options.includeCheck || read.error === 'unreadable';
    report({ class: counts ? 'file-not-found' : 'ok', message: fileProblemMessage(read.error, name) });
  }
  return files.length < names.length ? [] : files;
}

function* readIncluded(reading: Reading, name: string, check: IncludeCheck, from: Place): Generator<SourceLine> {
  const { environment, outcome, report, open } = reading;
  const path = joinPath(reading.directory, name);
  if (open.has(path) || outcome.filesRead >= maximumFiles) {
    const message = open.has(path) ? `File '${name}' includes itself - ignoring` : 'Too many files included';
    report({ class: 'general-error', message, ...from });
    return;
  }
  const read = environment.readFile(path);
  if (read.ok) {
    yield* readText(reading, name, read.value, from);
    return;
  }
  const counts = read.error === 'unreadable' && check.read;
  report({ class: counts ? 'file-not-found' : 'ok', message: fileProblemMessage(read.error, name), ...from });
  if (check.read) outcome.includeFailed = true;
}

function* readText(reading: Reading, name: string, text: string, from: Place | undefined): Generator<SourceLine> {
  const { outcome, report, open, known } = reading;
  const path = joinPath(reading.directory, name);
  outcome.filesRead++;
  reading.options.fileRead?.(text.length);
  const saved = {
    directory: reading.directory,
    plainIncludes: outcome.plainIncludes,
    includedFrom: reading.includedFrom,
  };
  const origin = from && { includedFrom: from };
  reading.includedFrom = from;
  reading.directory = directoryOf(name, reading.directory);
  open.add(path);
  const lines = lineReader(text, name, report);
  const outer = known?.reader;
  if (known) known.reader = lines;
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const block = reading.pending ? undefined : known?.find(line, lines);
    if (block) {
      yield { text: '', file: name, line: lines.number, verbatim: false, known: block.server, ...origin };
      lines.skip(block.text, block.lines);
    } else if (remarkable.test(line) || reading.pending)
      yield* physicalLine(reading, line, { file: name, line: lines.number });
    else if (visible.test(line)) yield { text: line, file: name, line: lines.number, verbatim: true, ...origin };
  }
  if (known) known.reader = outer;
  open.delete(path);
  reading.directory = saved.directory;
  reading.includedFrom = saved.includedFrom;
  outcome.plainIncludes = saved.plainIncludes;
}

/** keepalived drops the blanks before a backslash that ends a line, whatever the line. */
const blanksBeforeBackslash = /[ \t]+\\$/;

/** Every process of keepalived's reads the lines for itself. */
function tellAll({ report }: Reading, { file, line }: Place, message: string): void {
  report({ class: 'general-error', message, file, line, readers: configReaders });
}

function* physicalLine(reading: Reading, raw: string, place: Place): Generator<SourceLine> {
  const { text: bare, unterminated } = stripComment(raw);
  const text = bare.replace(blanksBeforeBackslash, '\\');
  if (unterminated) {
    const message = `Unterminated quote '${raw.trim()}'`;
    reading.report({ class: 'unmatched-quote', message, file: place.file, line: place.line, readers: configReaders });
  }
  yield* logicalLine(reading, text, place, raw.startsWith(text), undefined);
}

const visible = /\S/;
const special = /[@$~]|include/;
/** Lines without any of these can only mean themselves and skip every step; in a large file that is nearly all. */
const remarkable = /[#!"\\@$~]|include/;

/** `definition`: the macro in whose value the text stood, if it did. */
function* logicalLine(
  reading: Reading,
  line: string,
  place: Place,
  verbatim: boolean,
  definition: Definition | undefined,
): Generator<SourceLine> {
  if (reading.pending) return continueDefinition(reading, line, definition ?? place);
  if (!special.test(line)) {
    if (line.trim() !== '') yield sourceLine(reading, line, place, verbatim, definition);
    return;
  }
  if (reading.depth >= maximumDepth) {
    reportAt(reading.report, place, 'general-error', 'Includes, macros or repetitions are nested too deeply');
    return;
  }
  reading.depth++;
  yield* specialLine(reading, line.trim(), place, verbatim ? line.length - line.trimStart().length : -1, definition);
  reading.depth--;
}

function sourceLine(
  { includedFrom }: Reading,
  text: string,
  { file, line }: Place,
  verbatim: boolean,
  definition: Definition | undefined,
): SourceLine {
  return { text, file, line, verbatim, ...(definition && { definition }), ...(includedFrom && { includedFrom }) };
}

function* specialLine(
  reading: Reading,
  whole: string,
  place: Place,
  indent: number,
  outer: Definition | undefined,
): Generator<SourceLine> {
  const condition = /^@(\^?)([^ \t]*)[ \t]*(.*)$/.exec(whole);
  if (condition && (condition[2] === reading.options.configId) === (condition[1] === '^')) return;
  const line = condition ? (condition[3] as string) : whole;
  if (line === '' || beginDefinition(reading, line, outer ?? place)) return;
  if (/^~(SEQ|LST)/.test(line)) {
    yield* repeat(reading, line, place, outer);
    return;
  }
  const expanded = line.startsWith('~') ? undefined : expand(reading, line, place);
  if (expanded === null) return;
  const text = expanded ? stripComment(expanded.text).text : line;
  const include = parseInclude(text, reading.outcome.plainIncludes, reading.options.includeCheck);
  if (include) yield* followInclude(reading, include.pattern, include.check, place);
  else if (text.trim() !== '') {
    const verbatim = indent >= 0 && text === whole;
    const definition = expanded?.definition ?? outer;
    yield* splitAtBrace(reading, verbatim ? ' '.repeat(indent) + text : text, place, verbatim, definition);
  }
  for (const further of expanded?.furtherLines ?? []) {
    if (!allowGenerated(reading, place)) return;
    yield* logicalLine(reading, further.text, place, false, further.definition ?? outer);
  }
}

function expand(reading: Reading, line: string, place: Place): Expanded | null {
  const { environment, macros, options, directory } = reading;
  const surroundings = {
    macros,
    directory,
    configId: options.configId,
    variable: (name: string) => environment.variable(name),
    random: () => environment.random(),
  };
  const expanded = expandMacros(line, surroundings);
  if (!expanded.ok) {
    reportAt(reading.report, place, 'general-error', `Definition $${expanded.error} refers to itself - ignoring line`);
    return null;
  }
  for (const complaint of expanded.value.complaints) tellAll(reading, place, complaint);
  return expanded.value;
}

/** What follows a brace is a logical line of its own: it may hold a condition, a definition or a repetition again. */
function* splitAtBrace(
  reading: Reading,
  text: string,
  place: Place,
  verbatim: boolean,
  definition: Definition | undefined,
): Generator<SourceLine> {
  const cut = specialAfterBrace(text);
  yield sourceLine(reading, text.slice(0, cut), place, verbatim, definition);
  if (cut !== undefined) yield* logicalLine(reading, text.slice(cut), place, false, definition);
}

function specialAfterBrace(text: string): number | undefined {
  const braces = /"[^"]*"?|[{}]/g;
  for (let match = braces.exec(text); match; match = braces.exec(text)) {
    const isBrace = match[0] === '{' || match[0] === '}';
    if (isBrace && /^\s*(?:[@~]|\$[A-Za-z_]|include)/.test(text.slice(braces.lastIndex))) return braces.lastIndex;
  }
  return undefined;
}

function* followInclude(reading: Reading, pattern: string, check: IncludeCheck, place: Place): Generator<SourceLine> {
  const { names, missing } = findMatches(pattern, reading.directory, reading.environment);
  const counts = missing !== undefined && check[missing.problem];
  if (missing && (counts || missing.problem !== 'wildcardMatch')) {
    reportAt(reading.report, place, counts ? 'file-not-found' : 'ok', missing.message);
  }
  if (counts) {
    reading.outcome.includeFailed = true;
    return;
  }
  for (const name of names) yield* readIncluded(reading, name, check, place);
}

function* repeat(
  reading: Reading,
  line: string,
  place: Place,
  definition: Definition | undefined,
): Generator<SourceLine> {
  const head = /^~[A-Za-z]+[^)]*\)/.exec(line)?.[0] ?? line;
  const expandedHead = expand(reading, head, place);
  const repetition = parseRepetition((expandedHead?.text ?? head) + line.slice(head.length));
  if (!repetition.ok) {
    for (const complaint of repetition.error.complaints) tellAll(reading, place, complaint);
    return;
  }
  for (const binding of repetition.value.bindings) {
    if (!allowGenerated(reading, place)) return;
    for (const [name, value] of binding) reading.macros.set(name, [{ text: value }]);
    yield* logicalLine(reading, repetition.value.text, place, false, definition);
  }
}

function allowGenerated(reading: Reading, place: Place): boolean {
  if (++reading.generatedLines <= maximumGeneratedLines) return true;
  if (reading.generatedLines === maximumGeneratedLines + 1) {
    reportAt(
      reading.report,
      place,
      'general-error',
      `More than ${maximumGeneratedLines} lines generated - ignoring the rest`,
    );
  }
  return false;
}

function beginDefinition(reading: Reading, line: string, { file, line: number }: Place): boolean {
  const match = /^\$([A-Za-z_][A-Za-z0-9_]*)=[ \t]*(.*)$/.exec(line);
  if (!match) return false;
  const [, name, text] = match as unknown as [string, string, string];
  const place = { file, line: number };
  const lines: MacroLine[] = text.endsWith('\\') ? [] : [{ text, place }];
  reading.macros.set(name, lines);
  if (text.endsWith('\\')) {
    reading.pending = lines;
    addDefinitionLine(lines, text, place);
  }
  return true;
}

function continueDefinition(reading: Reading, line: string, { file, line: number }: Place): void {
  const lines = reading.pending as MacroLine[];
  const text = line.trim();
  if (text !== '') addDefinitionLine(lines, text, { file, line: number });
  if (text.endsWith('\\')) return;
  if (lines.length === 0) lines.push({ text: '' });
  reading.pending = undefined;
}

/** A line of nothing but the backslash adds nothing. */
function addDefinitionLine(lines: MacroLine[], text: string, place: Place): void {
  const content = text.endsWith('\\') ? text.slice(0, -1).trimEnd() : text;
  if (content !== '') lines.push({ text: content, place });
}
