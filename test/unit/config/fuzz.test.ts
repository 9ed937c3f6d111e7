import { test } from 'node:test';
import { assertMutant, parents } from '../../support/config-fuzz.ts';

const MUTANTS = 10_000;

test(`${MUTANTS} mutants of good and bad configurations are judged, and those in force read back from their print`, () => {
  const texts = parents();
  for (let seed = 1; seed <= MUTANTS; seed++) assertMutant(seed, texts);
});
