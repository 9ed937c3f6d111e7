import assert from 'node:assert/strict';
import { test } from 'node:test';
import { root } from '../../../grammar/blocks/root.ts';
import type { Block, Row, Rows } from '../../../grammar/keyword.ts';

type AnyBlock = Block<object, Rows>;

function* allRows(
  path: string,
  table: AnyBlock,
): Generator<{ path: string; row: Row; table: AnyBlock; block: string }> {
  const block = path.split('/').at(-1) ?? '';
  for (const [keyword, row] of Object.entries(table.rows)) {
    yield { path: `${path}/${keyword}`, row, table, block };
    if (row.kind === 'block') yield* allRows(`${path}/${keyword}`, row as AnyBlock);
  }
}

const rows = [...allRows('', root as unknown as AnyBlock)];

test('every keyword has one sentence and a syntax', () => {
  assert.ok(rows.length > 150);
  for (const { path, row } of rows) {
    if (row.kind === 'alias') continue;
    assert.match(row.documentation, /^[A-Z].*\.$/, path);
    if (row.kind === 'leaf') assert.notEqual(row.value.syntax, '', path);
  }
});

test('aliases and old spellings lead to keywords of the same block', () => {
  for (const { path, row, table } of rows) {
    const target = row.kind === 'alias' ? row.of : row.kind === 'leaf' ? row.deprecated?.instead : undefined;
    if (target !== undefined) assert.match(table.rows[target]?.kind ?? 'none', /^(leaf|block)$/, path);
  }
});
