import { setFlagsFromString } from 'node:v8';

const SETTLING_MILLISECONDS = 1000;

let asked = false;

/**
 * Turns the engine's optimising compiler on. The launcher starts every process without (`--no-opt`): nearly all that runs at a
 * start is done once, and compiling it well takes longer than running it.
 */
export function optimise(): void {
  setFlagsFromString('--opt');
}

/** The same in a second, when the start is over. */
export function optimiseSoon(): void {
  if (asked) return;
  asked = true;
  setTimeout(optimise, SETTLING_MILLISECONDS).unref();
}
