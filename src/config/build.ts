import { impliesVrrp, root } from '../../grammar/blocks/root.ts';
import type { Block, Infer, Leaf, List, Row, Rows, Scope, Surroundings } from '../../grammar/keyword.ts';
import { wholeGlobal } from '../../grammar/scope.ts';
import { fill } from '../../grammar/values.ts';
import { type ConfigReader, configReaders } from '../lib/diagnostic.ts';
import { type Cursor, cursorOver, type Piece, type Statement } from './cursor.ts';
import type { KeptServer, KnownServers } from './known-servers.ts';
import { readersOf, readersWithin } from './passes.ts';
import type { PlaceIndex, WordPlace } from './places.ts';
import type { Report, SourceLine } from './source-line.ts';
import { type StatementReader, statementReader } from './statement.ts';
import type { VirtualServer } from './types.ts';

export type RawConfig = Infer<typeof root>;

export interface Built {
  readonly raw: RawConfig;
  /** A word was missing: nothing after it was read, and the process exits with status 2. */
  readonly aborted: boolean;
  /** An interface that must exist does not. */
  readonly badInterface: boolean;
  readonly hasVrrp: boolean;
  readonly hasCheckers: boolean;
  /** Not a single keyword. */
  readonly saysNothing: boolean;
  /** Settings of the whole daemon stand after something that may depend on them. */
  readonly globalsCameLate: boolean;
}

/** One process's reading of what belongs to it, among what those before it have read. */
export interface Part {
  readonly pass: ConfigReader;
  readonly earlier: RawConfig | undefined;
}

export interface BuildOptions {
  readonly places?: PlaceIndex | undefined;
  readonly part?: Part | undefined;
  readonly known?: KnownServers | undefined;
  /** What an earlier reading found in global_defs, which counts for what stands before it too. */
  readonly global?: RawConfig['global_defs'];
}

type AnyBlock = Block<object, Rows>;

interface Walk {
  readonly cursor: Cursor;
  readonly reader: StatementReader;
  /** Braces opened and not closed, whatever they opened. */
  depth: number;
  /** The outermost block that is open, or the last that was, for those who want places. */
  outermost: WordPlace | undefined;
  sequence: number;
  readonly topLevel: Set<string>;
  globalsCameLate: boolean;
  readonly places: PlaceIndex | undefined;
  readonly pass: ConfigReader | undefined;
  readonly known: KnownServers | undefined;
  /** What follows is read by these processes. */
  readonly entered: (by: readonly ConfigReader[]) => void;
  /** Every process looks at this, whoever reads the block. */
  readonly toldByAll: (step: () => void) => void;
}

/**
 * Reads statements by the keyword tables. A bad value or an unknown keyword becomes a diagnostic and reading goes on.
 * Braces pair in keepalived's way: the `{` of an unknown keyword is ignored, its contents are tried as keywords of the
 * enclosing block, and its `}` closes that block. With `places` the block of an unknown keyword is skipped as a whole:
 * whoever asks for places wants every mistake, and not what follows from the first one. Without `part` this one reading
 * stands for those of all processes, which come to the same as long as braces pair.
 */
