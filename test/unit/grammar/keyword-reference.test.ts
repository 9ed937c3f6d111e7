import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { dotted, findKeyword, type KeywordEntry, keywordEntries } from '../../../grammar/keyword-entries.ts';
import { factsOf, meaningOf } from '../../../src/report/explain.ts';
import { projectRoot } from '../../support/machine.ts';

const lines = readFileSync(new URL('../../../../test/vectors/keywords.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const known = new Map(keywordEntries().map((entry) => [dotted(entry.path), entry]));

/** A path whose block goes by another name in the tables. */
function bySpelling(path: string): string {
  const [block = '', ...rest] = path.split('.');
  return [known.get(block)?.aliasOf ?? block, ...rest].join('.');
}

test('every keyword that keepalived has is in the tables, at its place', () => {
  const absent = lines.filter((line) => !line.includes(':') && !known.has(line) && !known.has(bySpelling(line)));
  assert.deepEqual(absent, []);
});

test('every word of its list entries is documented with the list', () => {
  const absent: string[] = [];
  for (const line of lines.filter((text) => text.includes(':'))) {
    const [path = '', words = ''] = line.split(': ');
    // Of a block that has no keywords its lines are the list.
    const lists = findKeyword(path).map(({ row }) => (row.kind === 'block' ? (row.rows[row.lines ?? ''] ?? row) : row));
    for (const list of lists) {
      assert.equal(list.kind, 'list', path);
      const documented = new Set(Object.keys(list.kind === 'list' ? (list.entry.words ?? {}) : {}));
      for (const word of words.split(' ')) if (!documented.has(word)) absent.push(`${path} ${word}`);
    }
    if (lists.length === 0) absent.push(path);
  }
  assert.deepEqual(absent, []);
});

test('every keyword tells its syntax, its default and its meaning', () => {
  for (const entry of keywordEntries()) {
    const facts = new Map(factsOf(entry));
    assert.ok(meaningOf(entry).length > 10, dotted(entry.path));
    assert.ok((facts.get('Syntax')?.[0] ?? '') !== '', dotted(entry.path));
    if (entry.row.kind === 'leaf') assert.ok(facts.has('Default'), dotted(entry.path));
  }
});

/** Rows that no part of the program reads, and why. */
const unread: Readonly<Record<string, string>> = {
  'virtual_server.hashed': 'keepalived has no use for it either',
  'virtual_server.ip_family': 'settled while its value is read',
};

test('every row is read by some part of the program', () => {
  const sources = readdirSync(`${projectRoot}/src/config`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/^(written|print)-/.test(file))
    .map((file) => readFileSync(`${projectRoot}/src/config/${file}`, 'utf8'));
  const grammar = readdirSync(`${projectRoot}/grammar`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`${projectRoot}/grammar/${file}`, 'utf8'));
  const text = sources.join('\n');
  const rules = grammar.join('\n');
  const isRead = ({ path, row, aliasOf }: KeywordEntry): boolean => {
    if (aliasOf !== undefined || (row.kind === 'leaf' && (row.deprecated || row.admit))) return true;
    const keyword = path.at(-1) as string;
    const name = keyword.replace(/[-]/g, '\\-');
    // By name from what was read, or by a rule of the tables that looks at its value; one that admits values acts on them.
    return new RegExp(`\\b${name}\\b`).test(text) || new RegExp(`values(\\.|\\[')${name}\\b`).test(rules);
  };
  const found = keywordEntries().filter((entry) => !isRead(entry));
  assert.deepEqual(found.map(({ path }) => dotted(path)).sort(), Object.keys(unread).sort());
});
