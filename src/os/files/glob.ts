import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { componentMatcher, expandBraces, hasWildcard, unescapePattern } from '../../lib/glob.ts';

/**
 * Paths that `pattern` names: braces, `*`, `?`, `[]` and backslash escapes as glob(7) has them, each alternative's
 * matches in byte order as glob(3) sorts in the C locale. Directories that cannot be read count as empty.
 */
export function glob(pattern: string): string[] {
  return expandBraces(pattern).flatMap((alternative) => matches(alternative).sort(byBytes));
}

function matches(pattern: string): string[] {
  const components = pattern.split('/');
  let paths = [''];
  components.forEach((component, i) => {
    const last = i === components.length - 1;
    const separator = last ? '' : '/';
    if (component === '') {
      if (!last) paths = paths.map((path) => `${path}/`);
      return;
    }
    if (!hasWildcard(component)) {
      const name = unescapePattern(component);
      paths = paths.map((path) => path + name).filter((path) => !last || exists(path));
      paths = paths.map((path) => path + separator);
      return;
    }
    const matcher = componentMatcher(component);
    const found = paths.flatMap((path) =>
      names(path || '.')
        .filter(matcher)
        .map((name) => path + name),
    );
    paths = last ? found : found.filter(isDirectory).map((path) => path + separator);
  });
  return paths.filter((path) => path !== '');
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function names(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function exists(path: string): boolean {
  return statusOf(lstatSync, path) !== undefined;
}

function isDirectory(path: string): boolean {
  return statusOf(statSync, path)?.isDirectory() === true;
}

/** What may not be looked at counts as absent, too. */
function statusOf(look: (path: string) => Stats, path: string): Stats | undefined {
  try {
    return look(path);
  } catch {
    return undefined;
  }
}
