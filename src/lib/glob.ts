/** The alternatives of `{a,b}` groups, outermost first, as GLOB_BRACE of glob(3) expands them. */
export function expandBraces(pattern: string): string[] {
  const open = pattern.indexOf('{');
  if (open === -1) return [pattern];
  const cuts = [open];
  let depth = 0;
  for (let i = open; i < pattern.length; i++) {
    const character = pattern[i];
    if (character === '{') depth++;
    else if (character === ',' && depth === 1) cuts.push(i);
    else if (character === '}' && --depth === 0) {
      const [head, tail] = [pattern.slice(0, open), pattern.slice(i + 1)];
      const ends = [...cuts.slice(1), i];
      return cuts.flatMap((cut, n) => expandBraces(head + pattern.slice(cut + 1, ends[n]) + tail));
    }
  }
  return [pattern];
}

/** Whether a pattern (without braces) stands for more than itself. */
export function hasWildcard(pattern: string): boolean {
  return /(^|[^\\])[*?[]/.test(pattern);
}

/** What a pattern without wildcards names: backslashes protect the character after them. */
export function unescapePattern(pattern: string): string {
  return pattern.replace(/\\(.)/gs, '$1');
}

/**
 * Tests one path component against `*`, `?`, `[a-z]`, `[!a]`, `[[:digit:]]` and backslash escapes (glob(7)). A leading
 * dot must be written out.
 */
export function componentMatcher(pattern: string): (name: string) => boolean {
  const expression = new RegExp(`^${translate(pattern)}$`, 'su');
  const showsHidden = pattern.startsWith('.') || pattern.startsWith('\\.');
  return (name) => (showsHidden || !name.startsWith('.')) && expression.test(name);
}

const classes: ReadonlyMap<string, string> = new Map([
  ['alnum', 'A-Za-z0-9'],
  ['alpha', 'A-Za-z'],
  ['blank', ' \\t'],
  ['digit', '0-9'],
  ['lower', 'a-z'],
  ['punct', '!-\\/:-@\\[-`\\{-~'],
  ['space', '\\s'],
  ['upper', 'A-Z'],
  ['xdigit', 'A-Fa-f0-9'],
]);

/** `[...]`: a `]` right after the beginning is a member. */
const bracketed = /^\[([!^]?)(\]?(?:\[:[a-z]+:\]|\\.|[^\]])*)\]/s;

function translate(pattern: string): string {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] as string;
    if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if (character === '\\' && i + 1 < pattern.length) source += quote(pattern[++i] as string);
    else if (character === '[') {
      const set = bracketed.exec(pattern.slice(i));
      if (set?.[2]) {
        source += `[${set[1] ? '^' : ''}${translateSet(set[2])}]`;
        i += set[0].length - 1;
      } else source += '\\[';
    } else source += quote(character);
  }
  return source;
}

/** A class, a range or a single character after the other; a range that ends before it begins has no members. */
function translateSet(members: string): string {
  const parts = /\[:([a-z]+):\]|\\?(.)-\\?(.)|\\?(.)/gsu;
  return members.replace(parts, (_, name?: string, first?: string, last?: string, single?: string) => {
    if (name !== undefined) return classes.get(name) ?? '';
    if (first === undefined || last === undefined) return quoteMember(single as string);
    return first <= last ? `${quoteMember(first)}-${quoteMember(last)}` : '';
  });
}

function quoteMember(character: string): string {
  return /[\\\][^-]/.test(character) ? `\\${character}` : character;
}

function quote(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}
