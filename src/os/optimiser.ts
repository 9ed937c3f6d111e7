import { setFlagsFromString } from 'node:v8';

/**
 * From here on nothing is compiled for many repetitions. The engine does that in a thread beside this one and with memory of its
 * own; for a start or a reload with thousands of virtual servers it is as much again as that itself. What is still used after
 * {@link optimise} is compiled then.
 */
export function postponeOptimising(): void {
  setFlagsFromString('--no-opt');
}

/** The start or the reload is over, or it turns out to be long. */
export function optimise(): void {
  setFlagsFromString('--opt');
}
