import { type Command, command } from '../../command.ts';
import { block, leaf, nothing, type Scope, type Statement, type ValueKind } from '../../keyword.ts';
import { hasDefaultScriptUser, knownUser } from '../../script-user.ts';
import { printUser, readUser, type UserWords } from '../../user-words.ts';
import { flag, wholeSeconds } from '../../values.ts';
import { scheduleRows } from './connection.ts';

/** Whose rights the command has; one that does not exist takes the whole check away. */
const user: ValueKind<UserWords> = {
  syntax: 'a user, then optionally a group; a colon before the group, or alone, asks for supplementary groups',
  example: 'nobody',
  read(statement) {
    const words = readUser(statement);
    const path = statement.scope.values.misc_path as Command | undefined;
    const script = path ? `'${path.written}'` : '';
    if (!words) {
      return statement.refuse(`No user specified for misc checker script ${script}`, 0, this.syntax);
    }
    if (knownUser(words.user, words.group, statement)) return words;
    const message = `Failed to set uid/gid for misc checker script ${script} - removing`;
    statement.report('general-error', message, 1, this.syntax);
    statement.scope.facts.set('removed', true);
    return undefined;
  },
  print: printUser,
};

function finish(scope: Scope, statement: Statement): boolean {
  if (scope.facts.has('removed')) return false;
  const script = scope.values.misc_path as Command | undefined;
  if (!script) {
    statement.report('general-error', 'No script path has been specified for MISC_CHECKER - skipping');
    return false;
  }
  if (scope.values.user !== undefined || hasDefaultScriptUser(statement)) return true;
  statement.report('general-error', `Unable to set default user for misc script '${script.written}' - removing`);
  return false;
}

export const miscCheck = block(
  nothing,
  'Health check by a command.',
  {
    ...scheduleRows,
    misc_path: leaf(command, 'What to run; `</path` asks whether the file can be opened.', {
      otherwise: 'none (required)',
      missing: '',
    }),
    misc_timeout: leaf(wholeSeconds(0, 4294), 'Longest run; 0 is the delay_loop of the service.', {
      otherwise: '0 (delay_loop of the service)',
      invalid: "Invalid misc_timeout value '%s'",
    }),
    misc_dynamic: leaf(flag, 'Exit statuses from 2 to 255 set the weight to two less.'),
    user: leaf(user, 'User and group of the command.', { otherwise: 'script_user default' }),
  },
  { finish },
);
