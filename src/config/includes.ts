import type { IncludeCheckChange, IncludeProblem } from '../../grammar/keyword.ts';
import { expandBraces } from '../lib/glob.ts';
import type { ConfigEnvironment } from './environment.ts';

/** Which problems of an include count: unreadable files, no match, a wildcard or one alternative without match. */
export interface IncludeCheck {
  readonly read: boolean;
  readonly match: boolean;
  readonly wildcardMatch: boolean;
  readonly braceMatch: boolean;
}

export const noIncludeCheck: IncludeCheck = { read: false, match: false, wildcardMatch: false, braceMatch: false };
export const fullIncludeCheck: IncludeCheck = { read: true, match: true, wildcardMatch: true, braceMatch: true };
export const mainFileCheck: IncludeCheck = { read: true, match: true, wildcardMatch: true, braceMatch: false };

const checksOf: Readonly<Record<string, IncludeCheck | undefined>> = {
  r: { ...noIncludeCheck, read: true },
  m: { ...noIncludeCheck, read: true, match: true },
  w: { ...noIncludeCheck, read: true, match: true, wildcardMatch: true },
  b: { ...noIncludeCheck, read: true, braceMatch: true },
  a: fullIncludeCheck,
};

/** What include_check makes of what counted before. */
export function changeIncludeCheck(check: IncludeCheck, { replaces, add, remove }: IncludeCheckChange): IncludeCheck {
  const changed = { ...(replaces ? noIncludeCheck : check) };
  for (const problem of add) changed[problem] = true;
  for (const problem of remove) changed[problem] = false;
  return changed;
}

export interface Include {
  readonly pattern: string;
  readonly check: IncludeCheck;
}

/** Reads an `include` line, which may be written with a check letter; a bare `include` has `plain` checks. */
export function parseInclude(line: string, plain: IncludeCheck): Include | undefined {
  const match = /^[ \t]*include([rmwba]?)[ \t\f\v]+(.*)$/.exec(line);
  const pattern = match?.[2]?.trim();
  if (!match || !pattern) return undefined;
  return { pattern, check: (match[1] && checksOf[match[1]]) || plain };
}

/** `path` seen from `directory`, without `.`, `..` and doubled slashes: one file has one such path. */
export function joinPath(directory: string, path: string): string {
  const whole = path.startsWith('/') ? path : `${directory}/${path}`;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The directory of `path`, or `directory` itself when the name has no slash. */
export function directoryOf(path: string, directory: string): string {
  const slash = path.lastIndexOf('/');
  if (slash === -1) return directory;
  return joinPath(directory, path.slice(0, slash) || '/');
}

export interface Matches {
  /** As an operator would name them: relative when the pattern was. */
  readonly names: readonly string[];
  /** What is wrong, if anything: it counts if the check has one of them. */
  readonly missing?: readonly IncludeProblem[];
  readonly missingPattern?: string;
}

export function findMatches(pattern: string, directory: string, environment: ConfigEnvironment): Matches {
  const alternatives = expandBraces(pattern);
  const names: string[] = [];
  let missingPattern: string | undefined;
  for (const alternative of alternatives) {
    const found = environment.glob(joinPath(directory, alternative));
    if (found.length === 0) missingPattern ??= alternative;
    const shown = alternative.startsWith('/') ? found : found.map((path) => relativeTo(directory, path));
    names.push(...shown);
  }
  if (missingPattern === undefined) return { names };
  const ofBraces: readonly IncludeProblem[] = alternatives.length > 1 ? ['braceMatch'] : [];
  if (names.length > 0) return { names, missing: ofBraces, missingPattern };
  return { names, missing: [/[*?[]/.test(pattern) ? 'wildcardMatch' : 'match', ...ofBraces], missingPattern: pattern };
}

function relativeTo(directory: string, path: string): string {
  const prefix = directory === '/' ? '/' : `${directory}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}
