import type { PlaceIndex, WordPlace } from '../config/places.ts';

type Block = PlaceIndex['blocks'][number];

/** How far back a line may lie from the opening of its block, in blocks. */
const REACH = 64;

/** Finds the blocks that messages speak of, and those around a line, in files of any size. */
export class BlockFinder {
  readonly #places: PlaceIndex;
  readonly #byName = new Map<string, Block>();
  readonly #byFile = new Map<string, Block[]>();

  constructor(places: PlaceIndex) {
    this.#places = places;
    for (const block of places.blocks) {
      const name = blockName(block.values);
      if (name !== '' && !this.#byName.has(name)) this.#byName.set(name, block);
      const { file } = block.place;
      const known = this.#byFile.get(file);
      if (known) known.push(block);
      else this.#byFile.set(file, [block]);
    }
  }

  /** A check made after reading names its block in brackets, and often the keyword: that is where it is about. */
  placeOf(message: string): WordPlace | undefined {
    const found = this.#named(message);
    if (!found) return undefined;
    const mentioned = new Set(message.split(/[^A-Za-z0-9_]+/));
    for (const [keyword, place] of this.#places.keywords(found.values)) if (mentioned.has(keyword)) return place;
    return found.place;
  }

  /** Keywords of the blocks opened at or before a line, the nearest first. */
  before({ file = '', line = 0 }: Partial<WordPlace>): readonly string[] {
    const blocks = this.#byFile.get(file) ?? [];
    let low = 0;
    let high = blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((blocks[middle] as Block).place.line <= line) low = middle + 1;
      else high = middle;
    }
    return blocks
      .slice(Math.max(0, low - REACH), low)
      .reverse()
      .map(({ block }) => block);
  }

  #named(message: string): Block | undefined {
    const [, bracketed] = /^\(([^()]+)\)/.exec(message) ?? [];
    const [, address, port] = /\[([0-9A-Fa-f.:]+)\]:\w+:(\d+)/.exec(message) ?? [];
    const names = [bracketed, `${address} ${port}`, ...message.split(/[\s:',]+/)];
    for (const name of names) {
      const found = name === undefined ? undefined : this.#byName.get(name);
      if (found) return found;
    }
    return undefined;
  }
}

/** The name of a block as messages say it. */
export function blockName(values: object): string {
  const { name } = values as { readonly name?: unknown };
  if (typeof name === 'string') return name;
  if (typeof name !== 'object' || name === null) return '';
  const { kind, fwmark, group, endpoint } = name as Readonly<Record<string, unknown>>;
  if (kind === 'fwmark') return `fwmark ${fwmark}`;
  if (kind === 'group') return `group ${group}`;
  const { address, port } = (endpoint ?? {}) as { readonly address?: string; readonly port?: number };
  return `${address} ${port}`;
}
