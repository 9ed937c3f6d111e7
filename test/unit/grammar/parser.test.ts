import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { grammarReader } from '../../../grammar/line-grammar.ts';
import { parseLine } from '../../../grammar/parser.ts';
import { plainItems } from '../../../grammar/plain-line.ts';

/** Words in brackets, braces as they are. */
function shape(line: string): string {
  return parseLine(line)
    .map((item) => (item.kind === 'statement' ? `[${item.texts.join('|')}]` : item.kind === 'open' ? '{' : '}'))
    .join(' ');
}

test('words are separated by every kind of white space', () => {
  assert.equal(shape(' a\tb\f c\v\rd  '), '[a|b|c|d]');
  assert.equal(shape('   '), '');
});

test('braces split a line wherever they stand', () => {
  assert.equal(shape('name{'), '[name] {');
  assert.equal(shape('a { b } c'), '[a] { [b] } [c]');
  assert.equal(shape('}}{'), '} } {');
});

test('double quotes begin and end words anywhere, know no escapes and protect everything', () => {
  assert.equal(shape('a"b c"d'), '[a|b c|d]');
  assert.equal(shape('x "" "{ # }"'), '[x||{ # }]');
  assert.equal(shape('"a\\"{b"'), '[a\\] { [b]');
  assert.equal(shape("'a b'"), "['a|b']");
});

test('a missing closing quote takes the rest of the line with it', () => {
  const [statement] = parseLine('foo "abc {');
  assert.ok(statement?.kind === 'statement');
  assert.deepEqual(statement.texts, ['foo']);
  assert.equal(statement.unmatchedQuote, true);
});

test('words know where they stand, statements what they were written as', () => {
  const [statement] = parseLine('  script  "a b"  user {');
  assert.ok(statement?.kind === 'statement');
  assert.deepEqual(statement.words[1], { text: 'a b', offset: 10, length: 5 });
  assert.equal(statement.source, 'script  "a b"  user');
});

test('every text has a reading that loses no word character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const line = text.replace(/[\n"]/g, '');
      const words = parseLine(line).flatMap((item) => (item.kind === 'statement' ? item.texts : []));
      assert.equal(words.join(''), line.replace(/[ \t\f\r\v{}]/g, ''));
    }),
  );
});

test('lines without quotes are read as the grammar reads them', () => {
  const byGrammar = grammarReader();
  const character = fc.oneof(fc.constantFrom(...' \t\f\n\r\v{}ab'), fc.string({ unit: 'grapheme', maxLength: 1 }));
  fc.assert(
    fc.property(fc.array(character), (characters) => {
      const text = characters.join('').replaceAll('"', '');
      assert.deepEqual(plainItems(text), byGrammar(text));
    }),
    { numRuns: 1000 },
  );
});
