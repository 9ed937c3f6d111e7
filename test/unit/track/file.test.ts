import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFileValue } from '../../../src/track/file.ts';

test('a tracked file begins with a number as strtol(3) reads it', () => {
  const cases: [string, number | undefined][] = [
    ['', 0],
    ['junk', 0],
    ['10\n', 10],
    ['  5 x', 5],
    [' +02', 2],
    ['010', 8],
    ['0x10', 16],
    ['-0x10', -16],
    ['-254\n', -254],
    ['08', 0],
    ['2147483648', 2_147_483_648],
    ['-2147483649', -2_147_483_649],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9223372036854775808', undefined],
    ['-99999999999999999999', undefined],
  ];
  for (const [text, value] of cases) assert.equal(readFileValue(text), value, JSON.stringify(text));
});
