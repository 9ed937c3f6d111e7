import type { Place } from './source-line.ts';

/** Where a word stands; columns are known only where the line is as it was written. */
export interface WordPlace extends Place {
  /** From 1. */
  readonly column?: number;
  readonly length?: number;
}

/**
 * Where the words of a configuration stand, for checks that are made after reading and still want to point at a line.
 * Kept only by who asks for it: a large file has many words.
 */
export class PlaceIndex {
  readonly #byBlock = new WeakMap<object, Map<string, WordPlace>>();
  readonly #headers: { readonly block: string; readonly values: object; readonly place: WordPlace }[] = [];

  /** Notes a keyword of the block that `values` belongs to; the last one written counts. */
  note(values: object, keyword: string, place: WordPlace): void {
    const places = this.#byBlock.get(values) ?? new Map<string, WordPlace>();
    this.#byBlock.set(values, places.set(keyword, place));
  }

  /** Notes the line that opens a block. */
  noteBlock(block: string, values: object, place: WordPlace): void {
    this.#headers.push({ block, values, place });
  }

  /** Every block read, in the order they were opened. */
  get blocks(): readonly { readonly block: string; readonly values: object; readonly place: WordPlace }[] {
    return this.#headers;
  }

  /** The keywords noted in a block. */
  keywords(values: object): ReadonlyMap<string, WordPlace> {
    return this.#byBlock.get(values) ?? new Map();
  }
}
