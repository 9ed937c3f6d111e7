import { escaped, reportUnclosed, splitQuoted } from '../../command.ts';
import { leaf, type Scope, type Statement, type ValueKind } from '../../keyword.ts';
import { flag } from '../../values.ts';

/** PCRE2's compile options by keepalived's names. */
const regexOptions = [
  'allow_empty_class',
  'alt_bsux',
  'auto_callout',
  'caseless',
  'dollar_endonly',
  'dotall',
  'dupnames',
  'extended',
  'firstline',
  'match_unset_backref',
  'multiline',
  'never_ucp',
  'never_utf',
  'no_auto_capture',
  'no_auto_possess',
  'no_dotstar_anchor',
  'no_start_optimize',
  'ucp',
  'ungreedy',
  'utf',
  'never_backslash_c',
  'alt_circumflex',
  'alt_verbnames',
  'use_offset_limit',
] as const;

const pattern: ValueKind<string> = {
  syntax: 'one pattern of PCRE2, quoted like a command, backslashes doubled',
  example: '"ok"',
  read(statement) {
    const split = splitQuoted(statement.source, true);
    if (split.unclosed !== undefined) return reportUnclosed(statement, statement.source, split.unclosed);
    const [, ...words] = split.words;
    const [word] = words;
    if (words.length !== 1 || word === undefined) {
      return statement.refuse('regex missing or too many fields', 0, this.syntax);
    }
    const before = statement.scope.values.regex;
    if (before !== undefined) {
      statement.report('general-error', `Duplicate regex specified - replacing ${before} with ${word}`, 1);
    }
    return word;
  },
  print: (value) => `"${escaped(value)}"`,
};

const options: ValueKind<readonly string[]> = {
  syntax: 'options of PCRE2',
  example: 'caseless',
  read({ words, scope }) {
    const known: readonly string[] = regexOptions;
    const before = (scope.values.regex_options ?? []) as readonly string[];
    return [...new Set([...before, ...words.slice(1).filter((word) => known.includes(word))])];
  },
  print: (words) => (words.length === 0 ? undefined : words.join(' ')),
};

/** A place in the body; what is no number is said in the log and counts as 0. */
const offset: ValueKind<number> = {
  syntax: 'a place in the body in bytes',
  example: '100',
  read(statement) {
    const [keyword, word] = statement.words;
    if (word !== undefined && /^\s*\+?\d+$/.test(word)) return Number(word);
    statement.log(word === undefined ? `${keyword} missing` : `Invalid ${keyword} ${word} specified`);
    return 0;
  },
  print: String,
};

const stack: ValueKind<{ readonly start: number; readonly maximum: number }> = {
  syntax: 'start and largest size in bytes',
  example: '32 512',
  read(statement) {
    const [, start, maximum] = statement.words;
    if (start === undefined || maximum === undefined) {
      statement.log('regex_stack requires start and max values');
      return undefined;
    }
    if (!/^\+?\d+$/.test(start) || !/^\+?\d+$/.test(maximum)) {
      statement.log(`Invalid regex_stack ${start} ${maximum} specified`);
      return undefined;
    }
    if (Number(start) <= Number(maximum)) return { start: Number(start), maximum: Number(maximum) };
    statement.log('regex stack start cannot exceed max value');
    return undefined;
  },
  print: ({ start, maximum }) => `${start} ${maximum}`,
};

export const regexRows = {
  regex: leaf(pattern, 'Pattern that the body must match.', { otherwise: 'none' }),
  regex_no_match: leaf(flag, 'The body must not match.'),
  regex_options: leaf(options, 'How to compile the pattern.', { otherwise: 'none' }),
  regex_min_offset: leaf(offset, 'First place in the body where a match may begin.', { default: 0 }),
  regex_max_offset: leaf(offset, 'Last place in the body where a match may begin.', { otherwise: 'none' }),
  regex_stack: leaf(stack, 'Stack that matching may use.', { otherwise: 'none' }),
};

/** Options of a pattern that is not there, or that leave no place for a match, are dropped with a word in the log. */
export function settleRegex({ values }: Scope, statement: Statement): void {
  const { regex, regex_min_offset: minimum = 0, regex_max_offset: maximum } = values;
  if (regex === undefined && Object.keys(regexRows).some((keyword) => values[keyword] !== undefined)) {
    statement.log('regex parameters specified without regex');
    for (const keyword of Object.keys(regexRows)) delete values[keyword];
  } else if (maximum !== undefined && (minimum as number) >= (maximum as number)) {
    statement.log('regex min offset is not less than regex max offset - ignoring both');
    delete values.regex_min_offset;
    delete values.regex_max_offset;
  }
}
