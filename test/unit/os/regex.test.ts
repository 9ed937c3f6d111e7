import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRegex } from '../../../src/os/regex.ts';

const log: string[] = [];
const compile = openRegex(({ message }) => void log.push(message));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function search(
  pattern: string,
  subject: string,
  options: readonly string[] = [],
  from = 0,
): number | undefined | string {
  const compiled = compile(pattern, options);
  return typeof compiled === 'string' ? compiled : compiled.search(text(subject), from);
}

const missing = search('a', 'a') === 0 ? false : 'this system has no libpcre2-8';

test('offsets of matches', { skip: missing }, () => {
  assert.equal(search('b+', 'aabb'), 2);
  assert.equal(search('b+', 'aabb', [], 3), 3);
  assert.equal(search('c', 'aabb'), undefined);
  assert.equal(search('', ''), 0);
  assert.equal(search('a', 'a', [], 9), undefined);
});

test('the options of PCRE2, and what JavaScript would not know', { skip: missing }, () => {
  assert.equal(search('HELLO', 'hello', ['caseless']), 0);
  assert.equal(search('a.b', 'a\nb'), undefined);
  assert.equal(search('a.b', 'a\nb', ['dotall']), 0);
  assert.equal(search('^b', 'a\nb', ['multiline']), 2);
  assert.equal(search('a b # c', 'ab', ['extended']), 0);
  assert.equal(search('^(?>a+)b$', 'aab'), 0);
  assert.equal(search('^a++a', 'aaa'), undefined);
  assert.equal(search('^\\w$', 'é', ['utf', 'ucp']), 0);
  assert.equal(search('^..$', 'é'), 0);
});

test('a pattern that needs more stack than compiled code has is matched all the same', { skip: missing }, () => {
  assert.equal(search('^(a|b)*c', `${'ab'.repeat(200_000)}c`), 0);
});

test('a wrong pattern is logged once', { skip: missing }, () => {
  assert.equal(search('(a', 'a'), 'missing closing parenthesis');
  assert.equal(search('(a', 'a'), 'missing closing parenthesis');
  assert.deepEqual(log, ["Invalid regex '(a': missing closing parenthesis"]);
});
