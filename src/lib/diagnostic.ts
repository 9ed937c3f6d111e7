/**
 * The class of a complaint about the configuration, in keepalived's order. The numerically largest class seen decides
 * the exit status of a configuration test, so a mere warning hides a fatal error.
 */
export const configClasses = [
  'ok',
  'file-not-found',
  'bad-interface',
  'fatal',
  'multiple-files',
  'unknown-keyword',
  'unexpected-open-brace',
  'missing-open-brace',
  'unexpected-close-brace',
  'missing-close-brace',
  'unmatched-quote',
  'missing-parameter',
  'invalid-number',
  'general-error',
  'warning',
  'deprecated',
  'security-error',
] as const;

export type ConfigClass = (typeof configClasses)[number];

/**
 * keepalived reads a configuration once in each process, in this order, and each passes over the blocks of the others by
 * counting braces.
 */
export const configReaders = ['parent', 'checker', 'vrrp', 'bfd'] as const;

export type ConfigReader = (typeof configReaders)[number];

/** One complaint about the configuration, placed in the user's own file. */
export interface Diagnostic {
  readonly class: ConfigClass;
  /** keepalived's wording where scripts may look for it. */
  readonly message: string;
  /** Absent when the complaint belongs to no line (checks made after reading). */
  readonly file?: string;
  readonly line?: number;
  /** Column of the offending word, from 1, and its length; absent when only the line is known. */
  readonly column?: number;
  readonly length?: number;
  /** The text stood in the value of a macro, which was defined there; `file` and `line` are where it was used. */
  readonly definition?: { readonly name: string; readonly file: string; readonly line: number };
  /** The include that brought the file in. */
  readonly includedFrom?: { readonly file: string; readonly line: number };
  /** What would have been right, in the words of the keyword table. */
  readonly expected?: string;
  /** First word of the statement that it is about. */
  readonly keyword?: string;
  /** Of an unknown keyword: the keyword of the block it stands in, empty outside of blocks. */
  readonly within?: string;
  /** An ordinary log line: shown in a real run, invisible to a configuration test and without weight in its status. */
  readonly logOnly?: boolean;
  /** The processes that come upon it; absent: the parent alone. */
  readonly readers?: readonly ConfigReader[];
}

/**
 * The exit status of a configuration test: 0 for no complaint, 4 when the gravest recorded class is a missing file, a
 * bad interface or a fatal error, 6 for a security error, 5 otherwise.
 */
export function testExitStatus(diagnostics: Iterable<Diagnostic>): number {
  let largest = 0;
  for (const diagnostic of diagnostics) {
    if (!diagnostic.logOnly) largest = Math.max(largest, configClasses.indexOf(diagnostic.class));
  }
  if (largest === 0) return 0;
  if (largest <= configClasses.indexOf('fatal')) return 4;
  return largest === configClasses.indexOf('security-error') ? 6 : 5;
}
