import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { completeKeyword, dotted, findKeyword, keywordEntries } from '../../../grammar/keyword-entries.ts';
import { printConfManual } from '../../../src/report/conf-manual.ts';
import { exampleOf, printExplanation } from '../../../src/report/explain.ts';
import { printKeywordReference } from '../../../src/report/keyword-reference.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { fakeConfigEnvironment } from '../../fakes/config-environment.ts';

test('a keyword is found by its path, by the end of it, or by its name', () => {
  assert.deepEqual(
    findKeyword('vrrp_instance.advert_int').map(({ path }) => dotted(path)),
    ['vrrp_instance.advert_int'],
  );
  assert.equal(findKeyword('advert_int').length, 1);
  assert.ok(findKeyword('delay_loop').length > 2);
  assert.deepEqual(findKeyword('no_such_keyword'), []);
});

test('paths are completed from either end', () => {
  assert.ok(completeKeyword('vrrp_instance.adv').includes('vrrp_instance.advert_int'));
  assert.ok(completeKeyword('advert_i').includes('vrrp_instance.advert_int'));
});

test('every keyword has a sentence, a syntax, and an explanation', () => {
  for (const entry of keywordEntries()) {
    assert.match(entry.row.documentation, /^[A-Z`].*\.$/s, dotted(entry.path));
    assert.ok(printExplanation(entry).length > 3, dotted(entry.path));
  }
});

test('every example of a single keyword is read without an unknown keyword or a refused value', () => {
  for (const entry of keywordEntries()) {
    const example = entry.row.kind === 'leaf' ? exampleOf(entry) : undefined;
    if (!example) continue;
    const environment = fakeConfigEnvironment({ 'keepalived.conf': example.join('\n') });
    const options = { configId: 'a', test: true, includeCheck: false };
    const { diagnostics } = loadConfig('/etc/keepalived/keepalived.conf', environment, options);
    const bad = diagnostics.filter(({ class: rule }) =>
      ['unknown-keyword', 'invalid-number', 'missing-parameter'].includes(rule),
    );
    assert.deepEqual(bad, [], dotted(entry.path));
  }
});

test('docs/keywords.md is what the tables say', () => {
  const written = readFileSync(new URL('../../../../docs/keywords.md', import.meta.url), 'utf8');
  assert.equal(`${printKeywordReference()}\n`, written, 'run `npm run docs`');
});

test('the manual page names every block and escapes what troff would read', () => {
  const manual = printConfManual();
  for (const { path, row, aliasOf } of keywordEntries()) {
    if (row.kind === 'block' && row.lines === undefined && aliasOf === undefined)
      assert.ok(manual.includes(`.SH ${dotted(path).toUpperCase()}`), dotted(path));
  }
  for (const line of manual.split('\n')) assert.ok(!/^'/.test(line), line);
});
