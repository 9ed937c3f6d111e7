import { type Brace, type Item, parseLine, type Statement } from '../../grammar/parser.ts';
import type { SourceLine } from './source-line.ts';

/** Statements and braces one after another, each with the line it stands on. */
export interface Cursor {
  /** Line of the item last taken. */
  readonly line: SourceLine | undefined;
  take(): Item | undefined;
  /** Looks at the next item without taking it; `line` stays. */
  peek(): Item | undefined;
  /** Line of the item that `peek` showed. */
  readonly nextLine: SourceLine | undefined;
}

export function cursorOver(lines: Iterator<SourceLine>): Cursor {
  let items: readonly Item[] = [];
  let at = 0;
  let itemsLine: SourceLine | undefined;
  let line: SourceLine | undefined;
  const fill = (): Item | undefined => {
    while (at >= items.length) {
      const next = lines.next();
      if (next.done) return undefined;
      itemsLine = next.value;
      items = parseLine(next.value.text);
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
  };
}

export type { Brace, Item, Statement };
