import { type Duration, inSeconds, millis, seconds } from '../../../src/lib/duration.ts';
import { type Command, command } from '../../command.ts';
import { block, leaf, type Statement, type ValueKind } from '../../keyword.ts';
import { decimalRange, readDecimal } from '../../numbers.ts';
import { flag, integer, quote } from '../../values.ts';
import { hasDefaultScriptUser, knownUser } from '../../script-user.ts';
import { printUser, type UserWords, userWords } from '../../user-words.ts';
import { weightValue } from '../../weight.ts';

/** A name that is taken as it comes, used before or not. */
export const anyName: ValueKind<{ readonly name: string }> = {
  syntax: 'one name',
  example: 'name',
  read: (statement) => {
    const name = statement.words[1] ?? statement.missing(1);
    return name === undefined ? undefined : { name };
  },
  print: ({ name }) => quote(name),
};

const range = decimalRange(0, 4_294_000, '4294.000', 3);

/** Seconds with up to three decimals; 0 is taken for a whole second. */
const scriptTime: ValueKind<Duration> = {
  syntax: 'seconds, more than 0 and at most 4294',
  example: '2',
  read(statement) {
    const value = readDecimal(statement, 1, range, this.syntax);
    if (value !== 0) return value === undefined ? undefined : millis(value);
    const message = `(${statement.scope.name}): vrrp script ${statement.words[0]} must be greater than 0, setting to 1`;
    statement.report('general-error', message, 1, this.syntax);
    return seconds(1);
  },
  print: (value) => String(inSeconds(value)),
};

/** Without a command nothing is said until the block closes; words after it mean nothing. */
const scriptCommand: ValueKind<Command> = {
  ...command,
  syntax: 'a command in double quotes',
  read(statement) {
    if (statement.words.length < 2 && !/["']/.test(statement.source)) return undefined;
    const read = command.read(statement);
    return read && { written: read.written, argv: read.argv };
  },
};

/** An unknown user is remembered as none: the script goes with it unless a later line names a good one. */
const scriptUser: ValueKind<UserWords | 'unknown'> = {
  ...userWords,
  read(statement) {
    const words = userWords.read(statement);
    if (!words || knownUser(words.user, words.group, statement)) return words;
    const script = statement.scope.values.script as { readonly written: string } | undefined;
    statement.report('general-error', `Unable to set uid/gid for script '${script?.written ?? ''}'`, 1, this.syntax);
    return 'unknown';
  },
  print: (value) => (value === 'unknown' ? undefined : printUser(value)),
};

const count = (keyword: 'rise' | 'fall') =>
  leaf(integer(1, 0x7fffffff), `${keyword === 'rise' ? 'Successes' : 'Failures'} in a row that make a change.`, {
    default: 1,
    invalid: `(%n): vrrp script ${keyword} value '%s' invalid, defaulting to 1`,
    fallback: 1,
  });

/** vrrp_script: a command whose success instances track. */
export const vrrpScript = block(
  anyName,
  'A command run again and again, whose success instances can track.',
  {
    script: leaf(scriptCommand, 'The command. One that begins with < and a path tests that the file can be opened.', {
      otherwise: 'none (required)',
    }),
    interval: leaf(scriptTime, 'Time between runs.', {
      default: seconds(1),
      invalid: "(%n): vrrp script interval '%s' must be between 1 and 4294 - ignoring",
    }),
    timeout: leaf(scriptTime, 'The longest a run may take.', {
      otherwise: 'the interval',
      invalid: "(%n): vrrp script timeout '%s' invalid - ignoring",
    }),
    weight: leaf(
      weightValue({
        maximum: 253,
        invalid: (word, name) => `vrrp_script ${name} weight ${word} must be in [-253, 253]`,
        unknownOption: (option, name) => `vrrp_script ${name} unknown weight option ${option}`,
        keepOutOfRange: true,
        readOn: true,
      }),
      'Change of priority; 0 makes a failure a fault.',
      { otherwise: '0' },
    ),
    rise: count('rise'),
    fall: count('fall'),
    user: leaf(scriptUser, 'Whose rights the command has.', { otherwise: 'script_user' }),
    init_fail: leaf(flag, 'Begins as failed; as in keepalived without effect where an instance tracks the script.'),
  },
  { finish: (scope, statement) => keepScript(scope.name, scope.values, statement) },
);

function keepScript(name: string, values: Record<string, unknown>, statement: Statement): boolean {
  if (values.script === undefined) {
    statement.report('general-error', `No script set for vrrp_script ${name} - removing`);
    return false;
  }
  if (values.user === 'unknown') return false;
  if (values.user === undefined && !hasDefaultScriptUser(statement)) {
    statement.report('general-error', `Unable to set default user for vrrp script ${name} - removing`);
    return false;
  }
  return true;
}
