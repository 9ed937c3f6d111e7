import { grammarReader } from './line-grammar.ts';
import { type Brace, type Item, plainItems, type Statement } from './plain-line.ts';

export type { Brace, Item, Statement };

let readByGrammar: ((text: string) => Item[]) | undefined;
let cache = new Map<string, readonly Item[]>();
let seenOnce = new Set<string>();

/**
 * Large files repeat themselves (`}`, `protocol TCP`), so a line that comes a second time is remembered. Those that come
 * once, with an address in them, would fill the memory for nothing. The bound keeps it flat.
 */
const cachedLines = 20_000;

/** The statements and braces of one logical line, in order. Every text has a reading; there is no syntax error here. */
export function parseLine(text: string): readonly Item[] {
  const known = cache.get(text);
  if (known) return known;
  const items = text.includes('"') ? quotedItems(text) : plainItems(text);
  if (seenOnce.delete(text)) {
    if (cache.size >= cachedLines) cache = new Map();
    cache.set(text, items);
  } else {
    if (seenOnce.size >= cachedLines) seenOnce = new Set();
    seenOnce.add(text);
  }
  return items;
}

function quotedItems(text: string): Item[] {
  readByGrammar ??= grammarReader();
  return readByGrammar(text);
}

/** Forgets the cached lines, once a configuration has been read. */
export function releaseParser(): void {
  cache = new Map();
  seenOnce = new Set();
}
