import { type Brace, type Item, parseLine, type Statement } from '../../grammar/parser.ts';
import type { SourceLine } from './source-line.ts';
import type { VirtualServer } from './types.ts';

/** A whole block that an earlier reading has seen. */
export interface KnownBlock {
  readonly kind: 'known';
  readonly server: VirtualServer;
}

export type Piece = Item | KnownBlock;

/** Statements and braces one after another, each with the line it stands on. */
export interface Cursor {
  /** Line of the item last taken. */
  readonly line: SourceLine | undefined;
  take(): Piece | undefined;
  /** Looks at the next item without taking it; `line` stays. */
  peek(): Piece | undefined;
  /** Line of the item that `peek` showed. */
  readonly nextLine: SourceLine | undefined;
  /** The item last taken is the first of its line. */
  readonly first: boolean;
  /** It is the last of its line. */
  readonly last: boolean;
}

export function cursorOver(lines: Iterator<SourceLine>): Cursor {
  let items: readonly Piece[] = [];
  let at = 0;
  let itemsLine: SourceLine | undefined;
  let line: SourceLine | undefined;
  const fill = (): Piece | undefined => {
    while (at >= items.length) {
      const next = lines.next();
      if (next.done) return undefined;
      itemsLine = next.value;
      const { known } = next.value;
      items = known ? [{ kind: 'known', server: known }] : parseLine(next.value.text);
      at = 0;
    }
    return items[at];
  };
  return {
    get line() {
      return line;
    },
    take() {
      const item = fill();
      if (item) {
        at++;
        line = itemsLine;
      }
      return item;
    },
    peek: fill,
    get nextLine() {
      return itemsLine;
    },
    get first() {
      return at === 1 && line === itemsLine;
    },
    get last() {
      return at === items.length && line === itemsLine;
    },
  };
}

export type { Brace, Item, Statement };
