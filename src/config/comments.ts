/** A line without its comment; `unterminated` when its double quotes do not pair. */
export interface Uncommented {
  readonly text: string;
  readonly unterminated: boolean;
}

/**
 * Removes a `#` or `!` comment, which may begin in the middle of a word but not inside double quotes. Outside quotes
 * `\#` and `\!` stand for the bare character; every other backslash pair is left alone, and so is everything inside
 * quotes, where `\"` does not end the quoted part.
 */
export function stripComment(line: string): Uncommented {
  if (!/[#!"\\]/.test(line)) return { text: line, unterminated: false };
  let text = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i] as string;
    if (character === '\\' && i + 1 < line.length) {
      const next = line[++i] as string;
      text += !quoted && (next === '#' || next === '!') ? next : character + next;
      continue;
    }
    if (!quoted && (character === '#' || character === '!')) break;
    if (character === '"') quoted = !quoted;
    text += character;
  }
  return { text, unterminated: quoted };
}

const otherBlank = /[\u0085\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]/;
const otherBlanks = new RegExp(otherBlank.source, 'g');

export function hasUnicodeBlank(text: string): boolean {
  return otherBlank.test(text);
}

/**
 * Turns every Unicode blank that stands where a blank may stand into a space, column for column: text pasted from web
 * pages is full of no-break spaces. Double-quoted text is the user's own and stays.
 */
export function normaliseBlanks(line: string): string {
  if (!line.includes('"')) return line.replace(otherBlanks, ' ');
  return line
    .split('"')
    .map((part, i) => (i % 2 === 0 ? part.replace(otherBlanks, ' ') : part))
    .join('"');
}
