import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { command, splitQuoted } from '../../../grammar/command.ts';

test('both quotes join with what they touch', () => {
  assert.deepEqual(splitQuoted(`a"b c"'d e'f g`, true), { words: ['ab cd ef', 'g'] });
  assert.deepEqual(splitQuoted(`'' ""`, true), { words: ['', ''] });
});

test('escapes are resolved only when asked for, but always hide what follows', () => {
  assert.deepEqual(splitQuoted('a\\ b \\"c', false), { words: ['a\\ b', '\\"c'] });
  assert.deepEqual(splitQuoted('a\\ b \\"c', true), { words: ['a b', '"c'] });
  assert.deepEqual(splitQuoted('\\x41\\x4\\101\\7\\cA\\n\\E\\q', true), { words: ['A\x04A\x07\x01\n\x1bq'] });
});

test('an open quote and a last backslash are found', () => {
  assert.deepEqual(splitQuoted("a 'b", true), { words: ['a', 'b'], unclosed: "'" });
  assert.deepEqual(splitQuoted('a\\', true), { words: [], danglingBackslash: true });
});

test('a printed command splits into the same words', () => {
  const ascii = fc.string({ unit: fc.integer({ min: 1, max: 0x7f }).map((code) => String.fromCharCode(code)) });
  fc.assert(
    fc.property(fc.array(ascii, { minLength: 1 }), (argv) => {
      const printed = command.print({ written: '', argv }) as string;
      assert.match(printed, /^"[^"#!${}\n]*"$/);
      const outer = splitQuoted(`notify ${printed}`, false);
      assert.equal(outer.words.length, 2);
      assert.deepEqual(splitQuoted(outer.words[1] as string, true).words, argv);
    }),
  );
});
