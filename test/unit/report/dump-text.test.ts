import assert from 'node:assert/strict';
import { test } from 'node:test';
import { micros } from '../../../src/lib/duration.ts';
import { secondsShort } from '../../../src/report/dump-text.ts';

test('seconds are printed as %g of printf(3) prints them', () => {
  const printed: readonly (readonly [microseconds: number, text: string])[] = [
    [0, '0'],
    [1, '1e-06'],
    [99, '9.9e-05'],
    [100, '0.0001'],
    [10_000, '0.01'],
    [1_234_567, '1.23457'],
    [999_999_000_000, '999999'],
    [1_000_000_000_000, '1e+06'],
  ];
  for (const [span, text] of printed) assert.equal(secondsShort(micros(span)), text);
});
