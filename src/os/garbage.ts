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

export interface Tidying {
  /** Bytes in use, of which more are left alone: that would take too long where others wait. */
  readonly largest?: number;
  /** Done before. */
  readonly before?: () => void;
  /** Whether nobody needs this process for a while; otherwise the garbage is left to the engine. */
  readonly mayPause?: () => boolean;
}

/** Collects the garbage that a start or a reload leaves, a second after it and once for several. */
export function tidyLater({
  largest = Number.POSITIVE_INFINITY,
  before = () => {},
  mayPause = () => true,
}: Tidying): void {
  if (tidying !== undefined) return;
  tidying = setTimeout(() => {
    tidying = undefined;
    before();
    if (getHeapStatistics().used_heap_size < largest && mayPause()) collectGarbage();
  }, TIDY_AFTER_MILLISECONDS).unref();
}
