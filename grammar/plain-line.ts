export interface Word {
  readonly text: string;
  /** Offset in the logical line, from 0, and length as written. */
  readonly offset: number;
  readonly length: number;
}

/** Words up to the end of the line or the next brace. */
export interface Statement {
  readonly kind: 'statement';
  readonly words: readonly Word[];
  /** The same words as text only. */
  readonly texts: readonly string[];
  /** The statement as written: command keywords split it again by rules of their own. */
  readonly source: string;
  /** A closing quote is missing; the words after the opening one are lost. */
  readonly unmatchedQuote: boolean;
}

export interface Brace {
  readonly kind: 'open' | 'close';
  readonly offset: number;
}

export type Item = Statement | Brace;

const tab = 9;
const carriageReturn = 13;
const space = 32;
const openBrace = 123;
const closeBrace = 125;

/**
 * The statements and braces of a logical line without quotes, which nearly every line is: what the grammar comes to in that
 * case, at a fraction of its cost.
 */
export function plainItems(text: string): Item[] {
  const items: Item[] = [];
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isBrace(code)) {
      items.push({ kind: code === openBrace ? 'open' : 'close', offset: at });
      at++;
    } else if (isBlank(code)) at++;
    else {
      const words = plainWords(text, at);
      const last = words.at(-1) as Word;
      const end = last.offset + last.length;
      const source = text.slice(at, end).trimEnd();
      items.push({ kind: 'statement', words, texts: words.map((word) => word.text), source, unmatchedQuote: false });
      at = end;
    }
  }
  return items;
}

/**
 * The words from `start`, where one begins, up to the next brace. A list that grows has room for many more than a line has, so it
 * is found first how many there are.
 */
function plainWords(text: string, start: number): Word[] {
  let count = 0;
  for (let at = start; at < text.length; at = wordStart(text, wordEnd(text, at))) {
    if (isBrace(text.charCodeAt(at))) break;
    count++;
  }
  const words = new Array<Word>(count);
  let offset = start;
  for (let i = 0; i < count; i++) {
    const end = wordEnd(text, offset);
    words[i] = { text: text.slice(offset, end), offset, length: end - offset };
    offset = wordStart(text, end);
  }
  return words;
}

function wordStart(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at;
}

function wordEnd(text: string, start: number): number {
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (isBlank(code) || isBrace(code)) break;
  }
  return end;
}

function isBrace(code: number): boolean {
  return code === openBrace || code === closeBrace;
}

/** Space, or one of tab, line feed, vertical tab, form feed and carriage return. */
function isBlank(code: number): boolean {
  return code === space || (code >= tab && code <= carriageReturn);
}
