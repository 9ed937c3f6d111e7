import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { componentMatcher } from '../../../src/lib/glob.ts';

const matching = (pattern: string, ...names: string[]): string[] => names.filter(componentMatcher(pattern));

test('brackets hold characters, ranges and classes, or all but these', () => {
  assert.deepEqual(matching('[a-c]x', 'ax', 'cx', 'dx'), ['ax', 'cx']);
  assert.deepEqual(matching('*[!~]', 'a.conf', 'a.conf~', '~'), ['a.conf']);
  assert.deepEqual(matching('[&~|]', '&', '~', '|', 'a'), ['&', '~', '|']);
  assert.deepEqual(matching('[[:digit:]-]*', '5', '-a', 'a'), ['5', '-a']);
  assert.deepEqual(matching('[]a]', ']', 'a', 'b'), [']', 'a']);
  assert.deepEqual(matching('[^]a]', ']', 'a', 'b'), ['b']);
  assert.deepEqual(matching('[a', '[a', 'a'), ['[a']);
});

test('a backslash in brackets protects, and a range may be empty', () => {
  assert.deepEqual(matching('[\\a\\]]', 'a', ']', '\\'), ['a', ']']);
  assert.deepEqual(matching('[z-a]', 'z', 'm', 'a', '-'), []);
  assert.deepEqual(matching('[z-ab]', 'z', 'b'), ['b']);
});

test('a leading dot is written out', () => {
  assert.deepEqual(matching('*', 'a', '.a'), ['a']);
  assert.deepEqual(matching('.*', 'a', '.a'), ['.a']);
});

test('no pattern is too odd', () => {
  const odd = fc.string({ unit: fc.constantFrom(...'[]!^-\\*?a:z{}~&|.') });
  fc.assert(fc.property(odd, odd, (pattern, name) => typeof componentMatcher(pattern)(name) === 'boolean'));
});