export function build(
  lines: Iterator<SourceLine>,
  surroundings: Surroundings,
  strict: boolean,
  report: Report,
  { places, part, known, global }: BuildOptions = {},
): Built {
  const cursor = cursorOver(lines);
  let readers: readonly ConfigReader[] | undefined = part && [part.pass];
  const tell: Report = (diagnostic) => report(readers ? { ...diagnostic, readers } : diagnostic);
  const reader = statementReader(cursor, surroundings, strict, tell);
  const earlier = part?.earlier;
  const sequence = earlier?.sequence ?? 0;
  const entered = (by: readonly ConfigReader[]): void => {
    if (!part) readers = by;
  };
  const toldByAll = (step: () => void): void => {
    const before = readers;
    entered(configReaders);
    step();
    readers = before;
  };
  const walk: Walk = {
    cursor,
    reader,
    depth: 0,
    outermost: undefined,
    sequence,
    places,
    pass: part?.pass,
    known,
    topLevel: new Set(),
    globalsCameLate: false,
    entered,
    toldByAll,
  };
  const kept = Object.entries(earlier ?? {}).filter(([name]) => part && !readersOf(name).includes(part.pass));
  const scope = newScope('', undefined, Object.fromEntries(kept));
  if (global) scope.facts.set(wholeGlobal, global);
  while (readBlock(walk, root as AnyBlock, '', scope) === 'closed' && !reader.aborted) {
    // A brace closed what was never open: the top level goes on.
    reader.useLine([], '', scope);
    reader.report('unknown-keyword', "Unknown keyword '}'");
  }
  if (walk.depth > 0 && !reader.aborted) {
    const message = `There are ${walk.depth} missing '}'s or extra '{'s`;
    const opened = walk.outermost && { ...walk.outermost, expected: "a '}' for this block, which else is left out" };
    tell({ class: 'missing-close-brace', message, ...opened });
  }
  return {
    raw: { ...scope.values, sequence: part ? walk.sequence : 0 } as unknown as RawConfig,
    aborted: reader.aborted,
    badInterface: reader.interfaceMissing,
    hasVrrp: [...impliesVrrp].some((keyword) => walk.topLevel.has(keyword)),
    hasCheckers: walk.topLevel.has('virtual_server'),
    saysNothing: walk.topLevel.size === 0,
    globalsCameLate: walk.globalsCameLate,
  };
}

function newScope(name: string, parent: Scope | undefined, values: Record<string, unknown>): Scope {
  return { name, values, facts: new Map(), parent };
}

/** Reads a block's contents up to its closing brace or the end of the file. */
function readBlock(walk: Walk, table: AnyBlock, keyword: string, scope: Scope): 'closed' | 'ended' {
  const { cursor, reader } = walk;
  const next = keyword === '' ? () => takeOutside(walk) : cursor.take;
  for (let item = next(); item && !reader.aborted; item = next()) {
    if (item.kind === 'statement') readStatement(walk, table, keyword, scope, item);
    else if (item.kind === 'open') unexpectedOpen(walk, item.offset);
    else if (item.kind === 'known') keepServer(walk, scope, item.server);
    else {
      countClose(walk, item.offset);
      return 'closed';
    }
  }
  return 'ended';
}

function takeOutside({ cursor, known }: Walk): Piece | undefined {
  if (!known) return cursor.take();
  known.outside = true;
  const item = cursor.take();
  known.outside = false;
  return item;
}

function keepServer(walk: Walk, scope: Scope, kept: VirtualServer): void {
  walk.topLevel.add('virtual_server');
  addSibling(scope, 'virtual_server', { kept } satisfies KeptServer);
}

/** A list that grows in place has room for many more; most have a few. */
const FEW = 8;

function addSibling(scope: Scope, name: string, values: object): void {
  const siblings = scope.values[name] as unknown[] | undefined;
  if (siblings && siblings.length >= FEW) siblings.push(values);
  else scope.values[name] = siblings ? [...siblings, values] : [values];
}

function unexpectedOpen(walk: Walk, offset: number): void {
  walk.depth++;
  walk.reader.reportOffset('unexpected-open-brace', "Unexpected '{' - ignoring", offset, 1);
}

function countClose(walk: Walk, offset: number): void {
  if (walk.depth > 0) walk.depth--;
  else walk.reader.reportOffset('unexpected-close-brace', "Extra '}' found", offset, 1);
}

