import type { Instant } from './duration.ts';

interface Entry<K> {
  readonly key: K;
  readonly at: Instant;
  /** Of equal deadlines the one set first comes first. */
  readonly order: number;
}

/**
 * At most one deadline a key, the earliest first. Replaced entries stay in the heap until they surface, which makes
 * `set` and `delete` cheap for timers that are mostly re-armed before they expire.
 */
export class DeadlineHeap<K> {
  readonly #heap: Entry<K>[] = [];
  readonly #current = new Map<K, Entry<K>>();
  #order = 0;

  /** Replaces the key's deadline; undefined removes it. */
  set(key: K, at: Instant | undefined): void {
    const before = this.#current.get(key);
    if (at === undefined) {
      this.#current.delete(key);
      return;
    }
    if (before?.at === at) return;
    const entry = { key, at, order: this.#order++ };
    this.#current.set(key, entry);
    this.#push(entry);
    if (this.#heap.length > 64 && this.#heap.length > 4 * this.#current.size) this.#compact();
  }

  delete(key: K): void {
    this.#current.delete(key);
  }

  /** The earliest deadline. */
  earliest(): Instant | undefined {
    this.#dropStale();
    return this.#heap[0]?.at;
  }

  /** Whose the earliest deadline is. */
  first(): K | undefined {
    this.#dropStale();
    return this.#heap[0]?.key;
  }

  /** Removes and returns the key of the earliest deadline that is not after `now`. */
  takeDue(now: Instant): K | undefined {
    this.#dropStale();
    const top = this.#heap[0];
    if (top === undefined || top.at > now) return undefined;
    this.#pop();
    this.#current.delete(top.key);
    return top.key;
  }

  #dropStale(): void {
    for (let top = this.#heap[0]; top !== undefined && this.#current.get(top.key) !== top; top = this.#heap[0])
      this.#pop();
  }

  #compact(): void {
    this.#heap.length = 0;
    for (const entry of this.#current.values()) this.#push(entry);
  }

  #push(entry: Entry<K>): void {
    const heap = this.#heap;
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as Entry<K>;
      if (!isBefore(entry, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (let child = this.#earlierChild(i); child !== undefined; child = this.#earlierChild(i)) {
      const below = heap[child] as Entry<K>;
      if (!isBefore(below, last)) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = last;
  }

  #earlierChild(i: number): number | undefined {
    const left = 2 * i + 1;
    const [first, second] = [this.#heap[left], this.#heap[left + 1]];
    if (first === undefined) return undefined;
    return second !== undefined && isBefore(second, first) ? left + 1 : left;
  }
}

function isBefore<K>(a: Entry<K>, b: Entry<K>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
