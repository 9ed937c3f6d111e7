import { root } from './blocks/root.ts';
import type { Leaf, List, Row, Rows } from './keyword.ts';

/** One keyword and where it may stand. */
export interface KeywordEntry {
  /** The blocks around it and the keyword itself. */
  readonly path: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: keywords of every value type are listed together
  readonly row: Exclude<Row, { readonly kind: 'alias' }> | Leaf<any> | List<any>;
  /** The keyword that this is another spelling of. */
  readonly aliasOf?: string;
}

/** Every keyword of the language in the order of the tables, each block before its contents. */
export function keywordEntries(): readonly KeywordEntry[] {
  known ??= [...entriesOf(root.rows, [])];
  return known;
}

let known: readonly KeywordEntry[] | undefined;

function* entriesOf(rows: Rows, above: readonly string[]): Generator<KeywordEntry> {
  for (const [keyword, written] of Object.entries(rows)) {
    const path = [...above, keyword];
    const row = written.kind === 'alias' ? rows[written.of] : written;
    if (!row || row.kind === 'alias') continue;
    yield { path, row, ...(written.kind === 'alias' && { aliasOf: written.of }) };
    if (written.kind === 'block' && written.lines === undefined) yield* entriesOf(written.rows, path);
  }
}

/** `vrrp_instance.advert_int` */
export function dotted(path: readonly string[]): string {
  return path.join('.');
}

/** The entry of a whole path, or every entry whose last word this is. */
export function findKeyword(name: string): readonly KeywordEntry[] {
  const whole = keywordEntries().filter(({ path }) => dotted(path) === name);
  if (whole.length > 0) return whole;
  return keywordEntries().filter(({ path }) => path.at(-1) === name || dotted(path).endsWith(`.${name}`));
}

/** Paths that begin like this, by whole path or by their last word. */
export function completeKeyword(beginning: string): readonly string[] {
  return keywordEntries()
    .filter(({ path }) => dotted(path).startsWith(beginning) || path.at(-1)?.startsWith(beginning))
    .map(({ path }) => dotted(path));
}
