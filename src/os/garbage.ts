import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Collects all garbage now, which takes some ten milliseconds. The engine itself waits until half as much again is in use:
 * a process that now and then reads a whole configuration would keep the largest it ever needed.
 */
function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }
  collect();
}

const TIDY_AFTER_MILLISECONDS = 1000;

let tidying: NodeJS.Timeout | undefined;

/**
 * Collects the garbage that a start or a reload leaves, a second after it and once for several, with `also` before it. A heap
 * of more than `largest` bytes in use is left alone: that would take too long where others wait.
 */
export function tidyLater(largest = Number.POSITIVE_INFINITY, also: () => void = () => {}): void {
  if (tidying !== undefined) return;
  tidying = setTimeout(() => {
    tidying = undefined;
    also();
    if (getHeapStatistics().used_heap_size < largest) collectGarbage();
  }, TIDY_AFTER_MILLISECONDS).unref();
}
