import { distance } from 'fastest-levenshtein';

const NEAR = 3;

/** The candidate that somebody who wrote `word` probably meant: at most three letters away, and fewer where it is short. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.min(NEAR, Math.ceil(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const steps = distance(word.toLowerCase(), candidate.toLowerCase());
    if (steps < least) [best, least] = [candidate, steps];
  }
  return best;
}