function readStatement(walk: Walk, table: AnyBlock, keyword: string, scope: Scope, statement: Statement): void {
  const { reader } = walk;
  const name = statement.texts[0];
  if (statement.unmatchedQuote) walk.toldByAll(() => reader.unmatchedQuote(statement, scope));
  if (name === undefined) return;
  let row: Row | undefined = Object.hasOwn(table.rows, name) ? table.rows[name] : undefined;
  let target = name;
  if (row?.kind === 'alias') {
    target = row.of;
    row = table.rows[row.of];
  }
  reader.useStatement(statement, scope);
  if (keyword === '') {
    walk.entered(row ? readersOf(target) : configReaders);
    if (name === 'global_defs') walk.globalsCameLate ||= [...walk.topLevel].some(isOfChildren);
    walk.topLevel.add(name);
    if (row && walk.pass && !readersOf(name).includes(walk.pass)) {
      skipBlock(walk);
      return;
    }
  }
  const within = readersWithin(keyword, row && target);
  if (within) walk.entered(within);
  const place = walk.places && reader.place(0);
  if (place && row && row.kind !== 'block') walk.places?.note(scope.values, target, place);
  if (row?.kind === 'leaf') readLeaf(walk, row, target, scope);
  else if (row?.kind === 'list') readList(walk, row, target, scope);
  else if (row?.kind === 'block') readInnerBlock(walk, row, target, scope);
  else {
    reader.unknownKeyword(name, keyword);
    if (walk.places) skipBlock(walk);
  }
}

/** A keyword outside of blocks that the children read, and the parent does not. */
function isOfChildren(keyword: string): boolean {
  return Object.hasOwn(root.rows, keyword) && !readersOf(keyword).includes('parent');
}

function readLeaf(walk: Walk, row: Leaf<unknown>, name: string, scope: Scope): void {
  const { reader } = walk;
  const target = row.deprecated?.instead ?? name;
  if (row.deprecated) {
    const message = row.deprecated.message ?? `${name} is deprecated - please use '${target}'`;
    if (row.deprecated.quiet && message !== '') reader.log(message);
    else if (!row.deprecated.quiet) reader.report('deprecated', fill(message, reader), 0);
  }
  if (row.missing !== undefined && reader.words.length < 2) {
    if (row.missing !== '') reader.report('general-error', row.missing, 0, row.value.syntax);
    return;
  }
  const complaintsBefore = reader.complaints;
  let value = row.value.read(reader);
  if (reader.aborted) return;
  if (value === undefined) {
    if (row.invalid !== undefined && reader.complaints > complaintsBefore) {
      reader.report('general-error', fill(row.invalid, reader), 1, row.value.syntax);
    }
    value = row.fallback;
  } else if (row.admit) value = row.admit(value, reader);
  if (value !== undefined) scope.values[target] = value;
}

function openBlock(walk: Walk, logOnly: boolean): void {
  const next = walk.cursor.peek();
  if (next?.kind === 'open') {
    if (walk.places && walk.depth === 0) walk.outermost = walk.reader.place(0);
    walk.cursor.take();
    walk.depth++;
  } else if (next) walk.reader.missingOpenBrace(logOnly);
}

function readList(walk: Walk, row: List<unknown>, name: string, scope: Scope): void {
  const { reader } = walk;
  if (row.once && scope.facts.has(name)) {
    reader.report('general-error', row.once(scope.name), 0);
    skipBlock(walk);
    return;
  }
  if (reader.words.length > 1) {
    const extra = reader.words.slice(1).join(' ');
    reader.report('general-error', `Block ${name} has extra parameters ${extra} ...`, 1);
  }
  openBlock(walk, true);
  const entries = [...((scope.values[name] ?? []) as readonly unknown[])];
  const before = entries.length;
  scope.values[name] = entries;
  // A block without entries leaves no value, but that it was there may matter.
  scope.facts.set(name, true);
  const end = readEveryLine(walk, row, scope, entries);
  if (end === 'closed') closeList(reader, row, scope, entries, before);
  if (entries.length === 0) delete scope.values[name];
}

function closeList(
  reader: StatementReader,
  row: List<unknown>,
  scope: Scope,
  entries: unknown[],
  before: number,
): void {
  reader.useLine([], '', scope);
  if (entries.length === before && row.empty !== undefined) reader.report('general-error', fill(row.empty, reader));
  if (row.admit) entries.push(...row.admit(entries.splice(before), reader));
}

