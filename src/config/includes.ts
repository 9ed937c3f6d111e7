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

/**
 * Reads an `include` line, which may be written with a check letter; a bare `include` has `plain` checks, and with
 * `everything` (`-e`) no letter takes any away.
 */
export function parseInclude(line: string, plain: IncludeCheck, everything: boolean): Include | undefined {
  const match = /^[ \t]*include([rmwba]?)[ \t\f\v]+(.*)$/.exec(line);
  const pattern = match?.[2]?.trim();
  if (!match || !pattern) return undefined;
  const lettered = match[1] ? checksOf[match[1]] : undefined;
  return { pattern, check: (lettered && everything ? fullIncludeCheck : lettered) ?? plain };
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
  /** What is wrong, if anything; of wildcards that match nothing only a check for it wants to hear. */
  readonly missing?: { readonly problem: IncludeProblem; readonly message: string };
}

const wildcard = /[*?[]/;

/**
 * The files that `pattern` stands for. What is missing, in keepalived's words: a name without wildcards, one of the names
 * in braces, or any match of the wildcards.
 */
export function findMatches(pattern: string, directory: string, environment: ConfigEnvironment): Matches {
  const alternatives = expandBraces(pattern);
  const names: string[] = [];
  let nameMissing = false;
  for (const alternative of alternatives) {
    const path = joinPath(directory, alternative);
    const found = alternative === '' ? [] : environment.glob(path);
    if (found.length === 0) nameMissing ||= lacksName(path, environment);
    const shown = alternative.startsWith('/') ? found : found.map((path) => relativeTo(directory, path));
    names.push(...shown);
  }
  const problem = whatIsMissing(pattern, alternatives.length > 1, names.length > 0, nameMissing);
  return { names, ...(problem && { missing: problem }) };
}

/** Whether it is a name that is not there, be it a directory's, and not a match of wildcards. */
function lacksName(path: string, environment: ConfigEnvironment): boolean {
  const slash = path.lastIndexOf('/');
  const directory = path.slice(0, slash);
  if (directory === '' || environment.glob(`${directory}/.`).length > 0) return !wildcard.test(path.slice(slash));
  return lacksName(directory, environment);
}

function whatIsMissing(pattern: string, braces: boolean, someFound: boolean, nameMissing: boolean): Matches['missing'] {
  if (nameMissing && someFound) return { problem: 'braceMatch', message: `Some config files missing: "${pattern}".` };
  if (nameMissing) {
    return { problem: braces ? 'braceMatch' : 'match', message: `Config files missing '${pattern}'.` };
  }
  return someFound ? undefined : { problem: 'wildcardMatch', message: `No config files matched '${pattern}'.` };
}

function relativeTo(directory: string, path: string): string {
  const prefix = directory === '/' ? '/' : `${directory}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}
