import type { Block, Leaf, List, Rows } from '../../grammar/keyword.ts';

/** What a block holds, by keyword; absent and undefined alike mean not set. */
export type Values = Readonly<Record<string, unknown>>;

const indentation = '    ';

/**
 * Values as text that reads back to the same values: keywords in the order of the table, then the inner blocks in the
 * order of their `sequence`. Outside of blocks lists stand after those of a negative sequence, which settle what their
 * entries may name.
 */
export function printBlock(rows: Rows, values: Values, depth = 0): string[] {
  const indent = indentation.repeat(depth);
  const lines: string[] = [];
  const outerLists: string[] = [];
  const blocks: Inner[] = [];
  for (const [keyword, row] of Object.entries(rows)) {
    const value = values[keyword];
    if (value === undefined || row.kind === 'alias') continue;
    if (row.kind === 'leaf') lines.push(...printLeaf(keyword, row, value, indent));
    else if (row.kind === 'block') blocks.push(...contentsOf(row, value).map((one) => ({ keyword, row, values: one })));
    else {
      const place = depth === 0 ? outerLists : lines;
      place.push(...printList(keyword, row, value as readonly unknown[], indent));
    }
  }
  blocks.sort((a, b) => sequenceOf(a.values) - sequenceOf(b.values));
  const settling = blocks.filter((block) => sequenceOf(block.values) < 0);
  const others = blocks.filter((block) => sequenceOf(block.values) >= 0);
  const print = (block: Inner) => printInner(block, depth);
  return [...lines, ...settling.flatMap(print), ...outerLists, ...others.flatMap(print)];
}

/** A block inside of the one that is printed. */
interface Inner {
  readonly keyword: string;
  readonly row: AnyBlock;
  readonly values: Values;
}

function printInner({ keyword, row, values }: Inner, depth: number): string[] {
  const indent = indentation.repeat(depth);
  const header = row.header.print(values);
  const contents =
    row.lines === undefined ? printBlock(row.rows, values, depth + 1) : printEntries(row, row.lines, values, indent);
  return [`${indent}${[keyword, header].filter((word) => word !== '').join(' ')} {`, ...contents, `${indent}}`];
}

function printEntries(row: AnyBlock, name: string, contents: Values, indent: string): string[] {
  const { entry } = row.rows[name] as List<unknown>;
  const entries = ((contents[name] ?? []) as readonly unknown[]).map((one) => entry.print(one));
  return entries.filter((line) => line !== undefined).map((line) => `${indent}${indentation}${line}`);
}

type AnyBlock = Block<object, Rows>;

function contentsOf(row: AnyBlock, value: unknown): readonly Values[] {
  return row.merge ? [value as Values] : (value as readonly Values[]);
}

function sequenceOf(values: Values): number {
  return (values.sequence as number | undefined) ?? 0;
}

function printLeaf(keyword: string, row: Leaf<unknown>, value: unknown, indent: string): string[] {
  if (row.repeats && Array.isArray(value) && value.length > 1) {
    return value.flatMap((element: unknown) => printLeaf(keyword, row, [element], indent));
  }
  const words = row.value.print(value);
  if (words === undefined) return [];
  return [`${indent}${words === '' ? keyword : `${keyword} ${words}`}`];
}

function printList(keyword: string, row: List<unknown>, entries: readonly unknown[], indent: string): string[] {
  const lines = entries.map((entry) => row.entry.print(entry)).filter((line) => line !== undefined);
  if (lines.length === 0) return [];
  return [`${indent}${keyword} {`, ...lines.map((line) => `${indent}${indentation}${line}`), `${indent}}`];
}