/** The lines of a block that has no keywords become the entries of its row `name`. */
function readLines(walk: Walk, table: AnyBlock, name: string, scope: Scope): 'closed' | 'ended' {
  const entries: unknown[] = [];
  scope.values[name] = entries;
  return readEveryLine(walk, table.rows[name] as List<unknown>, scope, entries);
}

function readEveryLine(walk: Walk, row: List<unknown>, scope: Scope, entries: unknown[]): 'closed' | 'ended' {
  const { cursor, reader } = walk;
  for (let item = cursor.take(); item && !reader.aborted; item = cursor.take()) {
    if (item.kind === 'open') {
      walk.depth++;
      readEntries(reader, row, strayBrace, scope, entries);
    } else if (item.kind === 'close') {
      countClose(walk, item.offset);
      return 'closed';
    } else if (item.kind === 'statement') readEntries(reader, row, item, scope, entries);
  }
  return 'ended';
}

/** Among entries an opening brace is taken for one of them. */
const strayBrace: Statement = {
  kind: 'statement',
  words: [],
  texts: ['{'],
  source: '{',
  unmatchedQuote: false,
};

function readEntries(
  reader: StatementReader,
  row: List<unknown>,
  item: Statement,
  scope: Scope,
  entries: unknown[],
): void {
  if (item.unmatchedQuote) reader.unmatchedQuote(item, scope);
  if (item.texts.length === 0) return;
  const parts = row.wordwise ? item.texts.map((text) => [text]) : [item.texts];
  for (const words of parts) {
    reader.useStatement(item, scope);
    reader.words = words;
    const entry = row.entry.read(reader);
    if (entry !== undefined) entries.push(entry);
  }
}

function readInnerBlock(walk: Walk, row: AnyBlock, name: string, scope: Scope): void {
  const { reader } = walk;
  const existing = row.merge ? (scope.values[name] as Record<string, unknown> | undefined) : undefined;
  const known = scope.parent === undefined && name === 'virtual_server' ? walk.known : undefined;
  const beginning = known?.blockBegins(walk.cursor.first);
  const inner = newScope('', known ? known.watch(scope) : scope, existing ?? {});
  const place = walk.places && reader.place(0);
  if (place) walk.places?.noteBlock(name, inner.values, place);
  const header = row.header.read(withScope(reader, inner, scope));
  if (reader.aborted) return;
  if (header === undefined) {
    skipBlock(walk);
    return;
  }
  Object.assign(inner.values, { sequence: walk.sequence++, ...header });
  const named = (header as { name?: unknown }).name;
  const opened: Scope = { ...inner, name: typeof named === 'string' ? named : scope.name };
  if (row.merge) scope.values[name] = opened.values;
  openBlock(walk, row.lines !== undefined);
  const end = row.lines === undefined ? readBlock(walk, row, name, opened) : readLines(walk, row, row.lines, opened);
  if (end === 'ended' || reader.aborted) return;
  reader.useLine([], '', opened);
  if (row.finish && !row.finish(opened, reader)) return;
  if (row.merge) return;
  addSibling(scope, name, opened.values);
  if (beginning && walk.cursor.last) walk.known?.blockEnds(beginning, opened.values);
}

/** A header is read with its parent's values in sight, and settles facts of its own block. */
function withScope(reader: StatementReader, inner: Scope, parent: Scope): StatementReader {
  reader.scope = { name: parent.name, values: parent.values, facts: inner.facts, parent: parent.parent };
  return reader;
}

/** Everything up to the matching brace; nothing if the next item is not `{`. */
function skipBlock(walk: Walk): void {
  if (walk.cursor.peek()?.kind !== 'open') return;
  const outside = walk.depth;
  do {
    const item = walk.cursor.take();
    if (!item) return;
    if (item.kind === 'open') walk.depth++;
    else if (item.kind === 'close') walk.depth--;
  } while (walk.depth > outside);
}
