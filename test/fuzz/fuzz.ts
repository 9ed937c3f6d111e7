import { assertMutant, mutantOf, parents } from '../support/config-fuzz.ts';

/*
 * npm run fuzz               mutants for ten minutes, from a seed that is printed
 * npm run fuzz -- 42         mutant 42 alone, shown and judged
 * npm run fuzz -- 42 60      mutants from 42 on, for a minute
 */

const DEFAULT_SECONDS = 600;
const PROGRESS = 10_000;

const [first, seconds] = process.argv.slice(2).map(Number);
const texts = parents();

if (first !== undefined && seconds === undefined) {
  process.stdout.write(`${mutantOf(first, texts)}\n`);
  assertMutant(first, texts);
} else {
  const start = first ?? Math.floor(Math.random() * 2 ** 31);
  process.stdout.write(`mutants from ${start} on\n`);
  const end = performance.now() + (seconds ?? DEFAULT_SECONDS) * 1000;
  let seed = start;
  let failures = 0;
  for (; performance.now() < end; seed++) {
    try {
      assertMutant(seed, texts);
    } catch (error) {
      failures++;
      process.stdout.write(`mutant ${seed}: ${String((error as Error).cause).split('\n')[0]}\n`);
    }
    if ((seed - start) % PROGRESS === PROGRESS - 1) process.stdout.write(`${seed - start + 1}\n`);
  }
  process.stdout.write(`${seed - start} mutants, ${failures} failures\n`);
  process.exitCode = failures === 0 ? 0 : 1;
}
