import { setFlagsFromString } from 'node:v8';

/**
 * From here on nothing is compiled for many repetitions. The engine does that in a thread beside this one and with memory of its
 * own; for a start or a reload with thousands of virtual servers it is as much again as that itself. What is still used after
 * {@link optimise} is compiled then. Parts of the program are to be loaded before: the engine does not take what was compiled at
 * the build for a process with other flags.
 */
export function postponeOptimising(): void {
  setFlagsFromString('--no-opt');
}

/** The start or the reload is over, or it turns out to be long. */
export function optimise(): void {
  setFlagsFromString('--opt');
}
